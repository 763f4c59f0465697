import { z } from "zod";

/** How fast virtual time runs against the wall clock; `max` means as fast as it can. */
export type Speed = number | "max";

export const MIN_SPEED = 0.01;
export const MAX_SPEED = 1000;

const MOST_STEPS = 100_000;

/** The message of an issue that says what was expected and what was found. */
function expected(what: string): { error: (issue: { readonly input?: unknown }) => string } {
  return { error: ({ input }) => `expected ${what}, found ${shown(input)}` };
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number") return String(value);
  return JSON.stringify(value)?.slice(0, 80) ?? typeof value;
}

const timeUs = z.number(expected("a time in µs since the Unix epoch"));
const name = (what: string) => z.string(expected(what)).min(1, expected(what));
const direction = z.enum(["forward", "back"], expected("the direction forward or back"));

/** What `step` goes on by: a tick of the clock, one event, a frame, or to where something happens. */
const STEP_UNITS = ["tick", "event", "frame", "reading", "message", "run"] as const;

const comparison = z.enum(
  ["exists", "=", "!=", "<", "<=", ">", ">="],
  expected("exists, =, !=, <, <=, > or >="),
);

const condition = z.discriminatedUnion(
  "on",
  [
    z.strictObject({ on: z.literal("time"), timeUs }).readonly(),
    z
      .strictObject({
        on: z.literal("message"),
        topic: name("the name of a topic"),
        /** Of a JSON message: keys and positions in lists, joined by dots. Without, any message will do. */
        field: name("a field such as tracks.0.speed").optional(),
        is: comparison.optional(),
        value: z
          .union(
            [z.string(), z.number(), z.boolean(), z.null()],
            expected("a text, number, true, false or null"),
          )
          .optional(),
      })
      .readonly(),
    z.strictObject({ on: z.literal("alert"), unit: name("the name of a unit").optional() }).readonly(),
    z
      .strictObject({
        on: z.literal("health"),
        unit: name("the name of a unit"),
        state: z.enum(["ok", "degraded", "failed"], expected("the health ok, degraded or failed")),
      })
      .readonly(),
  ],
  expected("a condition on time, message, alert or health"),
);

const loop = z.union(
  [z.enum(["off", "all"]), z.strictObject({ fromUs: timeUs, toUs: timeUs }).readonly()],
  expected("off, all, or fromUs and toUs"),
);

const speeds = expected(`${MIN_SPEED} to ${MAX_SPEED} or "max"`);
const count = "a count from 1 to 100000";

/** Parts of commands, for fronts that put commands together in another way. */
export const commandFields = {
  unit: z.enum(STEP_UNITS, expected(`the unit ${STEP_UNITS.join(", ")}`)),
  /** The sensor, topic or unit whose reading, message or run is meant; any without. */
  of: name("the name of a sensor, topic or unit"),
  count: z
    .number(expected(count))
    .int(expected(count))
    .min(1, expected(count))
    .max(MOST_STEPS, expected(count)),
  direction,
  condition,
  speed: z.union([z.number().min(MIN_SPEED, speeds).max(MAX_SPEED, speeds), z.literal("max")], speeds),
} as const;

const { unit, of } = commandFields;

/** The form of a command from outside; what it names is checked when it is applied. */
const commandSchema = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("play") }).readonly(),
    z.strictObject({ type: z.literal("pause") }).readonly(),
    z
      .strictObject({
        type: z.literal("step"),
        unit: unit.optional(),
        of: of.optional(),
        count: commandFields.count.optional(),
        direction: direction.optional(),
      })
      .readonly(),
    /** Absolute, µs since the Unix epoch, clamped to the run's range. Lands after all events of that time. */
    z.strictObject({ type: z.literal("seek"), timeUs }).readonly(),
    /** Relative to now, clamped to the run's range. */
    z.strictObject({ type: z.literal("seek-by"), deltaUs: z.number(expected("a number of µs")) }).readonly(),
    z.strictObject({ type: z.literal("speed"), speed: commandFields.speed }).readonly(),
    /** Whether playing goes back to the start of a range at its end: exactly, by a restored state. */
    z.strictObject({ type: z.literal("loop"), loop }).readonly(),
    /** Runs without pacing to where the condition holds next (or held last), right after the event that made it so. */
    z
      .strictObject({ type: z.literal("run-until"), until: condition, direction: direction.optional() })
      .readonly(),
    /** Saves where the run stands, so that it can be gone back to without replaying. */
    z.strictObject({ type: z.literal("checkpoint") }).readonly(),
  ],
  expected("one of the commands play, pause, step, seek, seek-by, speed, loop, run-until, checkpoint"),
);

/** Everything that a front can ask of a running simulation. */
export type Command = z.infer<typeof commandSchema>;
export type StepCommand = Extract<Command, { type: "step" }>;
export type StepUnit = (typeof STEP_UNITS)[number];
/** What `run-until` waits for. */
export type Condition = z.infer<typeof condition>;
/** What playing repeats. */
export type Loop = z.infer<typeof loop>;

/** Why a command was refused, or did not come to its end. */
export type RefusalCode =
  /** Not of the form of a command, or it names what does not exist. */
  | "bad-command"
  /** The run has ended: there is nothing further. */
  | "ended"
  /** The run stands at its start: there is nothing before. */
  | "at-start"
  /** What was looked for does not happen there. The playhead is where it was. */
  | "not-found"
  /** Nothing of this run is saved, or its components cannot be. */
  | "not-saved"
  | "failed"
  | "closed"
  /** A newer seek took over before this one landed. */
  | "superseded"
  /** A pause came before it landed. */
  | "cancelled";

export type CommandResult =
  | {
      readonly ok: true;
      readonly timeUs: number;
      /** How the playhead came there, where it was moved without pacing. */
      readonly seek?: SeekReport;
      /** Of a search forward: `false` where it came to the end without having found what it looked for. */
      readonly found?: boolean;
      /** The place of the run that was saved. */
      readonly checkpoint?: CheckpointPlace;
    }
  | { readonly ok: false; readonly code: RefusalCode; readonly reason: string };

/** Where a run was saved. */
export interface CheckpointPlace {
  /** µs since the Unix epoch. */
  readonly timeUs: number;
  /** Events that the run had had. */
  readonly events: number;
}

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
  /** Where seeks are to be verified: whether the run is now what a run straight from the start is at this place. */
  readonly proof?: SeekProof;
}

/** How a run that came here by a seek compares with one that was played here. */
export interface SeekProof {
  readonly equal: boolean;
  /** Instances and other parts of the state whose hashes differ, by name. */
  readonly differs: readonly string[];
}

/** A value from outside as a command, or the reason why it is none. */
export function readCommand(value: unknown): { readonly command: Command } | { readonly reason: string } {
  const result = commandSchema.safeParse(value);
  if (result.success) return { command: result.data };
  const issue = result.error.issues[0];
  const place = ["command", ...(issue?.path ?? []).map(String)].join(".");
  return { reason: `${place}: ${issue?.message ?? "not of the form of a command"}` };
}
