import { type Finding, nameOfTrial, type Verification } from "@playhead/simulator";
import { divergenceText, isoTime } from "../diff-text.ts";
import { printable } from "../printable.ts";
import { table } from "../table.ts";

/** What came of `verify`, for people. */
export function verifyText({ equal, finding, trials, places, plain }: Verification): string {
  const runs = `Runs        ${trials.length}: ${trials.join("; ")}\n`;
  if (equal)
    return [
      `Equal: every run gives the same outputs and ends the same\n`,
      runs,
      `Places      ${places}, each with the state of the plain run\n`,
      `Run hash    ${plain.runHash}\n`,
    ].join("");
  return (finding === undefined ? "" : findingText(finding)) + runs;
}

/** The difference, narrowed down: a is the plain run. */
export function findingText({ a, b, difference, state }: Finding): string {
  const [plain, other] = [nameOfTrial(a.trial), nameOfTrial(b.trial)];
  const lines = [`Different: ${other} (b) is not ${plain} (a)\n`];
  if (difference?.kind === "replay")
    lines.push("An output was not the same when the run went back and gave it again.\n");
  if (difference?.first !== undefined) lines.push(`First difference\n${divergenceText(difference.first)}`);
  if (state !== undefined)
    lines.push(
      "State\n",
      `  differs    at ${isoTime(state.timeUs)}, after ${state.events} events\n`,
      state.equalUntil < 0 ? "" : `  was equal  after ${state.equalUntil} events\n`,
      state.components.length === 0 ? "" : `  component  ${printable(state.components.join(", "))}\n`,
      `  in         ${printable(state.parts.join(", "))}\n`,
    );
  if (difference !== undefined && difference.topics.length > 0) {
    const rows = difference.topics.map((t) => [t.topic, t.a, t.b, t.different, t.onlyA, t.onlyB]);
    const head = ["topic", "a", "b", "other content", "only in a", "only in b"];
    lines.push(`Messages that differ\n${table([head, ...rows])}`);
  }
  if (difference !== undefined && difference.end.length > 0)
    lines.push(
      `In the end\n${table([["", "a", "b"], ...difference.end.map((end) => [end.what, end.a ?? "–", end.b ?? "–"])])}`,
    );
  return lines.join("");
}

/** The same for programs. */
export function verifyJson({ equal, finding, trials, places, plain }: Verification, seed: string): object {
  const { runHash, inputHash, state, error, events, outputs } = plain;
  return {
    ...{ equal, seed, runs: trials, places, plain: { runHash, inputHash, state, error, events, outputs } },
    finding:
      finding === undefined
        ? undefined
        : {
            a: nameOfTrial(finding.a.trial),
            b: nameOfTrial(finding.b.trial),
            difference: finding.difference,
            state: finding.state,
          },
  };
}
