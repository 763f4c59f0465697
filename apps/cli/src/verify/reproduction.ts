import { copyFile, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { Finding, Move, RunPlan, TrialResult } from "@playhead/simulator";
import { makeFolders } from "@playhead/store";
import { OutputError } from "../failure.ts";
import { maskPasswords } from "../mask-passwords.ts";
import type { RunRequest } from "../open-run.ts";
import { isAddress } from "../refuse-addresses.ts";
import { writeExcerpt } from "./excerpt.ts";

/** What it takes to see a difference again. */
export interface ReproductionParts {
  readonly request: RunRequest;
  readonly plan: RunPlan;
  readonly finding: Finding;
  readonly seed: string;
  /** How many random patterns there were. */
  readonly patterns: number;
  /** What was found, as text and as JSON. */
  readonly text: string;
  readonly json: object;
}

/**
 * Writes a folder with what it takes to see a difference again: what was found, the command lines, the moves, the outputs of both runs, and the part of the
 * recording up to the difference.
 *
 * @throws OutputError
 */
export async function writeReproduction(folder: string, parts: ReproductionParts): Promise<void> {
  try {
    makeFolders(folder);
    const { a, b } = parts.finding;
    await writeFile(join(folder, "moves.json"), `${JSON.stringify(repeatable(b), undefined, 1)}\n`);
    await writeFile(join(folder, "found.json"), `${JSON.stringify(parts.json, undefined, 1)}\n`);
    for (const [name, { outputsAt }] of [["a.mcap", a] as const, ["b.mcap", b] as const])
      await copyFile(outputsAt, join(folder, name)).catch(() => undefined);
    await writeFile(join(folder, "README.md"), await readme(folder, parts));
  } catch (cause) {
    throw new OutputError(folder, cause);
  }
}

/** The moves of a run: where it played, to the place that it came to. */
function repeatable({ trial, visits }: TrialResult): object {
  const moves = trial.way.moves.map((move, at): Move => {
    const before = visits.findLast((visit) => visit.move < at);
    const visit = visits.find((candidate) => candidate.move === at);
    if (move.type !== "play" || visit === undefined) return move;
    const { events, timeUs } = visit;
    if (events < (before?.events ?? 0)) return { type: "commands", commands: [{ type: "seek", timeUs }] };
    return { type: "go", events, timeUs };
  });
  return { name: trial.way.name, moves, checkpointCostMs: trial.way.checkpointCostMs };
}

async function readme(
  folder: string,
  { request, plan, finding, seed, patterns, text }: ReproductionParts,
): Promise<string> {
  const all = commandLine(folder, request, request.recording, [
    ...(request.from === undefined ? [] : ["--from", request.from]),
    ...(request.to === undefined ? [] : ["--to", request.to]),
    ...["--runs", String(patterns), "--seed", seed],
  ]);
  return [
    "# Two runs of the same that are not the same\n",
    `\`\`\`text\n${text}\`\`\`\n`,
    `Once more, with the same seed (run it in this folder):\n\n\`\`\`sh\n${all}\n\`\`\`\n`,
    await excerptText(folder, request, plan, finding),
    "`moves.json` has what was done with the playhead in run b, `a.mcap` and `b.mcap` the outputs of both runs (`playhead diff a.mcap b.mcap`), `found.json` all that was found.\n",
  ].join("\n");
}

async function excerptText(
  folder: string,
  request: RunRequest,
  plan: RunPlan,
  finding: Finding,
): Promise<string> {
  const foundUs = finding.difference?.first?.timeUs ?? finding.state?.timeUs ?? plan.endUs;
  try {
    const untilUs = foundUs + plan.config.lookAheadUs;
    const { startUs, messages } = await writeExcerpt(
      request.recording,
      join(folder, "excerpt.mcap"),
      plan.startUs,
      untilUs,
    );
    const line = commandLine(folder, request, undefined, [
      ...["--from", seconds(plan.startUs - startUs), "--to", seconds(foundUs - startUs)],
      ...["--moves", "moves.json"],
    ]);
    return `With the ${messages} messages of the recording up to there, and the same moves:\n\n\`\`\`sh\n${line}\n\`\`\`\n`;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return `There is no excerpt of the recording: ${maskPasswords(reason)}\n`;
  }
}

/** @param recording the excerpt in the folder, without */
function commandLine(
  folder: string,
  { composition, config, overlays = [], depsDirs }: RunRequest,
  recording: string | undefined,
  options: readonly string[],
): string {
  const fromHere = (file: string): string =>
    isAddress(file) ? maskPasswords(file) : relative(resolve(folder), resolve(file));
  return [
    ...["playhead", "verify", recording === undefined ? "excerpt.mcap" : fromHere(recording)],
    ...(composition === undefined ? [] : ["--composition", fromHere(composition)]),
    ...(config === undefined ? [] : ["--config", fromHere(config)]),
    ...overlays.flatMap((overlay) => ["--overlay", fromHere(overlay)]),
    ...depsDirs.flatMap((deps) => ["--deps-dir", fromHere(deps)]),
    ...options,
  ]
    .map(quoted)
    .join(" ");
}

function quoted(argument: string): string {
  return /^[\w./:=@%+,-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

function seconds(us: number): string {
  return (us / 1e6).toFixed(6);
}
