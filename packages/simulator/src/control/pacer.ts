import type { Speed } from "./command.ts";

/** A run that lags further than this behind its speed slows down rather than catching up in a burst. */
const LARGEST_LAG_MS = 100;

/**
 * Says which virtual time is due at a wall-clock time, from one anchor, so that pacing has no drift. When the run cannot keep up, the
 * anchor moves: virtual time as a whole goes slower and nothing is skipped.
 */
export class Pacer {
  #speed: Speed = 1;
  #anchorMs = 0;
  #anchorUs = 0;

  get speed(): Speed {
    return this.#speed;
  }

  /** From here on, virtual time runs at the speed from this point. */
  start(speed: Speed, nowMs: number, nowUs: number): void {
    this.#speed = speed;
    this.#anchorMs = nowMs;
    this.#anchorUs = nowUs;
  }

  /** Virtual time that is due, µs; +∞ at full speed. */
  targetUs(nowMs: number): number {
    if (this.#speed === "max") return Number.POSITIVE_INFINITY;
    return this.#anchorUs + (nowMs - this.#anchorMs) * 1000 * this.#speed;
  }

  /** Wall-clock time at which the virtual time is due, ms. */
  dueMs(timeUs: number): number {
    return this.#speed === "max"
      ? Number.NEGATIVE_INFINITY
      : this.#anchorMs + (timeUs - this.#anchorUs) / (1000 * this.#speed);
  }

  /** Wall-clock time until the virtual time is due, ms; not negative. */
  waitMs(nowMs: number, timeUs: number): number {
    return Math.max(0, this.dueMs(timeUs) - nowMs);
  }

  /** Called when all that could be run has been: moves the anchor where the lag is too large. */
  settle(nowMs: number, reachedUs: number): void {
    if (this.#speed === "max") return;
    const lagMs = (this.targetUs(nowMs) - reachedUs) / (1000 * this.#speed);
    if (lagMs > LARGEST_LAG_MS) this.start(this.#speed, nowMs, reachedUs);
  }
}

/** How fast virtual time has been going while the simulation played. */
export class SpeedMeter {
  #playedUs = 0;
  #playedMs = 0;

  add(virtualUs: number, wallMs: number): void {
    this.#playedUs += virtualUs;
    this.#playedMs += wallMs;
  }

  /** Virtual seconds per wall-clock second; 0 before anything was played. */
  get speed(): number {
    return this.#playedMs === 0 ? 0 : this.#playedUs / 1000 / this.#playedMs;
  }

  get wallMs(): number {
    return this.#playedMs;
  }
}
