import type { CallMonitor } from "./call-monitor.ts";
import type { Unit } from "./unit.ts";

/** Is told when events happen. */
export interface EventTiming {
  /** An event of this virtual time starts. */
  starts(timeUs: number): void;
  /** A step of the unit, at this virtual time, has ended. */
  stepped(unit: Unit, timeUs: number): void;
}

/** What the engine tells the outside about wall-clock time and frames; none of it can change the run. */
export interface EngineHooks {
  /** ms; only differences count. */
  nowMs(): number;
  /** Is told which call of which unit runs. */
  readonly monitor?: CallMonitor | undefined;
  /** Holds events against a wall clock. */
  readonly timing?: EventTiming | undefined;
  /** A frame is due. */
  onFrame(timeUs: number): void;
  /** Aborted when there is something else to do than to wait for a recording that is still being written. Such waiting cannot be ended without. */
  woken?(): AbortSignal;
}
