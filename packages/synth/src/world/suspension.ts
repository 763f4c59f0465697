import type { Random } from "@playhead/exact-math";
import { type Motion, stepS } from "./motion.ts";

/** How far the body is tilted (rad, nose down positive) and how fast that changes (rad/s). */
export interface Pitch {
  readonly angle: number;
  readonly rate: number;
}

/** Natural frequency (rad/s) and damping of the body on its springs; typical values of passenger cars. */
const naturalFrequency = 8.2;
const damping = 0.45;
/** Nose-down angle per deceleration, rad per m/s². */
const divePerBraking = 0.0011;
/** Strength of the road's roughness, rad. */
const roughness = 0.0011;

/** The pitch of the car's body over the drive: a damped spring, moved by the acceleration and by the road. */
export class Suspension {
  readonly #angle: Float64Array;
  readonly #rate: Float64Array;

  constructor(motion: Motion, durationS: number, random: Random) {
    const steps = Math.ceil(durationS / stepS) + 2;
    this.#angle = new Float64Array(steps);
    this.#rate = new Float64Array(steps);
    let angle = 0;
    let rate = 0;
    for (let i = 0; i < steps; i++) {
      this.#angle[i] = angle;
      this.#rate[i] = rate;
      const { acceleration, speed } = motion.at(i * stepS);
      const bump = roughness * Math.min(1, speed / 15) * random.uniform(-3.4, 3.4);
      const target = -divePerBraking * acceleration + bump;
      rate +=
        (naturalFrequency * naturalFrequency * (target - angle) - 2 * damping * naturalFrequency * rate) *
        stepS;
      angle += rate * stepS;
    }
  }

  at(timeS: number): Pitch {
    const place = timeS / stepS;
    const index = Math.max(0, Math.min(Math.floor(place), this.#angle.length - 2));
    const t = place - index;
    return { angle: mix(this.#angle, index, t), rate: mix(this.#rate, index, t) };
  }
}

function mix(values: Float64Array, index: number, t: number): number {
  const from = values[index] ?? 0;
  return from + ((values[index + 1] ?? 0) - from) * t;
}
