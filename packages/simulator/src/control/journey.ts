import type { Engine } from "../engine/engine.ts";
import type { SeekReport } from "./command.ts";
import type { LiveRun, Position } from "./live-run.ts";
import type { Watch } from "./occurrence.ts";
import type { WallClock } from "./wall-clock.ts";

/** Called between slices of the way, also so that others get a turn. False ends the journey where it is. */
export type Steering = () => Promise<boolean>;

/** An event of the run by its number, wherever in time it is. */
const atEvent = (events: number): Position => ({ timeUs: Number.POSITIVE_INFINITY, events });

/**
 * One way of the playhead to another place of the run, without pacing: back to a state that was kept, and forward from there. Where it ends is,
 * to the bit, what playing to that place would have ended in.
 */
export class Journey {
  readonly #run: LiveRun;
  readonly #clock: WallClock;
  readonly #steer: Steering;
  readonly #beganMs: number;
  #start: Pick<SeekReport, "from" | "fromUs">;
  #events = 0;

  constructor(run: LiveRun, clock: WallClock, steer: Steering) {
    this.#run = run;
    this.#clock = clock;
    this.#steer = steer;
    this.#beganMs = clock.nowMs();
    this.#start = { from: "playhead", fromUs: run.engine.nowUs };
  }

  /** Where the last run forward began, µs. */
  get fromUs(): number {
    return this.#start.fromUs;
  }

  report(): SeekReport {
    const { boundMs } = this.#run;
    return { ...this.#start, events: this.#events, ms: this.#clock.nowMs() - this.#beganMs, boundMs };
  }

  /** How long the rest of the way will take at the pace of the way so far, wall-clock ms; +∞ where the target is not known. */
  remainingMs(targetUs: number | undefined): number {
    const { nowUs } = this.#run.engine;
    const doneUs = nowUs - this.#start.fromUs;
    if (targetUs === undefined || doneUs <= 0) return Number.POSITIVE_INFINITY;
    return ((this.#clock.nowMs() - this.#beganMs) / doneUs) * (targetUs - nowUs);
  }

  /** Brings the run to the nearest state at or before a place. */
  async comeBefore(target: Position): Promise<void> {
    const from = await this.#run.comeBefore(target);
    this.#start = { from, fromUs: this.#run.engine.nowUs };
  }

  /** Goes to a place, from wherever the run is. Returns whether it got there. */
  async goTo(target: Position): Promise<boolean> {
    await this.comeBefore(target);
    return await this.#goOnTo(target);
  }

  /** Goes to right after an event of the run; 0 is the run's start. */
  async goToEvent(event: number, startUs: number): Promise<boolean> {
    await this.comeBefore(event === 0 ? { timeUs: startUs, events: 0 } : atEvent(event - 1));
    return event === 0 || (await this.#goOnTo(atEvent(event)));
  }

  async #goOnTo({ timeUs, events }: Position): Promise<boolean> {
    const isBefore = () => this.#run.engine.events < events;
    for (;;) {
      if (!isBefore() && this.#run.engine.nowUs >= timeUs) return true;
      if (!isBefore() && timeUs === Number.POSITIVE_INFINITY) return true;
      if (await this.#slice(timeUs, isBefore)) return true;
      if (isBefore() && !(await this.#steer())) return false;
    }
  }

  /** Runs on until something has happened so often, or up to the time. */
  async find(watch: Watch, count: number, untilUs: number): Promise<"found" | "end" | "stopped"> {
    let left = count;
    const mayGoOn = () => {
      if (watch.happened(this.#run.engine)) left--;
      return left > 0;
    };
    for (;;) {
      const reached = await this.#slice(untilUs, mayGoOn);
      if (left === 0) return "found";
      if (reached) return "end";
      if (!(await this.#steer())) return "stopped";
    }
  }

  /**
   * Looks for an event in which something happened, from the last event backwards: runs the way from each kept state to the next again. Leaves the
   * run anywhere.
   *
   * @param last number of the last event that counts
   * @param count how many times it must have happened from there on backwards
   */
  async findBack(
    watchFrom: (engine: Engine) => Watch,
    count: number,
    last: number,
  ): Promise<number | "none" | "stopped"> {
    let [until, left] = [last, count];
    while (until > 0) {
      await this.comeBefore(atEvent(until - 1));
      const begin = this.#run.engine.events;
      const found = await this.#eventsWith(watchFrom(this.#run.engine), until);
      if (found === undefined) return "stopped";
      const event = found.at(-left);
      if (event !== undefined) return event;
      left -= found.length;
      until = begin;
    }
    return "none";
  }

  /** Numbers of the events up to one in which it happened; undefined where the journey was ended. */
  async #eventsWith(watch: Watch, until: number): Promise<number[] | undefined> {
    const found: number[] = [];
    let looked = this.#run.engine.events;
    const mayGoOn = () => {
      const { events } = this.#run.engine;
      if (events > looked && watch.happened(this.#run.engine)) found.push(events);
      looked = events;
      return events < until;
    };
    while (this.#run.engine.events < until) {
      if (await this.#slice(Number.POSITIVE_INFINITY, mayGoOn)) break;
      if (this.#run.engine.events < until && !(await this.#steer())) return undefined;
    }
    return found;
  }

  /** One slice of running forward; whether it reached the time. */
  async #slice(untilUs: number, mayGoOn: () => boolean): Promise<boolean> {
    const before = this.#run.engine.events;
    const isInSlice = this.#run.slice();
    const reached = await this.#run.advance(untilUs, () => {
      const wanted = mayGoOn();
      return wanted && isInSlice();
    });
    this.#events += this.#run.engine.events - before;
    return reached;
  }
}
