import type { Body } from "./body.ts";

/** How the own vehicle is and moves. The reference point is the vehicle frame's origin: on the ground below the front bumper. */
export interface EgoState {
  /** World frame: x east, y north, m; heading from east to the left, rad. */
  readonly x: number;
  readonly y: number;
  readonly heading: number;
  /** Distance along the road's centre line, m. */
  readonly station: number;
  /** m/s */
  readonly speed: number;
  /** m/s² along the driven path. */
  readonly acceleration: number;
  /** rad/s, positive to the left. */
  readonly yawRate: number;
  /** Curvature of the driven path, 1/m, positive to the left. */
  readonly curvature: number;
  /** Tilt of the body, rad, nose down positive, and its rate, rad/s. */
  readonly pitch: number;
  readonly pitchRate: number;
}

/** A body as it lies to the own vehicle (vehicle frame: x ahead, y left). */
export interface Thing {
  readonly body: Body;
  /** Centre, m. */
  readonly x: number;
  readonly y: number;
  /** Direction that it faces, rad to the left of the own heading. */
  readonly yaw: number;
  readonly cosYaw: number;
  readonly sinYaw: number;
  /**
   * Velocity over ground minus the own velocity, along the vehicle's axes, m/s. The turning of the axes does not count: what
   * stands still has (−speed, 0) everywhere.
   */
  readonly vx: number;
  readonly vy: number;
  /** Own speed over ground, m/s. */
  readonly speed: number;
  readonly brakeLights: boolean;
  /** Distance walked, m; moves the legs. */
  readonly walked: number;
}

/** The world at one instant, seen from the own vehicle. */
export interface Scene {
  /** Seconds since the start of the drive. */
  readonly timeS: number;
  readonly ego: EgoState;
  /** What is within reach, in the order of the bodies' numbers. */
  readonly things: readonly Thing[];
}
