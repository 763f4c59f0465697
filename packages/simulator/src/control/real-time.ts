import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import type { Unit } from "../engine/unit.ts";
import type { Pacer } from "./pacer.ts";
import type { WallClock } from "./wall-clock.ts";

/** How well a run that is paced has kept to real time. */
export interface RealTimeStatus {
  /** Events whose start was measured. */
  readonly events: number;
  /** How late events started after they were due, ms. */
  readonly lateMs: Distribution;
  /** Steps that ended after the next one of their unit was due, by unit. They are counted, never skipped. */
  readonly deadlineMisses: Readonly<Record<string, number>>;
}

/** Of times in ms. */
export interface Distribution {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * Holds the events of a run against the times at which they were due. Only what a wall clock says: it never enters the run. A run that cannot
 * keep up slows down as a whole (see `Pacer`); lateness counts from the slowed time.
 */
export class RealTime {
  readonly #pacer: Pacer;
  readonly #clock: WallClock;
  /** In µs: histograms count whole numbers. */
  readonly #late: RecordableHistogram = createHistogram();
  readonly #misses = new Map<string, number>();

  constructor(pacer: Pacer, clock: WallClock) {
    this.#pacer = pacer;
    this.#clock = clock;
  }

  /** An event of this time starts now. */
  starts(timeUs: number): void {
    if (this.#pacer.speed === "max") return;
    const lateMs = this.#clock.nowMs() - this.#pacer.dueMs(timeUs);
    this.#late.record(Math.max(1, Math.round(lateMs * 1000)));
  }

  /** A step of the unit, of this time, has ended now. */
  stepped({ name, rateHz }: Pick<Unit, "name" | "rateHz">, timeUs: number): void {
    if (this.#pacer.speed === "max" || rateHz <= 0) return;
    if (this.#clock.nowMs() > this.#pacer.dueMs(timeUs + 1e6 / rateHz))
      this.#misses.set(name, (this.#misses.get(name) ?? 0) + 1);
  }

  get status(): RealTimeStatus {
    const late = this.#late;
    const events = late.count;
    const ms = (us: number): number => (events === 0 ? 0 : us / 1000);
    return {
      events,
      lateMs: {
        mean: ms(late.mean),
        p50: ms(late.percentile(50)),
        p90: ms(late.percentile(90)),
        p99: ms(late.percentile(99)),
        max: ms(late.max),
      },
      deadlineMisses: Object.fromEntries(this.#misses),
    };
  }
}
