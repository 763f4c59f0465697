import type { Laboratory, Trial, TrialResult } from "./laboratory.ts";
import type { Visit } from "./run-way.ts";
import type { Move } from "./way.ts";

/** The first place known where the states of two runs differ. */
export interface StateDifference {
  readonly timeUs: number;
  /** Events that both have run there. */
  readonly events: number;
  /** Events at the last place before where they were still equal; −1 where no such place is known. */
  readonly equalUntil: number;
  /** Parts of the state that differ: `instance <path>`, `bus`, … */
  readonly parts: readonly string[];
  /** Units whose instances differ. */
  readonly components: readonly string[];
}

const POINTS = 16;
const MOST_ROUNDS = 8;

/**
 * Finds the event after which the states of two ways of running first differ, by running both again and again with ever closer stops.
 *
 * @param untilUs where they certainly differ
 * @returns undefined where they came out equal this time
 */
export async function firstDifferentState(
  laboratory: Laboratory,
  a: Trial,
  b: Trial,
  untilUs: number,
): Promise<StateDifference | undefined> {
  const seek: Move = { type: "commands", commands: [{ type: "seek", timeUs: untilUs }] };
  const reached = await laboratory.run(stopping(a, [seek]));
  await laboratory.discard(reached);
  let equalUntil = -1;
  let differsAt = reached.visits[0]?.events ?? 0;
  let found: StateDifference | undefined;
  for (let round = 0; round < MOST_ROUNDS && differsAt - equalUntil > 1; round++) {
    const moves = pointsBetween(equalUntil, differsAt).map((events): Move => ({ type: "go", events }));
    const [left, right] = [
      await laboratory.run(stopping(a, moves)),
      await laboratory.run(stopping(b, moves)),
    ];
    for (const result of [left, right]) await laboratory.discard(result);
    const next = firstDifference(left, right.visits, equalUntil);
    if (next === undefined) break;
    found = next;
    equalUntil = next.equalUntil;
    differsAt = next.events;
  }
  return found;
}

/** The first of the places of a straight run, in their order, where another run had another state. */
export function firstDifference(
  straight: Pick<TrialResult, "visits" | "units">,
  visits: readonly Visit[],
  equalUntil = -1,
): StateDifference | undefined {
  const byPlace = new Map(visits.map((visit) => [placeOf(visit), visit]));
  let equal = equalUntil;
  for (const visit of straight.visits) {
    const other = byPlace.get(placeOf(visit));
    const parts = other === undefined ? [] : differentParts(visit, other);
    if (parts.length > 0) {
      const components = [...new Set(parts.flatMap((part) => straight.units[part] ?? []))];
      return { timeUs: visit.timeUs, events: visit.events, equalUntil: equal, parts, components };
    }
    if (other !== undefined) equal = visit.events;
  }
  return undefined;
}

/** Events and time: tells the places of a run apart. */
export function placeOf({ events, timeUs }: Pick<Visit, "events" | "timeUs">): string {
  return `${events} ${timeUs}`;
}

/** Instances that only one of them has (a composition is linked in one and encoded in the other) are not compared. */
function differentParts(a: Visit, b: Visit): string[] {
  return Object.keys(a.parts).filter(
    (part) => b.parts[part] !== undefined && a.parts[part] !== b.parts[part],
  );
}

/** Whole numbers above the first up to the second, at most `POINTS`, evenly. */
function pointsBetween(after: number, upTo: number): number[] {
  const count = Math.min(POINTS, upTo - after);
  return Array.from({ length: count }, (_, at) => after + Math.ceil(((at + 1) * (upTo - after)) / count));
}

function stopping({ way, variant }: Trial, moves: readonly Move[]): Trial {
  return { variant, way: { name: `${way.name}: states`, moves, checkpointCostMs: false, stopsThere: true } };
}
