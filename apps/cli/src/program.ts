import { Command, CommanderError } from "commander";
import { addCompose } from "./commands/compose.ts";
import { addConvert } from "./commands/convert.ts";
import { addDb } from "./commands/db.ts";
import { addDiff } from "./commands/diff.ts";
import { addEvaluate } from "./commands/evaluate.ts";
import { addExport } from "./commands/export.ts";
import { addImport } from "./commands/import.ts";
import { addIngest } from "./commands/ingest.ts";
import { addInspect } from "./commands/inspect.ts";
import { addMcp } from "./commands/mcp.ts";
import { addParse } from "./commands/parse.ts";
import { addPlug } from "./commands/plug.ts";
import { addReplayFault } from "./commands/replay-fault.ts";
import { addRun } from "./commands/run.ts";
import { addStudio } from "./commands/studio.ts";
import { addSynth } from "./commands/synth.ts";
import { addTable } from "./commands/table.ts";
import { addTargets } from "./commands/targets.ts";
import { addVerify } from "./commands/verify.ts";
import { addVerifyWay } from "./commands/verify-way.ts";
import { EXIT_CODES_HELP, ExitCode } from "./exit-code.ts";
import { maskPasswords } from "./mask-passwords.ts";
import { refuseAddressOutputs } from "./refuse-addresses.ts";
import { reportFailure } from "./report-failure.ts";
import { tolerateClosedPipes } from "./tolerate-closed-pipes.ts";
import { VERSION } from "./version.ts";

/** The `playhead` command with all that it can do. */
function makeProgram(): Command {
  const program = new Command("playhead")
    .description(
      "Replays recorded sensor data through WebAssembly components, exactly, with a playhead that moves",
    )
    .version(VERSION)
    .option("--debug", "show stacks and causes of errors")
    .addHelpText(
      "after",
      `\n${EXIT_CODES_HELP}\n\nExample:\n  playhead synth -o drive.mcap && playhead run drive.mcap\n`,
    )
    .showSuggestionAfterError()
    .configureOutput({ writeErr: (text) => process.stderr.write(maskPasswords(text)) })
    .hook("preAction", (_, command) => refuseAddressOutputs(command.opts()))
    .exitOverride();
  for (const add of [
    addRun,
    addStudio,
    addSynth,
    addImport,
    addConvert,
    addTable,
    addInspect,
    addCompose,
    addPlug,
    addTargets,
    addParse,
    addVerify,
    addVerifyWay,
    addDiff,
    addReplayFault,
    addIngest,
    addExport,
    addDb,
    addEvaluate,
    addMcp,
  ])
    add(program);
  for (const command of program.commands)
    command.exitOverride().option("--debug", "show stacks and causes of errors");
  return program;
}

/** Runs a command line; sets `process.exitCode`, never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = makeProgram();
  tolerateClosedPipes();
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) process.exitCode = ExitCode.usage;
      return;
    }
    reportFailure(error, { json: argv.includes("--json"), debug: argv.includes("--debug") });
  }
}
