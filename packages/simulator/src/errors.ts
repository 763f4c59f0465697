/** What went wrong, as a stable word for scripts. */
export type SimulationErrorCode =
  /** The configuration is not of its form, or names what does not exist. */
  | "bad-configuration"
  /** The composition cannot be simulated: no units, two that are one. */
  | "bad-composition"
  /** The recording has no sensor of a kind that the configuration needs. */
  | "no-known-sensor"
  /** The range of time lies outside the recording, or ends before it starts. */
  | "bad-range"
  /** A component trapped, or answered a call with an error. */
  | "component-fault"
  /** A component did not come back, and was ended with the thread that it ran in. */
  | "timed-out"
  /** The thread of the run needed more memory than it may have. */
  | "out-of-memory"
  /** The recording could not be read on. */
  | "recording-failed"
  /** An output could not be written. */
  | "output-failed"
  /** A folder that is said to be a capsule is none, or has been changed. */
  | "bad-capsule"
  /** A folder for checkpoints is of something else, or in use. */
  | "state-folder"
  /** A defect of Playhead. */
  | "internal";

/** Where in a run something happened. */
export interface FaultPlace {
  /** The unit to blame. */
  readonly unit: string;
  /** Path of the instance to blame: the innermost on the call stack. */
  readonly instance: string;
  /** What the run called: `init`, `list-views`, `step` or `render`. */
  readonly call: string;
  /** Virtual time of the call, µs; undefined before the run starts. */
  readonly timeUs: number | undefined;
  /** Which event of the run, counted from 1; 0 before it starts; undefined where it is not known. */
  readonly event: number | undefined;
  readonly kind: FaultKind;
  /** What of the recording the unit could see. */
  readonly inputs: readonly FaultInput[];
}

/** How a call failed: trapped, ran out of fuel or memory, nested its calls too deeply, answered with an error, or did not come back. */
export type FaultKind = "trap" | "fuel" | "stack-depth" | "memory" | "error-result" | "time-out";

/** The readings of a sensor that a call could see. */
export interface FaultInput {
  readonly sensor: string;
  /** Readings delivered since the start of the run. */
  readonly count: number;
  /** Of these, those since the unit's last step. */
  readonly arrived: number;
  /** Time of the last, µs. */
  readonly lastUs: number;
}

export class SimulationError extends Error {
  override readonly name = "SimulationError";
  readonly code: SimulationErrorCode;
  readonly place: FaultPlace | undefined;
  /** Folder of the capsule that was kept where a run could not even start. */
  capsule: string | undefined;

  constructor(
    code: SimulationErrorCode,
    message: string,
    options: { cause?: unknown; place?: FaultPlace } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.place = options.place;
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
