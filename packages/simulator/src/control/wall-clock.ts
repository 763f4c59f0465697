import { randomBytes } from "node:crypto";
import type { Machine } from "@playhead/wasi";

/** The simulation's window to real time. It paces itself by it and measures with it; no result depends on it. */
export interface WallClock {
  /** Monotonic, ms; only differences count. */
  nowMs(): number;
  /** Resolves after about that time, or at once when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Waits that short time, more exactly than `sleep`; the thread does nothing else meanwhile. */
  pause(ms: number): void;
  /** Lets other work of the process run. */
  yield(): Promise<void>;
}

const NEVER_WOKEN = new Int32Array(new SharedArrayBuffer(4));

/** The machine's own clock. */
export const systemClock: WallClock = {
  nowMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
    }),
  pause: (ms) => {
    Atomics.wait(NEVER_WOKEN, 0, 0, ms);
  },
  yield: () => new Promise((resolve) => setImmediate(resolve)),
};

/** What a unit sees that its configuration grants the machine to, and nobody else: results depend on it. */
export const theMachine: Machine = {
  nowUs: () => Math.floor((performance.timeOrigin + performance.now()) * 1000),
  randomBytes: (length) => new Uint8Array(randomBytes(length)),
};
