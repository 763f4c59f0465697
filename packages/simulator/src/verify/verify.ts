import { firstDifference, firstDifferentState, placeOf, type StateDifference } from "./compare-states.ts";
import { compareTrials, type TrialDifference } from "./compare-trials.ts";
import { type Laboratory, nameOf, type Trial, type TrialResult, type Variant } from "./laboratory.ts";
import { randomWay, type WayRange } from "./random-way.ts";
import { type Move, plainWay, type Way } from "./way.ts";

export interface VerifyOptions {
  readonly range: WayRange;
  /** Decides the patterns. */
  readonly seed: string;
  /** How many random patterns of commands. */
  readonly patterns: number;
  /** Ways to go instead of random patterns. */
  readonly ways?: readonly Way[] | undefined;
  /** Which ways of putting together and running there are beside `linked`. */
  readonly variants: readonly Variant[];
  /** Is told which run begins, counting from 0, of how many. */
  readonly onTrial?: (name: string, index: number, count: number) => void;
}

/** What came of verifying a run. */
export interface Verification {
  readonly equal: boolean;
  /** Of the plain run. */
  readonly plain: TrialResult;
  /** The runs that were made, by name. */
  readonly trials: readonly string[];
  /** Places at which the state was compared with the plain run's. */
  readonly places: number;
  readonly finding: Finding | undefined;
}

/** A difference, narrowed down. */
export interface Finding {
  readonly a: TrialResult;
  readonly b: TrialResult;
  /** What differs in the outputs or at the end; undefined where only a state does. */
  readonly difference: TrialDifference | undefined;
  /** The first place known where the states differ. */
  readonly state: StateDifference | undefined;
}

/**
 * Runs the same again and again – straight, by random commands with and without checkpoints, put together and run in other ways – and holds
 * every run against the plain one: outputs, end, and the state wherever the playhead rested. Stops at the first difference and narrows it down.
 */
export async function verify(laboratory: Laboratory, options: VerifyOptions): Promise<Verification> {
  const trials = trialsOf(options);
  const names: string[] = [];
  const run = (trial: Trial): Promise<TrialResult> => {
    options.onTrial?.(nameOf(trial), names.length, trials.length + 2);
    names.push(nameOf(trial));
    return laboratory.run(trial);
  };
  const plain = await run({ way: plainWay("plain"), variant: "linked" });
  const moved: TrialResult[] = [];
  const outcome = (finding: Finding | undefined, places = 0): Verification => ({
    ...{ equal: finding === undefined, plain, trials: names, places, finding },
  });
  for (const trial of trials) {
    const result = await run(trial);
    const difference = await compareTrials(laboratory, plain, result);
    if (difference !== undefined) return outcome(await narrowed(laboratory, plain, result, difference));
    await laboratory.discard(result);
    if (result.visits.length > 0) moved.push(result);
  }
  const straight = await run({ way: visitingWay(moved), variant: "linked" });
  for (const result of moved) {
    const state = firstDifference(straight, result.visits);
    if (state !== undefined) return outcome({ a: straight, b: result, difference: undefined, state });
  }
  await laboratory.discard(straight);
  return outcome(undefined, straight.visits.length);
}

function trialsOf({ range, seed, patterns, variants, ways: given }: VerifyOptions): Trial[] {
  const ways = given ?? Array.from({ length: patterns }, (_, at) => randomWay(seed, at + 1, range));
  return [
    { way: plainWay("again"), variant: "linked" },
    ...ways.map((way): Trial => ({ way, variant: "linked" })),
    ...variants.flatMap((variant): Trial[] => [
      { way: plainWay("plain"), variant },
      ...ways.slice(0, 1).map((way): Trial => ({ way, variant })),
    ]),
  ];
}

/** Straight through all the places where the runs rested. */
function visitingWay(results: readonly TrialResult[]): Way {
  const places = new Map(results.flatMap(({ visits }) => visits).map((visit) => [placeOf(visit), visit]));
  const moves = [...places.values()]
    .sort((a, b) => a.events - b.events || a.timeUs - b.timeUs)
    .map(({ events, timeUs }): Move => ({ type: "go", events, timeUs }));
  return { name: "the places visited", moves, checkpointCostMs: false, stopsThere: true };
}

async function narrowed(
  laboratory: Laboratory,
  plain: TrialResult,
  result: TrialResult,
  difference: TrialDifference,
): Promise<Finding> {
  const finding = { a: plain, b: result, difference };
  if (result.visits.length > 0) {
    const straight = await laboratory.run({ way: visitingWay([result]), variant: "linked" });
    await laboratory.discard(straight);
    return { ...finding, state: firstDifference(straight, result.visits) };
  }
  const untilUs = difference.first?.timeUs ?? plain.timeUs;
  return { ...finding, state: await firstDifferentState(laboratory, plain.trial, result.trial, untilUs) };
}
