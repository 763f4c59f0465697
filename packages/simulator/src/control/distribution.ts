import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

/** Of times in ms. */
export interface Distribution {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Times as they come, and how they are distributed. */
export class Durations {
  /** In µs: histograms count whole numbers. */
  readonly #histogram: RecordableHistogram = createHistogram();

  get count(): number {
    return this.#histogram.count;
  }

  add(ms: number): void {
    this.#histogram.record(Math.max(1, Math.round(ms * 1000)));
  }

  /** All 0 where there are none. */
  get distribution(): Distribution {
    const histogram = this.#histogram;
    const ms = (us: number): number => (histogram.count === 0 ? 0 : us / 1000);
    return {
      mean: ms(histogram.mean),
      p50: ms(histogram.percentile(50)),
      p90: ms(histogram.percentile(90)),
      p99: ms(histogram.percentile(99)),
      max: ms(histogram.max),
    };
  }
}
