import type { Command } from "../control/command.ts";
import type { Frame, SimulationStatus } from "../control/frame.ts";
import type { RunReport } from "../control/report.ts";
import type { RunDescription } from "../control/simulation-handle.ts";
import type { SimulationOptions } from "../control/simulation-options.ts";
import type { Output, OutputTopic } from "../outputs/output.ts";
import type { EncodedError } from "./error-codec.ts";

/** What a simulation's thread is started with. All of it is plain data. */
export interface ThreadData {
  /** What to open: the business of the module that the thread runs. */
  readonly request: unknown;
  readonly speed: SimulationOptions["speed"];
  readonly checkpoints: SimulationOptions["checkpoints"];
  readonly capsules: SimulationOptions["capsules"];
  readonly cacheFolder: SimulationOptions["cacheFolder"];
  readonly vault: SimulationOptions["vault"];
  readonly verifySeeks: SimulationOptions["verifySeeks"];
  readonly resumeAfter: SimulationOptions["resumeAfter"];
  /** Faults with which the threads before this one were lost. */
  readonly lost: readonly EncodedError[];
  /** Which outputs the front takes, and from which index on. */
  readonly outputs: { readonly wanted: boolean; readonly drawings: boolean; readonly firstIndex: number };
  /** Where the thread says what it is at: see `CallMonitor`. */
  readonly monitor: SharedArrayBuffer;
}

/** What a front asks of the thread; each is answered. */
export type ThreadCall =
  | { readonly name: "apply"; readonly command: Command }
  | { readonly name: "finished" | "rest" | "report" | "close" };

export type ToThread =
  | { readonly type: "call"; readonly id: number; readonly call: ThreadCall }
  /** Whether anyone looks at frames. */
  | { readonly type: "watch"; readonly frames: boolean }
  /** The last frame has arrived: the next may come. */
  | { readonly type: "frame-taken" }
  | { readonly type: "sink-done"; readonly id: number; readonly error: EncodedError | undefined }
  | { readonly type: "ping" };

/** What the thread asks of the front's sinks; each is answered with `sink-done`. */
export type SinkCall =
  | { readonly name: "open"; readonly topics: readonly OutputTopic[]; readonly firstIndex: number }
  | { readonly name: "write"; readonly outputs: readonly Output[] }
  | { readonly name: "close" };

/** How the simulation stands, sent along with most messages. */
export interface Standing {
  readonly status: SimulationStatus;
  readonly failure: EncodedError | undefined;
}

export type FromThread =
  | {
      readonly type: "started";
      readonly description: RunDescription;
      readonly watchdogMs: number;
      /** Whether the configuration lets a run go on without a unit that fails. */
      readonly recovers: boolean;
      /** About how many of the faults in `ThreadData.lost` it was decided what is to be done. */
      readonly decided: number;
      readonly standing: Standing;
      readonly report: RunReport;
    }
  | { readonly type: "not-started"; readonly error: EncodedError }
  | { readonly type: "answer"; readonly id: number; readonly value: unknown; readonly standing: Standing }
  | { readonly type: "frame"; readonly frame: Frame; readonly standing: Standing }
  | { readonly type: "standing"; readonly standing: Standing }
  /** From time to time, in case the thread is lost. */
  | { readonly type: "report"; readonly report: RunReport }
  | { readonly type: "sink"; readonly id: number; readonly call: SinkCall }
  | { readonly type: "pong" };
