import type { MessagePort } from "node:worker_threads";
import type { CallMonitor } from "../engine/call-monitor.ts";
import type { SimulationError } from "../errors.ts";
import type { OutputSink } from "../outputs/output.ts";
import type { Speed } from "./command.ts";
import type { CheckpointOptions } from "./live-run.ts";
import type { WallClock } from "./wall-clock.ts";

/** How a simulation is started, paced and kept; none of it changes what the run of its plan is. */
export interface SimulationOptions {
  /** Asked speed at the start; 1 without. */
  readonly speed?: Speed;
  /** Each takes every output once. */
  readonly sinks?: readonly OutputSink[];
  readonly clock?: WallClock;
  /** Index of the first output that the sinks have not had yet; 0 without. */
  readonly firstOutput?: number;
  /**
   * Goes on where an earlier run of the same plan was saved in the vault, with at most so many outputs: the sinks have those. Begins at the start
   * without, or where no such state is kept.
   */
  readonly resumeAfter?: number | undefined;
  /** Is told which call of which unit runs. */
  readonly monitor?: CallMonitor;
  /** Folder in which a capsule is kept of every call that fails: what is needed to run to it again. None without. */
  readonly capsules?: string | undefined;
  /** Faults with which threads that ran this before were lost: decided about as the configuration says. */
  readonly lost?: readonly SimulationError[];
  /** Where to keep what costs time to compute and can be computed again. */
  readonly cacheFolder?: string;
  /** Closes the recording with the simulation. */
  readonly closesRecording?: boolean;
  /** How states are saved to go back to; `false` for a run that only goes forward. */
  readonly checkpoints?: CheckpointOptions | false;
  /** Every seek is held against a run straight from the start, and says in its report how that went. Slow. */
  readonly verifySeeks?: boolean | undefined;
  /** Where they are kept: see `openVault`. Without, in memory, by this thread. */
  readonly vault?: MessagePort | undefined;
}
