import type { Reading } from "@playhead/recording";

const BATCH_READINGS = 1024;
const BATCH_BYTES = 4 * 1024 * 1024;

/** Readings that are handed over together: at most 1,024 of them, and no more once they hold 4 MiB. */
export class Batch {
  #readings: Reading[] = [];
  #bytes = 0;

  add(reading: Reading): void {
    this.#readings.push(reading);
    this.#bytes += reading.raw.length;
  }

  get isFull(): boolean {
    return this.#readings.length >= BATCH_READINGS || this.#bytes >= BATCH_BYTES;
  }

  get isEmpty(): boolean {
    return this.#readings.length === 0;
  }

  /** Gives the readings and begins anew. */
  take(): readonly Reading[] {
    const readings = this.#readings;
    this.#readings = [];
    this.#bytes = 0;
    return readings;
  }
}
