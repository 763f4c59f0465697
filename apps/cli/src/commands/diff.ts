import { diffRuns, type RunDiff } from "@playhead/simulator";
import type { Command } from "commander";
import { diffText, plainData } from "../diff-text.ts";
import { ExitCode } from "../exit-code.ts";
import { maskPasswords } from "../mask-passwords.ts";
import { openRecorded } from "../open-recorded.ts";
import { Progress } from "../progress.ts";

interface Options {
  readonly json?: boolean;
}

const EXAMPLES = `
The first difference is told in total order: time, unit, topic, byte and, where the messages can be read, the field. Exit code 6 says that the outputs
differ. What the runs were made of (recording, composition, configuration) is told where it differs, and is no difference by itself.

Examples:
  playhead run drive.mcap --out a.mcap && playhead run drive.mcap --speed 1 --out b.mcap && playhead diff a.mcap b.mcap
  playhead diff a.mcap b.mcap --json | jq .first
`;

export function addDiff(program: Command): void {
  program
    .command("diff")
    .description("Compare two recorded runs, message by message, and show where they first differ")
    .argument("<a>", "outputs of a run: MCAP file, or postgres://user@host/database/recording")
    .argument("<b>", "the other one")
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", EXAMPLES)
    .action(diff);
}

async function diff(givenA: string, givenB: string, { json }: Options): Promise<void> {
  const found = await diffRecorded(givenA, givenB);
  const [a, b] = [maskPasswords(givenA), maskPasswords(givenB)];
  if (!found.equal) process.exitCode = ExitCode.different;
  process.stdout.write(
    json === true ? `${JSON.stringify({ a, b, ...plainData(found) })}\n` : diffText(a, b, found),
  );
}

async function diffRecorded(a: string, b: string): Promise<RunDiff> {
  const progress = new Progress();
  const left = await openRecorded(a);
  try {
    const right = await openRecorded(b);
    try {
      const all = Math.max(1, left.messageCount);
      return await diffRuns(left, right, (read) => progress.show(read / all, `${read} messages`));
    } finally {
      await right.close();
    }
  } finally {
    progress.clear();
    await left.close();
  }
}
