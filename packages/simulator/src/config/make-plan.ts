import type { Recording } from "@playhead/recording";
import { reactionOrder } from "../engine/reaction-order.ts";
import type { RunPlan, TopicSchema } from "../engine/run-plan.ts";
import { SimulationError } from "../errors.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import { impossible } from "../sensors/sensor-settings.ts";
import { sensorsMeant } from "../sensors/sensors-meant.ts";
import { isSensorKind, type SimulationConfig, UNCONFIGURED } from "./config.ts";

/** A pipeline with the configuration that it is to be run with. */
export interface ConfiguredPipeline {
  readonly pipeline: Pipeline;
  readonly config: SimulationConfig;
  readonly schemas: ReadonlyMap<string, TopicSchema>;
  /** Contents of the files that the configuration gives to units, by the name that it calls them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Part of the recording; all of it without. µs since the Unix epoch, both inclusive. */
export interface RangeRequest {
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
  /** Whether it is read while it is still being written: then `toUs` may be beyond what there is. A recording that grows is so without. */
  readonly follow?: boolean | undefined;
}

/**
 * Puts a recording and a pipeline together.
 * @throws SimulationError `bad-configuration`, `no-known-sensor` or `bad-range`
 */
export function makePlan(
  recording: Recording,
  configured: ConfiguredPipeline,
  range: RangeRequest = {},
): RunPlan {
  checkUnits(configured);
  checkTriggers(recording, configured);
  checkInterpolation(recording, configured);
  checkSensors(recording, configured);
  const startUs = range.fromUs ?? recording.startUs;
  if (range.follow === true || recording.growing === true)
    return followingPlan(recording, configured, startUs, range.toUs ?? Number.POSITIVE_INFINITY);
  const endUs = range.toUs ?? recording.endUs;
  checkRange(recording, startUs, endUs);
  if (range.fromUs === undefined || range.toUs === undefined) checkSpan(recording, startUs, endUs);
  return { recording, ...configured, startUs, endUs };
}

function followingPlan(
  recording: Recording,
  configured: ConfiguredPipeline,
  startUs: number,
  toUs: number,
): RunPlan {
  checkRange(recording, startUs, Math.max(startUs, Math.min(toUs, recording.endUs)));
  checkOrder(startUs, toUs);
  const { config } = configured;
  return {
    recording,
    ...configured,
    config: { ...config, causal: true },
    startUs,
    get endUs() {
      // Of the last time more may come.
      const thereUs = recording.growing === true ? recording.endUs - 1 : recording.endUs;
      return Math.max(startUs, Math.min(toUs, thereUs));
    },
    followed: { toUs, config },
  };
}

function checkUnits({ pipeline, config }: ConfiguredPipeline): void {
  const unknown = Object.keys(config.units).find((name) => !pipeline.unitNames.includes(name));
  if (unknown === undefined) return;
  throw new SimulationError(
    "bad-configuration",
    `configuration: units.${unknown}: ${pipeline.name} has no unit of this name; it has ${pipeline.unitNames.join(", ")}`,
  );
}

function checkTriggers(recording: Recording, { pipeline, config }: ConfiguredPipeline): void {
  for (const [name, { triggers }] of Object.entries(config.units))
    for (const sensor of triggers?.sensors ?? [])
      if (!isSensorKind(sensor) && sensorsMeant(recording.sensors, [sensor]).length === 0)
        throw new SimulationError(
          "bad-configuration",
          `configuration: units.${name}.triggers.sensors: expected a sensor of ${recording.name} or a kind of sensors, found ${JSON.stringify(sensor)}`,
        );
  const units = pipeline.unitNames.map((name) => ({ name, config: config.units[name] ?? UNCONFIGURED }));
  const { cycle } = reactionOrder(units);
  if (cycle === undefined) return;
  throw new SimulationError(
    "bad-configuration",
    `configuration: units.${cycle[0] ?? ""}.triggers.topics: expected no unit to trigger itself, found ${cycle.join(" → ")}`,
  );
}

function checkInterpolation(recording: Recording, { config }: ConfiguredPipeline): void {
  for (const [name, { interpolation }] of Object.entries(config.sensors)) {
    const meant = new Set(sensorsMeant(recording.sensors, [name]));
    if (meant.size === 0 && !isSensorKind(name))
      throw new SimulationError(
        "bad-configuration",
        `configuration: sensors.${name}: expected a sensor of ${recording.name} or a kind of sensors`,
      );
    for (const { handle, kind } of recording.sensors) {
      const possible = meant.has(handle) && interpolation ? impossible(kind, interpolation) : undefined;
      if (possible !== undefined)
        throw new SimulationError(
          "bad-configuration",
          `configuration: sensors.${name}.interpolation: expected one of ${possible.join(", ")} for a sensor of the kind ${kind}, found ${interpolation}`,
        );
    }
  }
}

function checkSensors(recording: Recording, { pipeline, config }: ConfiguredPipeline): void {
  const needed: readonly string[] = config.needsAnyOf;
  const sensors = recording.sensors.filter((sensor) => sensor.role === "input");
  if (needed.length === 0 || sensors.some((sensor) => needed.includes(sensor.kind))) return;
  const found = sensors.slice(0, 8).map(({ name, schema }) => (schema === "" ? name : `${name} (${schema})`));
  const more = sensors.length > 8 ? ` and ${sensors.length - 8} more` : "";
  const damage = recording.problems.map(({ message }) => message);
  const none = ["no sensor at all", ...damage.slice(0, 3)].join("; ");
  throw new SimulationError(
    "no-known-sensor",
    `${recording.name}: ${pipeline.name} expects a sensor of at least one of the kinds ${needed.join(", ")}; found ${found.length === 0 ? none : found.join(", ") + more}`,
  );
}

function checkRange({ name, startUs, endUs }: Recording, fromUs: number, toUs: number): void {
  const outside = [fromUs, toUs].find((timeUs) => timeUs < startUs || timeUs > endUs);
  if (outside === undefined) {
    checkOrder(fromUs, toUs);
    return;
  }
  const seconds = (timeUs: number) => `${((timeUs - startUs) / 1e6).toFixed(3)} s`;
  const found = `${outside === fromUs ? "a start" : "an end"} at ${isoTime(outside)} (${seconds(outside)})`;
  throw new SimulationError(
    "bad-range",
    `${name}: expected a range within ${isoTime(startUs)} … ${isoTime(endUs)} (${seconds(endUs)}), found ${found}`,
  );
}

function checkOrder(fromUs: number, toUs: number): void {
  if (fromUs > toUs)
    throw new SimulationError(
      "bad-range",
      `expected the start at or before the end, found ${isoTime(fromUs)} after ${isoTime(toUs)}`,
    );
}

/** A single message with a wrong time would make a run of years: beyond this, a range must be asked for. */
const LONGEST_SPAN_DAYS = 30;
const DAY_US = 86_400e6;

function checkSpan({ name }: Recording, fromUs: number, toUs: number): void {
  const days = (toUs - fromUs) / DAY_US;
  if (days <= LONGEST_SPAN_DAYS) return;
  throw new SimulationError(
    "bad-range",
    `${name}: expected at most ${LONGEST_SPAN_DAYS} days where no range is given, found ${days.toFixed(0)}: ${isoTime(fromUs)} … ${isoTime(toUs)}; have some messages a wrong time? Give a start and an end`,
  );
}

/** ISO 8601 with microseconds. Times outside the calendar are given in µs. */
function isoTime(us: number): string {
  const ms = Math.floor(us / 1000);
  if (!(Math.abs(ms) <= 8.64e15)) return `${us} µs`;
  return new Date(ms).toISOString().replace("Z", `${String(us - ms * 1000).padStart(3, "0")}Z`);
}
