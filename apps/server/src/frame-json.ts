import type { Frame } from "@playhead/simulator";

/** What viewers are told of a frame; pictures are fetched when they have changed. Times in µs since the Unix epoch. */
export function frameJson(frame: Frame): object {
  return {
    index: frame.index,
    status: frame.status,
    units: frame.units,
    topics: frame.topics,
    views: frame.views.map(({ name, title, timeUs }) => ({ name, title, timeUs })),
    cameras: [...frame.cameras].map(([name, { timeUs }]) => ({ name, timeUs })),
  };
}
