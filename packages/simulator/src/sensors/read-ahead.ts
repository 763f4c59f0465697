import type { Reading, Recording } from "@playhead/recording";

/** As long as less than this waits, by number and by bytes, the next batch is fetched while the run goes on. */
const WAITING_READINGS = 4096;
const WAITING_BYTES = 8 * 1024 * 1024;

/**
 * Pulls readings from a recording ahead of the run, so that a step finds them in memory and does not wait for the store. Holds what lies up to
 * the time asked for, and beyond that at most what may wait, plus one batch.
 */
export class ReadAhead {
  readonly #batches: AsyncIterator<readonly Reading[]>;
  readonly #abort = new AbortController();
  readonly #queue: Reading[] = [];
  readonly #afterPosition: number;
  #head = 0;
  /** Of the readings that wait. */
  #bytes = 0;
  /** Why no more can be read. */
  #failure: { readonly error: unknown } | undefined;
  /** The batch that is on its way. */
  #fetching: Promise<void> | undefined;
  /** Readings that are no longer in the queue. */
  #dropped = 0;
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

  /**
   * Reads until `covers(timeUs)`.
   *
   * @param woken ends the waiting for what may be long in coming; the next time, it is gone on with
   * @returns whether it came to that
   */
  async fill(timeUs: number, woken?: AbortSignal): Promise<boolean> {
    while (!this.covers(timeUs)) {
      const fetched = this.#fetch();
      if (woken === undefined) await fetched;
      else if (!(await isFirst(fetched, woken))) return false;
    }
    this.#fetchAhead();
    return true;
  }

  /** One batch, the one that is on its way where there is one. What it fails with is told to whoever waits. */
  #fetch(): Promise<void> {
    this.#fetching ??= this.#fetchBatch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetchBatch(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    const next = await this.#batches.next().catch((error: unknown) => {
      this.#failure = { error };
      throw error;
    });
    if (next.done) this.#ended = true;
    else
      for (const reading of next.value)
        if (reading.position > this.#afterPosition) {
          this.#queue.push(reading);
          this.#bytes += reading.raw.length;
        }
  }

  #fetchAhead(): void {
    if (this.#fetching !== undefined || this.#ended || this.#failure !== undefined) return;
    if (this.#queue.length - this.#head >= WAITING_READINGS || this.#bytes >= WAITING_BYTES) return;
    this.#fetch().then(
      () => this.#fetchAhead(),
      () => undefined,
    );
  }

  /** Takes off the next reading at or before the time, which must be covered. */
  take(timeUs: number): Reading | undefined {
    const reading = this.#queue[this.#head];
    if (reading === undefined || reading.timeUs > timeUs) return undefined;
    this.#head++;
    this.#bytes -= reading.raw.length;
    this.#fetchAhead();
    if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue.splice(0, this.#head);
      this.#dropped += this.#head;
      this.#head = 0;
    }
    return reading;
  }

  /** Number of the first reading that was not taken yet; numbers count up from 0. */
  get begin(): number {
    return this.#dropped + this.#head;
  }

  /** The number behind that of the last reading in memory. */
  get end(): number {
    return this.#dropped + this.#queue.length;
  }

  /** The reading with the number, where it is in memory. */
  at(number: number): Reading | undefined {
    return this.#queue[number - this.#dropped];
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

/** Whether something is done before the signal is aborted. Throws what it fails with. */
async function isFirst(done: Promise<void>, signal: AbortSignal): Promise<boolean> {
  let stop = (): void => {};
  const aborted = new Promise<boolean>((resolve) => {
    stop = () => resolve(false);
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([done.then(() => true), aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
