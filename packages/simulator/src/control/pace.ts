import { limitUs, type RunRange } from "../engine/run-plan.ts";
import type { Loop, Speed } from "./command.ts";
import { Pacer, SpeedMeter } from "./pacer.ts";
import { RealTime } from "./real-time.ts";
import type { WallClock } from "./wall-clock.ts";

/** How fast a run is to be played and what of it is repeated, and how fast it went. */
export class Pace {
  readonly #clock: WallClock;
  readonly #range: RunRange;
  readonly #pacer = new Pacer();
  /** Over the whole run, and since the pace was last set. */
  readonly whole = new SpeedMeter();
  #recent = new SpeedMeter();
  /** How well the run keeps to the speed. */
  readonly realTime: RealTime;
  #speed: Speed;
  #loop: Loop = "off";

  constructor(clock: WallClock, speed: Speed, range: RunRange) {
    this.#clock = clock;
    this.realTime = new RealTime(this.#pacer, clock);
    this.#speed = speed;
    this.#range = range;
  }

  get speed(): Speed {
    return this.#speed;
  }

  /** Virtual seconds per wall-clock second since the pace was last set. */
  get achievedSpeed(): number {
    return this.#recent.speed;
  }

  get loop(): Loop {
    return this.#loop;
  }

  /** Where playing begins again, and when; undefined where it does not. µs, both inclusive. */
  get round(): { readonly fromUs: number; readonly toUs: number } | undefined {
    if (typeof this.#loop === "object") return this.#loop;
    return this.#loop === "all" ? { fromUs: this.#range.startUs, toUs: this.#range.endUs } : undefined;
  }

  /** The last time to be played, µs. */
  get lastUs(): number {
    return this.round?.toUs ?? limitUs(this.#range);
  }

  setSpeed(speed: Speed): void {
    this.#speed = speed;
  }

  /** Why there can be no such loop; undefined where it holds from now on. */
  setLoop(loop: Loop): string | undefined {
    const { startUs, endUs } = this.#range;
    const { fromUs, toUs } = typeof loop === "object" ? loop : { fromUs: startUs, toUs: endUs };
    if (loop !== "off" && !(startUs <= fromUs && fromUs < toUs && toUs <= endUs))
      return `loop: expected fromUs before toUs within ${startUs} … ${endUs}, found ${fromUs} … ${toUs}`;
    this.#loop = loop;
    return undefined;
  }

  /** From here on virtual time goes at the speed. */
  start(nowUs: number): void {
    this.#recent = new SpeedMeter();
    this.#pacer.start(this.#speed, this.#clock.nowMs(), nowUs);
  }

  /** Virtual time that is due, µs; at most the last that is to be played. */
  dueUs(nowMs: number): number {
    return Math.min(this.lastUs, Math.floor(this.#pacer.targetUs(nowMs)));
  }

  /** Wall-clock time until the virtual time is due, ms. */
  waitMs(timeUs: number): number {
    return this.#pacer.waitMs(this.#clock.nowMs(), timeUs);
  }

  /** Takes in what was played since a wall-clock time; where it lags too far, virtual time as a whole goes slower. */
  played(virtualUs: number, sinceMs: number, nowUs: number): void {
    for (const meter of [this.whole, this.#recent]) meter.add(virtualUs, this.#clock.nowMs() - sinceMs);
    this.#pacer.settle(this.#clock.nowMs(), nowUs);
  }
}
