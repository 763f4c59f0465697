import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunPlan, type Variant, type Verification, verify, type Way } from "@playhead/simulator";
import type { Command } from "commander";
import { plainData } from "../diff-text.ts";
import { ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { interruptible } from "../interruptible.ts";
import { openRun, type RunRequest } from "../open-run.ts";
import { Progress } from "../progress.ts";
import { recordingName } from "../recording-name.ts";
import { wholeRun } from "../run-file.ts";
import { addRunOptions, type RunOptions, runRequest } from "../run-options.ts";
import { ChildRuns } from "../verify/child-runs.ts";
import { writeReproduction } from "../verify/reproduction.ts";
import { makeSetups } from "../verify/setups.ts";
import { findingText, verifyJson, verifyText } from "../verify/verify-text.ts";

interface Options extends RunOptions {
  readonly runs: string;
  readonly seed: string;
  readonly node?: string;
  readonly moves?: string;
  readonly out?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Each run is a process of its own. They are: straight through, twice; by random play, pause, steps forward and back, seeks, speeds and loops, every other one with checkpoints; with the
composition encoded into one component; and with another Node where --node names one. All outputs are compared, and the whole state wherever the
playhead rested. The first difference ends it: exit code 6, what differs first by time, component, topic, byte and field, and a folder with what it takes to see
it again.

Examples:
  playhead verify drive.mcap
  playhead verify drive.mcap --composition my.wac --from 10 --to 20 --runs 20 --seed 7
  playhead verify drive.mcap --node ~/node-24/bin/node --json | jq .finding.state.components
`;

export function addVerify(program: Command): void {
  addRunOptions(
    program
      .command("verify")
      .description("Prove that a run is repeatable: run it in many ways, and show where one differs")
      .argument("<recording>", "recording, as for run"),
  )
    .option("--runs <n>", "how many random patterns of commands", "4")
    .option("--seed <text>", "decides the patterns", "1")
    .option("--node <program>", "another Node to run with as well")
    .option("--moves <file>", "moves.json of an earlier finding, instead of random patterns")
    .option("--out <folder>", "where a difference is written to (default: verify-<recording>-<seed>)")
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", EXAMPLES)
    .action(verifyRecording);
}

async function verifyRecording(given: string, givenOptions: Options): Promise<void> {
  const { recording, options } = await wholeRun(given, givenOptions);
  const patterns = Number(options.runs);
  if (!Number.isInteger(patterns) || patterns < 0 || patterns > 10_000)
    throw new UsageError(`--runs: expected a number from 0 to 10000, found ${options.runs}`);
  const way = options.moves === undefined ? undefined : await readMoves(options.moves);
  const request = runRequest(recording, options);
  const plan = await openRun(request);
  const folder = await mkdtemp(join(tmpdir(), "playhead-verify-"));
  try {
    const found = await interruptible((signal) =>
      verifyIn(folder, { request, plan, options, patterns, ways: way && [way] }, signal),
    );
    if (found === undefined) return;
    await tell(found, { request, plan, options, patterns });
  } finally {
    await plan.recording.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Wanted {
  readonly request: RunRequest;
  readonly plan: RunPlan;
  readonly options: Options;
  readonly patterns: number;
  readonly ways: readonly Way[] | undefined;
}

/** Undefined where it was ended early. */
async function verifyIn(
  folder: string,
  { request, plan, options, patterns, ways }: Wanted,
  signal: AbortSignal,
): Promise<Verification | undefined> {
  const setups = await makeSetups(request, options.node, folder);
  const variants = [...setups.keys()].filter((variant): variant is Variant => variant !== "linked");
  const progress = new Progress();
  try {
    return await verify(new ChildRuns({ folder, setups, signal }), {
      ...{ range: plan, seed: options.seed, patterns, ways, variants },
      onTrial: (name, index, count) => progress.show(index / count, name),
    });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    progress.clear();
  }
}

async function tell(
  found: Verification,
  { request, plan, options, patterns }: Omit<Wanted, "ways">,
): Promise<void> {
  const { finding } = found;
  const json = plainData(verifyJson(found, options.seed));
  let reproduction: string | undefined;
  if (finding !== undefined) {
    process.exitCode = ExitCode.different;
    const name = (await recordingName(request.recording)).replaceAll(/[\\/\0]/g, "_");
    reproduction = options.out ?? `verify-${name}-${options.seed.replaceAll(/[^\w.-]/g, "_")}`;
    const text = findingText(finding);
    await writeReproduction(reproduction, {
      ...{ request, plan, finding, seed: options.seed, patterns, text, json },
    });
  }
  const where = reproduction === undefined ? "" : `Written to  ${reproduction}\n`;
  process.stdout.write(
    options.json === true ? `${JSON.stringify({ ...json, reproduction })}\n` : verifyText(found) + where,
  );
}

async function readMoves(file: string): Promise<Way> {
  const text = await readFile(file, "utf8");
  try {
    const way = JSON.parse(text) as Way;
    if (Array.isArray(way.moves)) return way;
  } catch {
    // Told below.
  }
  throw new UsageError(`${file}: expected the moves.json of an earlier finding`);
}
