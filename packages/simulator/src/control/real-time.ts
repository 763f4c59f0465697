import type { Unit } from "../engine/unit.ts";
import { type Distribution, Durations } from "./distribution.ts";
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

/**
 * Holds the events of a run against the times at which they were due. Only what a wall clock says: it never enters the run. A run that cannot
 * keep up slows down as a whole (see `Pacer`); lateness counts from the slowed time.
 */
export class RealTime {
  readonly #pacer: Pacer;
  readonly #clock: WallClock;
  readonly #late = new Durations();
  readonly #misses = new Map<string, number>();

  constructor(pacer: Pacer, clock: WallClock) {
    this.#pacer = pacer;
    this.#clock = clock;
  }

  /** An event of this time starts now. */
  starts(timeUs: number): void {
    if (this.#pacer.speed === "max") return;
    this.#late.add(this.#clock.nowMs() - this.#pacer.dueMs(timeUs));
  }

  /** A step of the unit, of this time, has ended now. */
  stepped({ name, rateHz }: Pick<Unit, "name" | "rateHz">, timeUs: number): void {
    if (this.#pacer.speed === "max" || rateHz <= 0) return;
    if (this.#clock.nowMs() > this.#pacer.dueMs(timeUs + 1e6 / rateHz))
      this.#misses.set(name, (this.#misses.get(name) ?? 0) + 1);
  }

  get status(): RealTimeStatus {
    return {
      events: this.#late.count,
      lateMs: this.#late.distribution,
      deadlineMisses: Object.fromEntries(this.#misses),
    };
  }
}
