/** What a driver wants. */
export interface DriverCharacter {
  /** Speed on an empty road, m/s. */
  readonly desiredSpeed: number;
  /** Gap in time to the one ahead, s. */
  readonly headwayS: number;
  /** Gap at standstill, m. */
  readonly standstillGap: number;
  /** Greatest acceleration that is used, m/s². */
  readonly acceleration: number;
  /** Deceleration that is felt to be comfortable, m/s². */
  readonly comfortableBraking: number;
}

/** Hardest braking that the road allows, m/s². */
const hardestBraking = 8.6;

/** What is ahead: the gap to it (m) and its speed (m/s). */
export interface Ahead {
  readonly gap: number;
  readonly speed: number;
}

/**
 * The acceleration (m/s²) that a driver chooses by the intelligent driver model (M. Treiber, A. Hennecke, D. Helbing: Congested
 * traffic states in empirical observations and microscopic simulations, 2000), limited to what the road allows.
 */
export function chooseAcceleration(driver: DriverCharacter, speed: number, ahead: Ahead | undefined): number {
  const ratio = speed / driver.desiredSpeed;
  const square = ratio * ratio;
  let wish = 1 - square * square;
  if (ahead) {
    const closing = speed - ahead.speed;
    const comfort = 2 * Math.sqrt(driver.acceleration * driver.comfortableBraking);
    const dynamic = speed * driver.headwayS + (speed * closing) / comfort;
    const target = driver.standstillGap + Math.max(0, dynamic);
    const use = target / Math.max(0.3, ahead.gap);
    wish -= use * use;
  }
  return Math.max(-hardestBraking, wish * driver.acceleration);
}

/** One step of a vehicle that follows a wished acceleration with a first-order lag and never rolls back. */
export class Vehicle {
  distance: number;
  speed: number;
  acceleration = 0;
  readonly #lagS: number;

  constructor(distance: number, speed: number, lagS: number) {
    this.distance = distance;
    this.speed = speed;
    this.#lagS = lagS;
  }

  /** Lets the acceleration follow the wish for the step that comes. */
  command(wish: number, stepS: number): void {
    const next = this.acceleration + ((wish - this.acceleration) * stepS) / this.#lagS;
    this.acceleration = this.speed + next * stepS < 0 ? -this.speed / stepS : next;
  }

  /** Moves by one step. */
  advance(stepS: number): void {
    this.distance += this.speed * stepS + 0.5 * this.acceleration * stepS * stepS;
    this.speed = Math.max(0, this.speed + this.acceleration * stepS);
  }
}
