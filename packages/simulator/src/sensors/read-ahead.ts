import type { Reading, Recording } from "@playhead/recording";

/**
 * Pulls readings from a recording ahead of the run, so that a step finds them in memory. Holds at most what lies up to the time
 * asked for, plus one batch.
 */
export class ReadAhead {
  readonly #batches: AsyncIterator<readonly Reading[]>;
  readonly #abort = new AbortController();
  readonly #queue: Reading[] = [];
  readonly #afterPosition: number;
  #head = 0;
  #ended = false;

  /**
   * @param afterPosition readings up to this position of the recording are left out
   */
  constructor(
    recording: Recording,
    sensors: readonly number[],
    fromUs: number,
    toUs: number,
    afterPosition = -1,
  ) {
    this.#afterPosition = afterPosition;
    this.#batches = recording
      .read({ fromUs, toUs, sensors, signal: this.#abort.signal })
      [Symbol.asyncIterator]();
  }

  /** Whether all readings up to the time, inclusive, are in memory. */
  covers(timeUs: number): boolean {
    if (this.#ended) return true;
    const last = this.#queue.at(-1);
    return last !== undefined && this.#queue.length > this.#head && last.timeUs > timeUs;
  }

  /** Reads until `covers(timeUs)`. */
  async fill(timeUs: number): Promise<void> {
    while (!this.covers(timeUs)) {
      const next = await this.#batches.next();
      if (next.done) this.#ended = true;
      else
        for (const reading of next.value)
          if (reading.position > this.#afterPosition) this.#queue.push(reading);
    }
  }

  /** Takes off the next reading at or before the time, which must be covered. */
  take(timeUs: number): Reading | undefined {
    const reading = this.#queue[this.#head];
    if (reading === undefined || reading.timeUs > timeUs) return undefined;
    this.#head++;
    if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue.splice(0, this.#head);
      this.#head = 0;
    }
    return reading;
  }

  /** The first reading of the sensor that was not taken yet, at or before the time. O(readings waiting). */
  peekNext(sensor: number, untilUs: number): Reading | undefined {
    for (let at = this.#head; at < this.#queue.length; at++) {
      const reading = this.#queue[at];
      if (reading === undefined || reading.timeUs > untilUs) return undefined;
      if (reading.sensor === sensor) return reading;
    }
    return undefined;
  }

  async close(): Promise<void> {
    this.#abort.abort();
    this.#ended = true;
    this.#queue.length = 0;
    this.#head = 0;
    try {
      await this.#batches.return?.();
    } catch (error) {
      if ((error as { name?: string }).name !== "AbortError") throw error;
    }
  }
}
