/** A channel's metadata say by it which clock gave its log times: `header`; without, the recorder's. */
export const TIME_KEY = "playhead.time";
