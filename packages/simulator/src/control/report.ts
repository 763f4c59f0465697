import type { Problem } from "@playhead/recording";
import type { CapsuleRecord } from "../capsule/capsule-keeper.ts";
import type { Decision, DecisionAction } from "../engine/decision.ts";
import type { LogLine } from "../engine/unit.ts";
import type { FaultPlace } from "../errors.ts";
import type { Distribution } from "./distribution.ts";
import type { UnitStatus } from "./frame.ts";
import type { RealTimeStatus } from "./real-time.ts";

/** A message on a topic with the role `alerts`. */
export interface AlertRecord {
  readonly timeUs: number;
  readonly unit: string;
  readonly topic: string;
  /** The message: parsed where it is JSON. */
  readonly message: unknown;
}

/** A call that failed, and what was decided about the unit to blame. */
export interface FaultRecord extends FaultPlace {
  readonly event: number;
  readonly message: string;
  readonly action: DecisionAction;
}

/** The states that a run can go back to. Figures of this machine: none is part of the run. */
export interface CheckpointReport {
  readonly count: number;
  /** Those that this run laid itself. */
  readonly laid: number;
  /** Those that were asked for. */
  readonly pinned: number;
  /** What was new in each of those, bytes. */
  readonly meanBytes: number;
  /** How long the run was held up by laying each. */
  readonly heldUpMs: Distribution;
  /** How long replaying from one to the next takes at most, ms. */
  readonly boundMs: number;
  /** Different pages of 4096 bytes that are kept. */
  readonly pages: number;
  readonly ramBytes: number;
  readonly diskBytes: number;
  /** Those that were let go of to stay within the budgets. */
  readonly thinned: number;
}

/** What came of a run, up to where it got. */
export interface RunReport {
  readonly recording: string;
  readonly composition: string;
  readonly state: string;
  /** Over everything that units published or drew. */
  readonly runHash: string;
  /** Over the readings that were delivered; undefined where they cannot be read again. */
  readonly inputHash: string | undefined;
  /** Of components, composition and configuration. */
  readonly identity: string;
  readonly startUs: number;
  readonly endUs: number;
  /** Virtual time run, µs. */
  readonly durationUs: number;
  /** Wall-clock time spent running, ms. */
  readonly wallMs: number;
  readonly achievedSpeed: number;
  /** How well it kept to real time where it was paced. */
  readonly realTime: RealTimeStatus;
  readonly events: number;
  /** Frames that were due in virtual time. */
  readonly frames: number;
  /** Readings delivered, by sensor name. */
  readonly readings: Readonly<Record<string, number>>;
  readonly components: readonly UnitStatus[];
  /** Messages by topic. */
  readonly topics: Readonly<Record<string, number>>;
  /** Pictures by `<unit>/<view>`. */
  readonly views: Readonly<Record<string, number>>;
  readonly alerts: readonly AlertRecord[];
  /** How often `sample` used a reading later than now. */
  readonly lookAheads: number;
  readonly problems: readonly Problem[];
  readonly log: readonly LogLine[];
  /** What was decided up to here about units that failed: inputs of the run, as its configuration is. */
  readonly decisions: readonly Decision[];
  /** The faults behind the decisions that this run made itself. */
  readonly faults: readonly FaultRecord[];
  /** What was kept to run to faults again. */
  readonly capsules: readonly CapsuleRecord[];
  /** What was kept to go back to; undefined where nothing is. */
  readonly checkpoints: CheckpointReport | undefined;
  readonly error: { readonly code: string; readonly message: string } | undefined;
}
