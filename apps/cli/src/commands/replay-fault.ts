import { stat } from "node:fs/promises";
import { join } from "node:path";
import { RecordingError } from "@playhead/recording";
import { type CapsuleFailure, type CapsuleReplay, replayCapsule } from "@playhead/simulator";
import type { Command } from "commander";
import { ExitCode } from "../exit-code.ts";
import { printable } from "../printable.ts";
import { inputsText } from "../throw-if-failed.ts";

interface Options {
  readonly json?: boolean;
}

const EXAMPLES = `
A capsule is a folder with the state of the run before the failing call, the readings from there on, the components and the configuration: it needs
neither the recording nor the composition. Exit code 0: the same call fails in the same way. 6: it does not fail, or in another way.

Examples:
  playhead run drive.mcap --composition my.wac --capsules faults
  playhead replay-fault faults/tracker-1234
`;

export function addReplayFault(program: Command): void {
  program
    .command("replay-fault")
    .description(
      "Run to a call that failed, from the capsule that the run left, and see whether it fails again",
    )
    .argument("<capsule>", "folder: see `playhead run --capsules`")
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", EXAMPLES)
    .action(replayFault);
}

async function replayFault(folder: string, { json }: Options): Promise<void> {
  if ((await stat(join(folder, "capsule.json")).catch(() => undefined)) === undefined)
    throw new RecordingError("not-found", {
      expected: "the folder of a capsule, as `playhead run --capsules` leaves it",
      found: "no capsule.json in it",
      where: folder,
    });
  const replay = await replayCapsule(folder);
  if (!replay.reproduced) process.exitCode = ExitCode.different;
  process.stdout.write(json === true ? `${JSON.stringify({ capsule: folder, ...replay })}\n` : text(replay));
}

function text(replay: CapsuleReplay): string {
  const { reproduced, expected, found, fromUs, startUs, events, node } = replay;
  const from = ((fromUs - startUs) / 1e6).toFixed(6);
  const ran = `Ran ${events} ${events === 1 ? "event" : "events"} from ${from} s\n`;
  if (reproduced)
    return `Reproduced  ${printable(expected.message)}\n${ran}${inputsText(expected.place.inputs, startUs)}`;
  const engines =
    node === process.version
      ? ""
      : `The capsule was written on Node.js ${printable(node)}, this is ${process.version}\n`;
  return `Not reproduced\nExpected    ${lineOf(expected)}Found       ${found === undefined ? "no failure\n" : lineOf(found)}${ran}${engines}`;
}

function lineOf({ message, place }: CapsuleFailure): string {
  return `${printable(message)} (instance ${printable(place.instance)}, event ${place.event ?? "unknown"})\n`;
}
