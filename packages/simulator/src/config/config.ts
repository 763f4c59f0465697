import { z } from "zod";
import { MAX_SPEED, MIN_SPEED } from "../control/command.ts";
import { parseYaml } from "./parse-yaml.ts";

const SENSOR_KINDS = ["camera", "radar", "lidar", "ultrasonic", "imu", "gps", "can", "other"] as const;

const rateHz = z.number().positive().max(100_000);
const toleranceUs = z.number().int().nonnegative();
const lookAheadUs = z.number().int().nonnegative();
const setting = z.union([z.string(), z.number(), z.boolean()]);

const publication = z.strictObject({
  /** Of the messages on the topic. */
  encoding: z.string().default("json"),
  /** File with the schema, relative to the configuration file. */
  schema: z.string().optional(),
  /** Name of the schema; the file's name without its ending where it is not given. */
  schemaName: z.string().optional(),
  /** `alerts`: the messages are warnings, listed in the report of the run. */
  role: z.enum(["alerts"]).optional(),
  /** The last message is kept for units that subscribe later. */
  latched: z.boolean().default(false),
});

/** The most messages that may wait in one queue. */
export const LARGEST_DEPTH = 65_536;

/** How a unit's queues of a topic are bounded. */
const subscription = z.strictObject({
  /** Instead of what the unit asks for. */
  depth: z.number().int().min(1).max(LARGEST_DEPTH).optional(),
  policy: z.enum(["drop-oldest", "drop-newest", "error"]).default("drop-oldest"),
});

const GUEST_PATH = /^(\/(?!\.{1,2}(\/|$))[^/]+)+$/;

/** Files for a unit: paths as the unit sees them, and files relative to the configuration file. */
const guestFiles = z.record(z.string(), z.string().min(1)).superRefine((files, context) => {
  for (const path of Object.keys(files))
    if (!GUEST_PATH.test(path))
      context.addIssue({ code: "custom", path: [path], message: "expected a path such as /data/table.csv" });
});

/** What a unit made by an ordinary toolchain finds around it (WASI). */
const surroundings = z.strictObject({
  /** `machine` breaks repeatability: the report of a run warns of it. */
  clock: z.enum(["virtual", "machine"]).default("virtual"),
  randomness: z.enum(["virtual", "machine"]).default("virtual"),
  environment: z.record(z.string().min(1), z.string()).default({}),
  arguments: z.array(z.string()).default([]),
  /** A read-only file system. */
  files: guestFiles.default({}),
});

/** What becomes of a unit that fails. */
const onFault = z.enum(["stop", "isolate", "restart"]);

/** Beside the rate, or instead of it. */
const triggers = z.strictObject({
  /** Names or kinds of sensors: a step at the time of each of their readings. */
  sensors: z.array(z.string().min(1)).default([]),
  /** A step at the instant of a message, after the publisher's. */
  topics: z.array(z.string().min(1)).default([]),
});

/** Added to all times of a rate, µs. */
const phaseUs = z.number().int().nonnegative().max(1e12).optional();

const unit = z.strictObject({
  /** Without it and without `triggers`, `defaultRateHz` holds. */
  rateHz: rateHz.optional(),
  phaseUs,
  triggers: triggers.optional(),
  publishes: z.record(z.string().min(1), publication).default({}),
  /** By topic. */
  subscribes: z.record(z.string().min(1), subscription).default({}),
  settings: z.record(z.string().min(1), setting).default({}),
  views: z.record(z.string().min(1), z.strictObject({ rateHz, phaseUs })).default({}),
  wasi: surroundings.optional(),
  onFault: onFault.optional(),
  /** How often the unit may be restarted; then it is isolated. */
  restarts: z.number().int().nonnegative().max(1000).default(3),
});

/** How `sample` treats sensors, and what of them is there at the start. */
const sensor = z.strictObject({
  toleranceUs: toleranceUs.optional(),
  lookAheadUs: lookAheadUs.optional(),
  interpolation: z.enum(["linear", "slerp", "geodetic", "hold"]).optional(),
  /** The last reading before the start of the run counts as arrived at its first event. */
  latched: z.boolean().default(false),
});

const configuration = z.strictObject({
  /** Ticks of the clock per second of virtual time: what `step` advances by. */
  tickRateHz: rateHz.default(100),
  /** Frames per second of virtual time. */
  frameRateHz: rateHz.default(30),
  /** How far a reading may lie from now to be taken as it is by `sample`, µs. */
  toleranceUs: toleranceUs.default(16_667),
  /** How far `sample` may look ahead for the later reading, µs. */
  lookAheadUs: lookAheadUs.default(500_000),
  /** Refuses `sample` altogether. */
  causal: z.boolean().default(false),
  /** The longest window that `sensors.window` answers, µs. */
  longestWindowUs: z.number().int().positive().default(1_000_000),
  /** The largest message on the bus, bytes. */
  largestMessageBytes: z
    .number()
    .int()
    .positive()
    .default(16 * 1024 * 1024),
  /** What one call of a unit may take, in units of about one instruction: an endless loop ends here, at the same place every time. */
  fuelPerCall: z
    .number()
    .int()
    .positive()
    .max(2 ** 42 - 1)
    .default(5e9),
  /** What the memories of one component instance may grow to, bytes. */
  largestMemoryBytes: z
    .number()
    .int()
    .positive()
    .default(1024 ** 3),
  /** After this long without an answer, s of real time, the thread of the run is ended. A backstop behind the fuel: no result depends on it. */
  watchdogS: z.number().min(1).max(86_400).default(30),
  /** What a unit may publish in one step, all messages together, bytes. */
  largestStepBytes: z
    .number()
    .int()
    .positive()
    .default(64 * 1024 * 1024),
  /** For units that name none. */
  onFault: onFault.default("stop"),
  /** Kinds of sensors of which the recording must have at least one; empty means that any recording will do. */
  needsAnyOf: z.array(z.enum(SENSOR_KINDS)).default([]),
  /** The rate of units and views that name none. */
  defaultRateHz: rateHz.default(20),
  /** Of the random numbers that units get through WASI. */
  seed: z.union([z.number(), z.string()]).default(0),
  /** By names or kinds of sensors; a name counts more than a kind. */
  sensors: z.record(z.string().min(1), sensor).default({}),
  units: z.record(z.string().min(1), unit).default({}),
});

/** A time of a range: seconds from the start of the recording, or text as on the command line. */
const time = z.union([z.number().nonnegative(), z.string().min(1)]);

/** What a file may say beside: what is run, which part of it, and how it is paced and kept. None of it changes the outputs of that part. */
const runSettings = {
  /** Paths are relative to the file. */
  recording: z.string().min(1).optional(),
  composition: z.string().min(1).optional(),
  depsDirs: z.array(z.string().min(1)).optional(),
  from: time.optional(),
  to: time.optional(),
  speed: z.union([z.number().min(MIN_SPEED).max(MAX_SPEED), z.literal("max")]).optional(),
  /** Where a run can be gone back in. */
  checkpoints: z
    .strictObject({
      /** Replaying from one to the next takes about so long, wall-clock ms. */
      costMs: z.number().positive().optional(),
      /** Of virtual time between two of them, µs, where they are to be laid at fixed intervals. */
      intervalUs: z.number().int().positive().optional(),
      ramBytes: z.number().int().positive().optional(),
      diskBytes: z.number().int().nonnegative().optional(),
    })
    .optional(),
} as const;

const runFile = configuration.extend(runSettings);

/** What a file says about the run beside its configuration. */
export type RunSettings = Omit<z.infer<typeof runFile>, keyof SimulationConfig>;

/** How a composition is to be run. Every key is optional; `units` are named as the composition exports them. */
export type SimulationConfig = z.infer<typeof configuration>;
export type SubscriptionConfig = z.infer<typeof subscription>;
export type SensorConfig = z.infer<typeof sensor>;
export type UnitConfig = z.infer<typeof unit>;
export type PublicationConfig = z.infer<typeof publication>;

/** What holds for a unit of which nothing is said. */
export const UNCONFIGURED: UnitConfig = unit.parse({});

export function isSensorKind(name: string): boolean {
  return (SENSOR_KINDS as readonly string[]).includes(name);
}

/** The configuration that holds where nothing is said. */
export function defaultConfig(): SimulationConfig {
  return configuration.parse({});
}

/**
 * Reads a configuration from YAML text. What it says of a run beside is left out.
 * @throws SimulationError `bad-configuration` with the file, the line, the column and what was expected.
 */
export function parseConfig(text: string, file: string): SimulationConfig {
  return parseRunFile(text, file).config;
}

/**
 * Reads the file of a whole run: what is run, and the configuration.
 * @throws SimulationError as `parseConfig`
 */
export function parseRunFile(text: string, file: string): { run: RunSettings; config: SimulationConfig } {
  return apart(parseYaml(text, file, runFile).checked);
}

/** A file of configuration, as it says it. */
export interface ConfigLayer {
  readonly file: string;
  readonly value: unknown;
}

/**
 * Reads a file that is one of several which together make a configuration.
 * @throws SimulationError as `parseConfig`
 */
export function parseLayer(text: string, file: string): ConfigLayer {
  return { file, value: parseYaml(text, file, runFile).value };
}

/** The configuration that several files make: mappings are joined, and what a later one says of a key wins. */
export function configOf(layers: readonly ConfigLayer[]): SimulationConfig {
  return apart(runFile.parse(layers.reduce<unknown>((below, { value }) => joined(below, value), {}))).config;
}

/** The last of the files that says something under the keys. */
export function layerOf(layers: readonly ConfigLayer[], keys: readonly string[]): ConfigLayer | undefined {
  return layers.findLast(({ value }) => {
    let found = value;
    for (const key of keys) found = isMapping(found) && Object.hasOwn(found, key) ? found[key] : undefined;
    return found !== undefined;
  });
}

function joined(below: unknown, above: unknown): unknown {
  if (!isMapping(below) || !isMapping(above)) return above;
  const result: [string, unknown][] = Object.entries(below).filter(([key]) => !Object.hasOwn(above, key));
  for (const [key, value] of Object.entries(above))
    result.push([key, Object.hasOwn(below, key) ? joined(below[key], value) : value]);
  return Object.fromEntries(result);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function apart(checked: z.infer<typeof runFile>): { run: RunSettings; config: SimulationConfig } {
  const { recording, composition, depsDirs, from, to, speed, checkpoints, ...config } = checked;
  return { run: { recording, composition, depsDirs, from, to, speed, checkpoints }, config };
}

/** The form of such files as a JSON Schema, for editors. */
export function runFileSchema(): object {
  return { title: "A run of Playhead", ...z.toJSONSchema(runFile, { io: "input" }) };
}
