import type { Problem, Sensor } from "@playhead/recording";
import type { SimulationError } from "../errors.ts";
import type { Command, CommandResult } from "./command.ts";
import type { Frame, SimulationStatus } from "./frame.ts";
import type { RunReport } from "./report.ts";

/** A simulation as fronts hold it, wherever it runs: commands go in, frames and reports come out. */
export interface SimulationHandle {
  /** What is simulated; does not change. */
  readonly description: RunDescription;
  /** As far as it is known here: a frame later at most. */
  readonly status: SimulationStatus;
  /** What made the run fail, with its cause. */
  readonly failure: SimulationError | undefined;
  /** Queues a command. Resolves when it has been applied (a seek: when it has landed) or refused; never rejects. */
  apply(command: Command): Promise<CommandResult>;
  /** The newest frame and every later one that the reader is fast enough for. */
  frames(signal?: AbortSignal): AsyncIterable<Frame>;
  /** Resolves when the run has ended, failed or been closed. */
  finished(): Promise<SimulationStatus>;
  /** Resolves as soon as the simulation neither plays nor seeks. */
  rest(): Promise<SimulationStatus>;
  /** What came of the run so far. */
  report(): Promise<RunReport>;
  /** Ends the run and lets go of everything that was opened for it. */
  close(): Promise<void>;
}

/** What a run is made of, as plain data. */
export interface RunDescription {
  readonly recording: {
    readonly name: string;
    /** Of the whole recording, µs, both inclusive. */
    readonly startUs: number;
    readonly endUs: number;
    readonly sensors: readonly Sensor[];
    /** What was wrong with it when it was opened; the report has all. */
    readonly problems: readonly Problem[];
  };
  /** For people: the file's name. */
  readonly composition: string;
  /** The run's range, µs, both inclusive. */
  readonly startUs: number;
  readonly endUs: number;
  /** In the order in which they run at equal times. */
  readonly units: readonly UnitDescription[];
}

export interface UnitDescription {
  readonly name: string;
  readonly rateHz: number;
  readonly views: readonly {
    /** `<unit>/<view>` */
    readonly name: string;
    readonly title: string;
    readonly rateHz: number;
  }[];
}
