/**
 * One kind of warning over time, with hysteresis: it is raised when a threat has lasted, kept for a while at least, and cleared when even the
 * looser limits have not been met for a while.
 */
import { Threat } from "./threat";

/** Steps that a threat must last before it is announced: by level. */
const STEPS_TO_RAISE: i32 = 3;
const STEPS_TO_RAISE_CRITICAL: i32 = 2;
/** Steps for which a higher or a lower level must last before the severity follows. */
const STEPS_TO_RISE: i32 = 2;
const STEPS_TO_FALL: i32 = 10;
/** Steps without any threat, and the least time, before it is cleared. */
const STEPS_TO_CLEAR: i32 = 5;
const LEAST_US: i64 = 1_000_000;

/** What happened in a step. */
export const NOTHING: i32 = 0;
export const RAISED: i32 = 1;
export const CHANGED: i32 = 2;
export const CLEARED: i32 = 3;

export class Warning {
  /** 0 while it is not raised; 1 caution, 2 warning, 3 critical. */
  severity: i32 = 0;
  /** The number of this warning in the run; of the last one while it is not raised. */
  id: u32 = 0;
  sinceUs: i64 = 0;
  /** What it is about; the last one, while nothing is seen. */
  readonly threat: Threat = new Threat();
  private lasting: i32 = 0;
  private lastingCritical: i32 = 0;
  private higher: i32 = 0;
  private lower: i32 = 0;
  private absent: i32 = 0;

  /** Takes the step's most urgent threat of this kind; `nextId` is for a new warning. Returns what happened. */
  step(nowUs: i64, worst: Threat, nextId: u32): i32 {
    this.lasting = worst.level > 0 ? this.lasting + 1 : 0;
    this.lastingCritical = worst.level == 3 ? this.lastingCritical + 1 : 0;
    if (this.severity == 0) return this.raise(nowUs, worst, nextId);
    const present = worst.looseLevel > 0;
    this.absent = present ? 0 : this.absent + 1;
    if (this.absent >= STEPS_TO_CLEAR && nowUs - this.sinceUs >= LEAST_US) return this.clear();
    if (!present) return NOTHING;
    this.threat.copyFrom(worst);
    return this.follow(worst);
  }

  private raise(nowUs: i64, worst: Threat, nextId: u32): i32 {
    if (this.lasting < STEPS_TO_RAISE && this.lastingCritical < STEPS_TO_RAISE_CRITICAL) return NOTHING;
    this.severity = worst.level;
    this.id = nextId;
    this.sinceUs = nowUs;
    this.higher = 0;
    this.lower = 0;
    this.absent = 0;
    this.threat.copyFrom(worst);
    return RAISED;
  }

  /** A higher severity follows the tight limits, a lower one the loose limits. */
  private follow(worst: Threat): i32 {
    this.higher = worst.level > this.severity ? this.higher + 1 : 0;
    this.lower = worst.looseLevel < this.severity ? this.lower + 1 : 0;
    if (this.higher >= STEPS_TO_RISE) return this.change(worst.level);
    if (this.lower >= STEPS_TO_FALL) return this.change(max<i32>(worst.looseLevel, 1));
    return NOTHING;
  }

  private change(severity: i32): i32 {
    this.severity = severity;
    this.higher = 0;
    this.lower = 0;
    return CHANGED;
  }

  private clear(): i32 {
    this.severity = 0;
    this.lasting = 0;
    this.lastingCritical = 0;
    return CLEARED;
  }
}
