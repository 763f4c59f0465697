import type { WasiState } from "@playhead/wasi";
import type { BusState } from "../bus/bus.ts";
import type { SavedInstances } from "../pipeline/pipeline.ts";
import type { SensorBridgeState } from "../sensors/sensor-bridge.ts";
import type { Decision } from "./decision.ts";
import type { JournalState } from "./journal.ts";
import type { ScheduleState } from "./scheduler.ts";
import type { UnitState } from "./unit.ts";

/**
 * Where a run was at one time: enough to go on from there to the same end. Plain data (see plain-data.ts), but for the contents of
 * memories; never changed.
 */
export interface EngineState {
  readonly nowUs: number;
  readonly events: number;
  readonly frames: number;
  readonly outputCount: number;
  readonly journal: JournalState;
  readonly runHash: Uint8Array;
  readonly schedule: ScheduleState;
  readonly bridge: SensorBridgeState;
  readonly bus: BusState;
  readonly wasi: WasiState;
  readonly units: readonly UnitState[];
  /** What was decided up to here about units that failed. */
  readonly decisions: readonly Decision[];
  readonly instances: SavedInstances;
}
