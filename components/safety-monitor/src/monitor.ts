/** The safety monitor without its surroundings: tracks and distances in, warnings out. */
import { MotionMemory } from "./motion-memory";
import { Path } from "./path";
import { KINDS, PROXIMITY, Threat, VULNERABLE } from "./threat";
import { Vehicle } from "./vehicle";
import { NOTHING, Warning } from "./warning";

export class Monitor {
  /** By kind. */
  readonly warnings: StaticArray<Warning> = new StaticArray<Warning>(KINDS);
  /** What happened to each kind in the last step. */
  readonly events: StaticArray<i32> = new StaticArray<i32>(KINDS);
  /** Warnings raised in all. */
  raised: u32 = 0;
  readonly vehicle: Vehicle = new Vehicle();
  readonly path: Path = new Path();
  private worst: StaticArray<Threat> = new StaticArray<Threat>(KINDS);
  private candidate: Threat = new Threat();
  private memory: MotionMemory = new MotionMemory();

  constructor() {
    for (let i = 0; i < KINDS; i++) {
      this.warnings[i] = new Warning();
      this.worst[i] = new Threat();
    }
  }

  /** Begins a step with the vehicle's motion: m/s, rad/s, m/s²; NaN where unknown. */
  begin(speed: f64, yawRate: f64, acceleration: f64): void {
    this.vehicle.set(speed, acceleration);
    this.path.follow(speed, yawRate);
    for (let i = 0; i < KINDS; i++) unchecked(this.worst[i]).clear(i, 0, 0);
  }

  /** Judges rows of `tracks`. */
  judgeTracks(values: usize, count: i32): void {
    for (let row = 0; row < count; row++) {
      this.candidate.judge(values, row, this.vehicle, this.path, this.memory);
      this.propose();
      this.candidate.judgeNearTrack(values, row, this.vehicle);
      this.propose();
    }
  }

  /** Judges a distance that a sensor in the front bumper measured, m. */
  judgeNear(distance: f64): void {
    this.candidate.judgeNear(distance, this.vehicle);
    this.propose();
  }

  /** Ends the step: `events` says what happened to the warning of each kind. */
  end(nowUs: i64): void {
    for (let i = 0; i < KINDS; i++) {
      const warning = unchecked(this.warnings[i]);
      const event = warning.step(nowUs, unchecked(this.worst[i]), this.raised + 1);
      unchecked(this.events[i] = event);
      if (event != NOTHING && warning.id > this.raised) this.raised = warning.id;
    }
  }

  /** The kind with the given place among the raised warnings, the most urgent first; −1 beyond the last. */
  activeKind(place: i32): i32 {
    let left = place;
    for (let severity = 3; severity >= 1; severity--) {
      for (let i = 0; i < KINDS; i++) {
        const kind = i == 0 ? VULNERABLE : i == 1 ? 0 : PROXIMITY;
        if (unchecked(this.warnings[kind]).severity == severity && left-- == 0) return kind;
      }
    }
    return -1;
  }

  private propose(): void {
    const worst = unchecked(this.worst[this.candidate.kind]);
    if (this.candidate.looseLevel > 0 && this.candidate.outranks(worst)) worst.copyFrom(this.candidate);
  }
}
