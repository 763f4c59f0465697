/** Where somebody is along a path, and how fast. */
export interface Progress {
  /** m along the path. */
  readonly distance: number;
  /** m/s along the path. */
  readonly speed: number;
  /** m/s² along the path. */
  readonly acceleration: number;
}

/** Progress over time. Times are seconds since the start of the drive. */
export interface Motion {
  at(timeS: number): Progress;
}

/** Step of the simulated drivers, s. */
export const stepS = 0.01;

/**
 * Motion that was simulated step by step, with a constant acceleration within each step: position and speed at any time follow
 * from it exactly. Before the first and behind the last step it goes on steadily.
 */
export class RecordedMotion implements Motion {
  readonly #distance: Float64Array;
  readonly #speed: Float64Array;
  readonly #acceleration: Float64Array;
  #length = 0;

  constructor(capacity: number) {
    this.#distance = new Float64Array(capacity);
    this.#speed = new Float64Array(capacity);
    this.#acceleration = new Float64Array(capacity);
  }

  /** State at the beginning of the next step, and the acceleration during it. */
  append(distance: number, speed: number, acceleration: number): void {
    this.#distance[this.#length] = distance;
    this.#speed[this.#length] = speed;
    this.#acceleration[this.#length] = acceleration;
    this.#length++;
  }

  at(timeS: number): Progress {
    const place = Math.floor(timeS / stepS);
    const index = Math.max(0, Math.min(place, this.#length - 1));
    const within = timeS - index * stepS;
    const inside = place === index;
    const speed = this.#speed[index] ?? 0;
    const acceleration = inside ? (this.#acceleration[index] ?? 0) : 0;
    return {
      distance: (this.#distance[index] ?? 0) + speed * within + 0.5 * acceleration * within * within,
      speed: speed + acceleration * within,
      acceleration,
    };
  }
}

/** Always the same speed. */
export class SteadyMotion implements Motion {
  readonly #distance: number;
  readonly #speed: number;

  /** `distance` is the place at time 0. */
  constructor(distance: number, speed: number) {
    this.#distance = distance;
    this.#speed = speed;
  }

  at(timeS: number): Progress {
    return { distance: this.#distance + this.#speed * timeS, speed: this.#speed, acceleration: 0 };
  }
}

/** Waits at one place, walks to another at a steady speed, and stays there. */
export class WalkingMotion implements Motion {
  readonly #startS: number;
  readonly #length: number;
  readonly #speed: number;

  constructor(startS: number, length: number, speed: number) {
    this.#startS = startS;
    this.#length = length;
    this.#speed = speed;
  }

  /** When the other place is reached, s. */
  get endS(): number {
    return this.#startS + this.#length / this.#speed;
  }

  at(timeS: number): Progress {
    const walked = (timeS - this.#startS) * this.#speed;
    const moving = walked >= 0 && walked < this.#length;
    return {
      distance: Math.max(0, Math.min(walked, this.#length)),
      speed: moving ? this.#speed : 0,
      acceleration: 0,
    };
  }
}
