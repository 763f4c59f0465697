import type { TopicStatus } from "../bus/bus.ts";
import type { HealthState, Standing } from "../engine/unit.ts";
import type { CameraPicture, Drawing } from "../outputs/output.ts";
import type { Loop, Speed } from "./command.ts";
import type { RealTimeStatus } from "./real-time.ts";

/** What the simulation does now. */
export type SimulationState = "paused" | "playing" | "seeking" | "ended" | "failed" | "closed";

/** A seek under way; the status's own time says how far it has come. */
export interface SeekProgress {
  /** Where the run towards the target began, µs. */
  readonly fromUs: number;
  /** µs; undefined where it is not known beforehand: what is looked for may be anywhere. */
  readonly targetUs: number | undefined;
}

export interface SimulationStatus {
  readonly state: SimulationState;
  /** Virtual time, µs since the Unix epoch. */
  readonly timeUs: number;
  /** Events run so far: where several share a time, they tell where between them the playhead is. */
  readonly events: number;
  /** The run's range, both inclusive. */
  readonly startUs: number;
  readonly endUs: number;
  /** In the state `seeking`. */
  readonly seeking: SeekProgress | undefined;
  readonly loop: Loop;
  readonly speed: Speed;
  /** Virtual seconds per wall-clock second since playing began or the speed was last set; 0 before. */
  readonly achievedSpeed: number;
  /** Over the outputs up to now, 64 hexadecimal digits. */
  readonly runHash: string;
  /** Why the run failed. */
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

export interface UnitStatus {
  readonly name: string;
  /** 0 where only readings or messages trigger its steps. */
  readonly rateHz: number;
  readonly steps: number;
  /** Wall-clock cost of its steps, ms. */
  readonly lastMs: number;
  readonly meanMs: number;
  readonly maxMs: number;
  readonly totalMs: number;
  readonly health: HealthState;
  readonly healthReason: string;
  /** Whether it takes part in the run: `isolated` after a fault, `stale` where it calls a unit that is. */
  readonly standing: Standing;
  /** How often it was given a fresh instance after a fault. */
  readonly restarts: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Messages published so far, by topic. */
  readonly published: Readonly<Record<string, number>>;
}

export interface ViewFrame extends Drawing {
  /** `<unit>/<view>` */
  readonly name: string;
  readonly title: string;
  /** When it was drawn, virtual µs. */
  readonly timeUs: number;
}

/** What viewers get, at the frame rate of virtual time. A slow viewer misses frames; the run never waits for one. */
export interface Frame {
  /** Counts up with every frame offered, also across seeks. */
  readonly index: number;
  readonly status: SimulationStatus;
  readonly units: readonly UnitStatus[];
  readonly realTime: RealTimeStatus;
  readonly topics: readonly TopicStatus[];
  readonly views: readonly ViewFrame[];
  /** The last reading of each camera, by the sensor's name. */
  readonly cameras: ReadonlyMap<string, CameraPicture>;
}
