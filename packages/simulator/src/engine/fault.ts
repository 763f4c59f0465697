import { ComponentError, ComponentModelError, TrapError } from "@playhead/component-model";
import { QueueOverflow } from "../bus/subscription.ts";
import { type FaultInput, type FaultKind, type FaultPlace, messageOf, SimulationError } from "../errors.ts";
import { isOffered } from "../sensors/offered.ts";
import type { SensorBridge } from "../sensors/sensor-bridge.ts";
import type { Journal } from "./journal.ts";
import type { RunPlan } from "./run-plan.ts";
import type { Unit } from "./unit.ts";

/** The run in which a call failed. */
export interface FaultContext {
  readonly plan: Pick<RunPlan, "startUs">;
  readonly nowUs: number;
  /** Events that began so far. */
  readonly events: number;
  readonly bridge: SensorBridge;
  readonly journal: Journal;
  /** The name of the unit to which the instance with this path belongs. */
  unitNameAt(path: string): string | undefined;
  unitNamed(name: string): Unit | undefined;
}

/**
 * What a call of a unit failed with, as the run's error: the unit to blame, the call, the virtual time since the start of the run, what was
 * wrong, and what the unit could see. To blame is the innermost instance on the call stack, which need not be the one that was called.
 */
export function faultOf(error: unknown, unit: Unit, call: string, context: FaultContext): SimulationError {
  const nested = within(error, SimulationError);
  if (nested !== undefined) return nested;
  const { plan, nowUs, events, journal } = context;
  const overflow = within(error, QueueOverflow);
  const trapped = error instanceof TrapError ? error.instance : unit.path;
  const holder = context.unitNamed(context.unitNameAt(trapped) ?? "");
  const blamed = (overflow && context.unitNamed(overflow.owner)) ?? holder ?? unit;
  const place: FaultPlace = {
    unit: blamed.name,
    instance: overflow === undefined ? trapped : blamed.path,
    call,
    kind: kindOf(error),
    timeUs: events === 0 ? undefined : nowUs,
    event: events,
    inputs: inputsOf(blamed, context.bridge),
  };
  const when = place.timeUs === undefined ? "" : ` at ${((nowUs - plan.startUs) / 1e6).toFixed(6)} s`;
  const inside = blamed === unit ? "" : ` (within a ${call} of ${unit.name})`;
  const words = lastWords(blamed, nowUs, journal);
  const message = `${blamed.name}: ${blamed === unit ? call : "call"}${when}${inside}: ${overflow?.message ?? textOf(error)}${words}`;
  return new SimulationError("component-fault", message, { cause: error, place });
}

/**
 * The error itself or what caused it, where one of them is of the class: of a fault in a step that ran inside this one, whoever waited for it is not
 * to blame; of a full queue, whoever did not read from it is.
 */
function within<E extends Error>(error: unknown, type: new (...of: never[]) => E): E | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof type) return at;
  return undefined;
}

function kindOf(error: unknown): FaultKind {
  if (error instanceof ComponentError) return "error-result";
  if (!(error instanceof ComponentModelError)) return "trap";
  if (error.code === "memory-limit") return "memory";
  return error.code === "fuel" || error.code === "stack-depth" ? error.code : "trap";
}

/** What of the recording the unit's call could see: sensors with readings, in the order of their handles. */
function inputsOf(unit: Unit, bridge: SensorBridge): FaultInput[] {
  const arrived = new Map<number, number>();
  for (const { sensor } of bridge.arrivedSince(unit.arrivedFrom, undefined))
    arrived.set(sensor, (arrived.get(sensor) ?? 0) + 1);
  return bridge.sensors.filter(isOffered).flatMap(({ handle, name }): FaultInput[] => {
    const last = bridge.latest(handle);
    if (last === undefined) return [];
    const count = bridge.counts[handle] ?? 0;
    return [{ sensor: name, count, arrived: arrived.get(handle) ?? 0, lastUs: last.timeUs }];
  });
}

/** What the unit logged as an error at this instant: most guests say there why they give up. */
function lastWords(unit: Unit, nowUs: number, { lines }: Journal): string {
  const line = lines.findLast(
    ({ level, unit: name, timeUs }) => level === "error" && name === unit.name && timeUs === nowUs,
  );
  return line === undefined ? "" : ` (${line.message})`;
}

function textOf(error: unknown): string {
  return error instanceof ComponentError
    ? `answered with an error: ${payloadText(error.payload)}`
    : messageOf(error);
}

function payloadText(payload: unknown): string {
  if (typeof payload === "string") return payload;
  const text = JSON.stringify(payload, (_key, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  return text ?? String(payload);
}
