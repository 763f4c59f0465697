import type { Random } from "@playhead/exact-math";
import type { DriveOptions, Scenario } from "../options.ts";

/** One hard braking of the lead vehicle, and what the driver behind makes of it. */
export interface BrakingPlan {
  /** Earliest time after the story's last turn, s. */
  readonly afterS: number;
  /** m/s² */
  readonly deceleration: number;
  /** Speed at which the lead vehicle lets go of the brake, m/s. */
  readonly lowSpeed: number;
  /** How long it stays that slow, s. */
  readonly holdS: number;
  /** How long the driver behind does not look, s. */
  readonly reactionS: number;
}

/** One pedestrian who crosses ahead. */
export interface CrossingPlan {
  /** Earliest time after the braking, s. */
  readonly afterS: number;
  /** The side that they come from: 1 left, −1 right. */
  readonly side: 1 | -1;
  /** m/s */
  readonly walkingSpeed: number;
  /** Room that is left behind the driver's stopping distance, m. */
  readonly margin: number;
  readonly reactionS: number;
}

/** What the seed decides about those who drive, before anybody moves. Distances in m, speeds in m/s. */
export interface DrivePlan {
  readonly durationS: number;
  readonly scenario: Scenario;
  /** Heading of the road at the start, rad from east to the left. */
  readonly heading: number;
  /** Greatest curvature, 1/m. */
  readonly greatestCurvature: number;
  readonly startSpeed: number;
  readonly startGap: number;
  readonly headwayS: number;
  readonly leadSpeed: number;
  /** Slow changes of the lead vehicle's speed: how much, over which period (s), from which phase (rad). */
  readonly swing: { readonly speed: number; readonly periodS: number; readonly phase: number };
}

/** Draws what the drive will be about. */
export function planDrive(options: DriveOptions, random: Random): DrivePlan {
  const calm = options.scenario === "cruising";
  const speed = random.uniform(15.2, 17.6);
  return {
    durationS: options.durationS,
    scenario: options.scenario,
    heading: random.uniform(-3, 3),
    greatestCurvature: 1 / random.uniform(260, 420),
    startSpeed: speed,
    startGap: calm ? random.uniform(33, 40) : random.uniform(22.5, 26),
    headwayS: calm ? random.uniform(1.7, 2) : random.uniform(1.05, 1.2),
    leadSpeed: speed,
    swing: {
      speed: random.uniform(0.4, 0.9),
      periodS: random.uniform(14, 22),
      phase: random.uniform(0, 6.28),
    },
  };
}

/** Draws the next braking; `first` comes earlier in a short drive. */
export function planBraking(plan: DrivePlan, random: Random, first: boolean): BrakingPlan {
  const share = random.uniform(0.22, 0.28);
  return {
    afterS: first ? Math.min(plan.durationS, 30) * share : random.uniform(4, 8),
    deceleration: random.uniform(6.2, 7.8),
    lowSpeed: random.uniform(1.5, 4.5),
    holdS: random.uniform(0.6, 1.4),
    reactionS: random.uniform(1.2, 1.45),
  };
}

/** Draws the next crossing. */
export function planCrossing(random: Random): CrossingPlan {
  return {
    afterS: random.uniform(13.2, 14.4),
    side: random.uniform() < 0.6 ? -1 : 1,
    walkingSpeed: random.uniform(1.25, 1.65),
    margin: random.uniform(6, 10),
    reactionS: random.uniform(0.5, 0.8),
  };
}
