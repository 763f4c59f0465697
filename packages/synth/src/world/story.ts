import { type Random, sin } from "@playhead/exact-math";
import {
  type BrakingPlan,
  type CrossingPlan,
  type DrivePlan,
  planBraking,
  planCrossing,
} from "../plan/drive-plan.ts";
import { type Ahead, chooseAcceleration, type DriverCharacter, Vehicle } from "./driver.ts";
import { type Motion, RecordedMotion, stepS, WalkingMotion } from "./motion.ts";
import { street } from "./road.ts";

/** A pedestrian who crosses the street at a station. */
export interface Crossing {
  readonly station: number;
  /** The side that they come from: 1 left, −1 right. */
  readonly side: 1 | -1;
  /** Along the crossing: from the kerb that they come from to the other pavement. */
  readonly motion: WalkingMotion;
  readonly startS: number;
}

/** Something that happened, for the record. */
export interface StoryEvent {
  readonly timeS: number;
  readonly kind: "braking-start" | "braking-end" | "reaction" | "crossing-start" | "crossing-end";
}

/** How the drive went: distances are stations of the road, of the own front bumper and of the lead vehicle's rear bumper. */
export interface Story {
  readonly ego: Motion;
  readonly lead: Motion;
  readonly crossings: readonly Crossing[];
  readonly events: readonly StoryEvent[];
}

/** Where a crossing pedestrian waits and where they arrive, m from the centre line. */
export const crossingReach = street.kerb + 0.7;
/** How far in front of a pedestrian one stops, m. */
const stopBefore = 4;

/** Plays the drive through: who drives how, who brakes when, who crosses where. */
export function playStory(plan: DrivePlan, random: Random): Story {
  return new StoryTeller(plan, random).play();
}

/** What the story waits for. */
type Phase =
  | { readonly is: "following"; readonly sinceS: number; readonly braking: BrakingPlan }
  | { readonly is: "braking"; readonly sinceS: number; readonly braking: BrakingPlan }
  | { readonly is: "slow"; readonly untilS: number; readonly sinceS: number }
  | { readonly is: "recovering"; readonly sinceS: number; readonly crossing: CrossingPlan }
  | { readonly is: "crossing"; readonly plan: CrossingPlan; readonly crossing: Crossing };

class StoryTeller {
  readonly #plan: DrivePlan;
  readonly #random: Random;
  readonly #ego: Vehicle;
  readonly #lead: Vehicle;
  readonly #crossings: Crossing[] = [];
  readonly #events: StoryEvent[] = [];
  #episode = 0;
  #phase: Phase;
  #inattentiveUntilS = 0;

  constructor(plan: DrivePlan, random: Random) {
    this.#plan = plan;
    this.#random = random;
    this.#ego = new Vehicle(0, plan.startSpeed, 0.15);
    this.#lead = new Vehicle(plan.startGap, plan.leadSpeed, 0.12);
    this.#phase = { is: "following", sinceS: 0, braking: planBraking(plan, random.fork("braking 0"), true) };
  }

  play(): Story {
    const steps = Math.ceil(this.#plan.durationS / stepS) + 2;
    const ego = new RecordedMotion(steps);
    const lead = new RecordedMotion(steps);
    for (let step = 0; step < steps; step++) {
      const timeS = step * stepS;
      if (this.#plan.scenario === "braking") this.#turnPage(timeS);
      this.#lead.command(this.#leadWish(timeS), stepS);
      this.#ego.command(this.#egoWish(timeS), stepS);
      ego.append(this.#ego.distance, this.#ego.speed, this.#ego.acceleration);
      lead.append(this.#lead.distance, this.#lead.speed, this.#lead.acceleration);
      this.#ego.advance(stepS);
      this.#lead.advance(stepS);
    }
    return { ego, lead, crossings: this.#crossings, events: this.#events };
  }

  get #gap(): number {
    return this.#lead.distance - this.#ego.distance;
  }

  /** Goes on to the next phase when its time has come. */
  #turnPage(timeS: number): void {
    const phase = this.#phase;
    switch (phase.is) {
      case "following":
        if (timeS >= phase.sinceS + phase.braking.afterS && this.#gap < 31 && this.#ego.speed > 12) {
          this.#inattentiveUntilS = timeS + phase.braking.reactionS;
          this.#events.push({ timeS, kind: "braking-start" });
          this.#events.push({ timeS: this.#inattentiveUntilS, kind: "reaction" });
          this.#phase = { is: "braking", sinceS: timeS, braking: phase.braking };
        }
        break;
      case "braking":
        if (this.#lead.speed <= phase.braking.lowSpeed) {
          this.#events.push({ timeS, kind: "braking-end" });
          this.#phase = { is: "slow", untilS: timeS + phase.braking.holdS, sinceS: phase.sinceS };
        }
        break;
      case "slow":
        if (timeS >= phase.untilS) {
          const crossing = planCrossing(this.#random.fork(`crossing ${this.#episode}`));
          this.#phase = { is: "recovering", sinceS: phase.sinceS, crossing };
        }
        break;
      case "recovering":
        if (timeS >= phase.sinceS + phase.crossing.afterS) this.#tryCrossing(timeS, phase.crossing);
        break;
      case "crossing":
        if (this.#isClear(phase.crossing, timeS)) {
          this.#episode++;
          const braking = planBraking(this.#plan, this.#random.fork(`braking ${this.#episode}`), false);
          this.#phase = { is: "following", sinceS: timeS, braking };
        }
        break;
    }
  }

  /** A pedestrian steps out where the driver can still stop in comfort and the lead vehicle is past. */
  #tryCrossing(timeS: number, plan: CrossingPlan): void {
    const { speed, distance } = this.#ego;
    const ahead = plan.reactionS * speed + (speed * speed) / 5.6 + stopBefore + plan.margin;
    if (this.#gap < ahead + 6 || speed < 8) return;
    const motion = new WalkingMotion(timeS, 2 * crossingReach, plan.walkingSpeed);
    const crossing: Crossing = { station: distance + ahead, side: plan.side, motion, startS: timeS };
    this.#crossings.push(crossing);
    this.#events.push({ timeS, kind: "crossing-start" }, { timeS: motion.endS, kind: "crossing-end" });
    this.#phase = { is: "crossing", plan, crossing };
  }

  /** Whether the pedestrian is past the own lane. */
  #isClear(crossing: Crossing, timeS: number): boolean {
    const offset = crossing.side * (crossingReach - crossing.motion.at(timeS).distance);
    return crossing.side > 0 ? offset < -street.laneEdge - 0.4 : offset > 0.6;
  }

  #leadWish(timeS: number): number {
    const { swing, leadSpeed } = this.#plan;
    const phase = this.#phase;
    if (phase.is === "braking") return -phase.braking.deceleration;
    let target = leadSpeed + swing.speed * sin((2 * Math.PI * timeS) / swing.periodS + swing.phase);
    if (phase.is === "slow") target = this.#lead.speed;
    else if (phase.is === "following") target -= Math.max(0, Math.min(8, 0.15 * (this.#gap - 32)));
    return Math.max(-1.4, Math.min(2.2, 0.6 * (target - this.#lead.speed)));
  }

  #egoWish(timeS: number): number {
    if (timeS < this.#inattentiveUntilS) return 0;
    const driver = this.#driver();
    const wish = chooseAcceleration(driver, this.#ego.speed, { gap: this.#gap, speed: this.#lead.speed });
    const phase = this.#phase;
    if (phase.is !== "crossing" || timeS < phase.crossing.startS + phase.plan.reactionS) return wish;
    const line: Ahead = { gap: phase.crossing.station - stopBefore - this.#ego.distance, speed: 0 };
    const calm = { ...driver, headwayS: 0, standstillGap: 1 };
    return Math.max(-6, Math.min(wish, chooseAcceleration(calm, this.#ego.speed, line)));
  }

  /** After a fright one drives with more care, until the next part of the story. */
  #driver(): DriverCharacter {
    const wary = this.#phase.is === "recovering" || this.#phase.is === "crossing";
    return {
      desiredSpeed: wary ? 13 : 21,
      headwayS: wary ? 1.7 : this.#plan.headwayS,
      standstillGap: 3,
      acceleration: wary ? 1.3 : 1.7,
      comfortableBraking: 2.2,
    };
  }
}
