import type { Engine } from "../engine/engine.ts";
import type { Unit } from "../engine/unit.ts";
import type { Output } from "../outputs/output.ts";
import type { Condition } from "./command.ts";

/** Something that happens in an event of a run. */
export type Occurrence =
  | Exclude<Condition, { on: "time" }>
  | { readonly on: "any-event" }
  /** A message on any topic. */
  | { readonly on: "any-message" }
  /** A step of the unit, or of any. */
  | { readonly on: "run"; readonly unit?: string | undefined };

/** Looks at a run after each of its events; the engine may be another one than before, but not at an earlier event. */
export interface Watch {
  /** Whether it happened since the last look. */
  happened(engine: Engine): boolean;
}

/** Watches from where the engine is now on. */
export function watchFor(occurrence: Occurrence, engine: Engine): Watch {
  switch (occurrence.on) {
    case "any-event":
      return countWatch(engine, ({ events }) => events);
    case "any-message":
      return outputWatch(engine, ({ kind }) => kind === "message");
    case "message":
      return outputWatch(
        engine,
        (output) =>
          output.kind === "message" && output.topic === occurrence.topic && holds(occurrence, output.payload),
      );
    case "alert":
      return outputWatch(
        engine,
        ({ kind, isAlert, unit }) =>
          kind === "message" && isAlert && (occurrence.unit === undefined || occurrence.unit === unit),
      );
    case "health":
      return healthWatch(occurrence, engine);
    case "run":
      return countWatch(engine, (now) => stepsOf(occurrence.unit, now));
  }
}

/** A count becomes greater. */
function countWatch(engine: Engine, countOf: (engine: Engine) => number): Watch {
  let seen = countOf(engine);
  return {
    happened: (now) => {
      const before = seen;
      seen = countOf(now);
      return seen > before;
    },
  };
}

function outputWatch(
  engine: Engine,
  isMeant: (output: Output & { readonly isAlert: boolean }) => boolean,
): Watch {
  let seen = engine.outputCount;
  return {
    happened: (now) => {
      const fresh = now.waitingOutputs.filter(({ index }) => index >= seen);
      seen = now.outputCount;
      return fresh.some((output) => isMeant({ ...output, isAlert: isAlert(now, output) }));
    },
  };
}

function isAlert({ units }: Engine, { unit, topic }: Output): boolean {
  const publishes = units.find(({ name }) => name === unit)?.config.publishes ?? {};
  return Object.hasOwn(publishes, topic) && publishes[topic]?.role === "alerts";
}

/** A unit's health becomes what is meant: it was something else before. */
function healthWatch({ unit, state }: Extract<Condition, { on: "health" }>, engine: Engine): Watch {
  const isSo = ({ units }: Engine) => units.find(({ name }) => name === unit)?.health.state === state;
  let was = isSo(engine);
  return {
    happened: (now) => {
      const became = !was && isSo(now);
      was = isSo(now);
      return became;
    },
  };
}

/** Of the unit, or of all. */
function stepsOf(unit: string | undefined, { units }: Engine): number {
  return units.reduce(
    (sum, { name, steps }: Unit) => sum + (unit === undefined || unit === name ? steps.count : 0),
    0,
  );
}

/** Whether a message is one that the condition means. What is not JSON has no fields. */
function holds({ field, is, value }: Extract<Condition, { on: "message" }>, payload: Uint8Array): boolean {
  if (field === undefined) return true;
  const found = fieldOf(payload, field);
  if (is === undefined || is === "exists") return found !== undefined;
  return found !== undefined && compares(found, is, value);
}

/** The value at the end of a path of keys and positions; undefined where there is none. */
function fieldOf(payload: Uint8Array, path: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** Order is between two numbers or two texts; other values are equal or not. */
function compares(found: unknown, is: string, wanted: unknown): boolean {
  if (is === "=") return found === wanted;
  if (is === "!=") return found !== wanted;
  const ordered =
    (typeof found === "number" && typeof wanted === "number") ||
    (typeof found === "string" && typeof wanted === "string");
  if (!ordered) return false;
  if (is === "<") return found < wanted;
  if (is === "<=") return found <= wanted;
  return is === ">" ? found > wanted : found >= wanted;
}
