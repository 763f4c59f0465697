import type { Reading, Recording } from "@playhead/recording";

/** A recording that is still being written. */
export interface Growing {
  readonly recording: Recording;
  /** Writes so many readings more. */
  grow(readings: number): void;
  /** Writes the rest and finishes it. */
  finish(): void;
}

/** What another recording has, so many readings at first. */
export async function growingRecording(whole: Recording, atFirst: number): Promise<Growing> {
  const all: Reading[] = [];
  for await (const batch of whole.read()) all.push(...batch);
  const state = { there: atFirst, growing: true };
  const wake: (() => void)[] = [];
  const written = (readings: number, growing: boolean): void => {
    state.there = Math.min(all.length, readings);
    state.growing = growing;
    for (const wakeUp of wake.splice(0)) wakeUp();
  };
  const more = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      wake.push(resolve);
    });
  const recording: Recording = {
    ...whole,
    get endUs() {
      return all[state.there - 1]?.timeUs ?? whole.startUs;
    },
    get growing() {
      return state.growing;
    },
    async *read({ fromUs = 0, toUs = Number.POSITIVE_INFINITY, signal } = {}) {
      for (let at = 0; ; at++) {
        while (at >= state.there) {
          if (!state.growing) return;
          await more(signal);
        }
        const reading = all[at];
        if (reading === undefined || reading.timeUs > toUs) return;
        if (reading.timeUs >= fromUs) yield [reading];
      }
    },
    latestAtOrBefore: async (timeUs) => {
      const found = all.slice(0, state.there).findLast((reading) => reading.timeUs <= timeUs);
      return new Map(found === undefined ? [] : [[found.sensor, found]]);
    },
  };
  return {
    recording,
    grow: (readings) => written(state.there + readings, true),
    finish: () => written(all.length, false),
  };
}
