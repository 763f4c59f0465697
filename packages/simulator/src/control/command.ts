/** How fast virtual time runs against the wall clock; `max` means as fast as it can. */
export type Speed = number | "max";

export const MIN_SPEED = 0.01;
export const MAX_SPEED = 1000;

/** What `step` advances by: a tick of the clock, one event, or up to the next frame. */
export type StepUnit = "tick" | "event" | "frame";

/** Everything that a front can ask of a running simulation. */
export type Command =
  | { readonly type: "play" }
  | { readonly type: "pause" }
  | { readonly type: "step"; readonly unit?: StepUnit; readonly count?: number }
  /** Absolute, µs since the Unix epoch, clamped to the run's range. */
  | { readonly type: "seek"; readonly timeUs: number }
  /** Relative to now, µs, clamped to the run's range. */
  | { readonly type: "seek-by"; readonly deltaUs: number }
  | { readonly type: "speed"; readonly speed: Speed };

/** Why a command was refused. */
export type RefusalCode = "bad-command" | "ended" | "failed" | "closed" | "superseded";

export type CommandResult =
  | { readonly ok: true; readonly timeUs: number; readonly seek?: SeekReport }
  | { readonly ok: false; readonly code: RefusalCode; readonly reason: string };

/** How a seek reached its time. */
export interface SeekReport {
  /** Where the run to the target began, µs: the checkpoint, the run's start, or where the playhead was. */
  readonly fromUs: number;
  readonly from: "checkpoint" | "start" | "playhead";
  /** Events that were run. */
  readonly events: number;
  /** Wall-clock time that it took, ms. */
  readonly ms: number;
  /** How long a seek into what was played may take, by what replaying cost, ms; undefined where nothing can be saved. */
  readonly boundMs: number | undefined;
}

/** Checks a command's form. Returns the reason why it cannot be applied, or undefined. */
export function refusal(command: Command): string | undefined {
  switch (command.type) {
    case "play":
    case "pause":
      return undefined;
    case "step":
      if (command.unit !== undefined && !["tick", "event", "frame"].includes(command.unit))
        return `step: expected the unit tick, event or frame, found ${JSON.stringify(command.unit)}`;
      if (command.count !== undefined && !(Number.isInteger(command.count) && command.count >= 1))
        return `step: expected a count of 1 or more, found ${String(command.count)}`;
      return undefined;
    case "seek":
      return Number.isFinite(command.timeUs)
        ? undefined
        : `seek: expected a time in µs, found ${String(command.timeUs)}`;
    case "seek-by":
      return Number.isFinite(command.deltaUs)
        ? undefined
        : `seek-by: expected a number of µs, found ${String(command.deltaUs)}`;
    case "speed":
      return command.speed === "max" || (command.speed >= MIN_SPEED && command.speed <= MAX_SPEED)
        ? undefined
        : `speed: expected ${MIN_SPEED} to ${MAX_SPEED} or "max", found ${String(command.speed)}`;
    default:
      return `expected one of play, pause, step, seek, seek-by, speed; found ${JSON.stringify((command as { type: unknown }).type)}`;
  }
}
