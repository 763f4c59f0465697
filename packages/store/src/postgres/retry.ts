import { setTimeout as delay } from "node:timers/promises";
import { isLostConnection } from "./postgres-error.ts";

/** Before each new attempt, ms: a server that restarts is back within these 25 s. */
export const DEFAULT_RETRY_DELAYS_MS: readonly number[] = [50, 100, 200, 400, 800, 1600, 3200, 6400, 12_800];

/** Attempts that follow a lost connection. What got on in between begins them anew. */
export class Retry {
  readonly #delaysMs: readonly number[];
  #attempts = 0;

  constructor(delaysMs: readonly number[]) {
    this.#delaysMs = delaysMs;
  }

  /** Called when something was read. */
  progress(): void {
    this.#attempts = 0;
  }

  /** Waits before the next attempt. Throws the error where it is no lost connection, or the attempts are used up. */
  async wait(error: unknown, signal?: AbortSignal): Promise<void> {
    const delayMs = this.#delaysMs[this.#attempts];
    if (delayMs === undefined || !isLostConnection(error)) throw error;
    this.#attempts++;
    try {
      await delay(delayMs, undefined, signal === undefined ? {} : { signal });
    } catch {
      signal?.throwIfAborted();
    }
  }

  /** Does something that reads, again where the connection is lost. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        await this.wait(error, signal);
      }
    }
  }
}
