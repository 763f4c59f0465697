import { diffPayloads } from "./diff-payloads.ts";
import { type Divergence, diffRuns, type NamedDifference, type TopicDifference } from "./diff-runs.ts";
import type { Laboratory, TrialResult } from "./laboratory.ts";
import type { RecordedOutput } from "./recorded-run.ts";
import type { ReplayDifference } from "./replay-check.ts";

/** How two runs of the same differ. */
export interface TrialDifference {
  /**
   * - `outputs`: an output is not the same
   * - `replay`: an output was not the same when the second run went back and gave it again
   * - `end`: the outputs are the same, and yet the runs did not end the same
   */
  readonly kind: "outputs" | "replay" | "end";
  readonly first: Divergence | undefined;
  readonly topics: readonly TopicDifference[];
  /** What the runs came to, where that differs. */
  readonly end: readonly NamedDifference[];
}

/** Undefined where the runs are equal. */
export async function compareTrials(
  laboratory: Laboratory,
  a: TrialResult,
  b: TrialResult,
): Promise<TrialDifference | undefined> {
  const end = endDifferences(a, b);
  const diff = await diffOf(laboratory, a, b);
  const { first, topics } = diff;
  const replayed = b.replayDifference;
  if (replayed !== undefined && replayed.index <= (first?.index ?? replayed.index))
    return { kind: "replay", first: await replayDivergence(laboratory, b, replayed), topics, end };
  if (first !== undefined) return { kind: "outputs", first, topics, end };
  return end.length === 0 ? undefined : { kind: "end", first: undefined, topics: [], end };
}

async function diffOf(laboratory: Laboratory, a: TrialResult, b: TrialResult): ReturnType<typeof diffRuns> {
  const [left, right] = [await laboratory.open(a), await laboratory.open(b)];
  try {
    return await diffRuns(left, right);
  } finally {
    await left.close();
    await right.close();
  }
}

const ENDS = ["inputHash", "state", "error", "timeUs", "events", "outputs", "runHash"] as const;

function endDifferences(a: TrialResult, b: TrialResult): NamedDifference[] {
  return ENDS.flatMap((what) =>
    a[what] === b[what] ? [] : [{ what, a: String(a[what]), b: String(b[what]) }],
  );
}

/** The output as it was recorded, beside the one that the replay gave. */
async function replayDivergence(
  laboratory: Laboratory,
  result: TrialResult,
  replayed: ReplayDifference,
): Promise<Divergence> {
  const { index, timeUs, unit, topic, payload } = replayed;
  const first = await outputAt(laboratory, result, index);
  const same = first !== undefined && first.topic.topic === topic && first.timeUs === timeUs;
  return {
    ...{ kind: same ? "payload" : "only-b", index, timeUs, unit, topic },
    payload: same ? diffPayloads(first.topic, first.payload, payload) : undefined,
  };
}

async function outputAt(
  laboratory: Laboratory,
  result: TrialResult,
  index: number,
): Promise<RecordedOutput | undefined> {
  const run = await laboratory.open(result);
  try {
    for await (const output of run.messages()) if (output.index === index) return output;
    return undefined;
  } finally {
    await run.close();
  }
}
