import { Command, CommanderError } from "commander";
import { COMMANDS } from "./commands.ts";
import { EXIT_CODES_HELP, ExitCode } from "./exit-code.ts";
import { maskPasswords } from "./mask-passwords.ts";
import { refuseAddressOutputs } from "./refuse-addresses.ts";
import { VERSION } from "./version.ts";

/** The `playhead` command with what this command line needs of it. */
async function makeProgram(args: readonly string[]): Promise<Command> {
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
  for (const add of await Promise.all(loaders(args).map((load) => load()))) add(program);
  for (const command of program.commands)
    command.exitOverride().option("--debug", "show stacks and causes of errors");
  return program;
}

/** Of the command that is named; of all where none is, or one that there is not: for the help, and for what was meant. */
function loaders(args: readonly string[]): (() => Promise<(program: Command) => void>)[] {
  const name = args.find((arg) => !arg.startsWith("-"));
  if (name === undefined && args.some((arg) => arg === "--version" || arg === "-V")) return [];
  const named = COMMANDS.get(name ?? "");
  return named === undefined ? [...COMMANDS.values()] : [named];
}

/** Runs a command line; sets `process.exitCode`, never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    const program = await makeProgram(argv.slice(2));
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) process.exitCode = ExitCode.usage;
      return;
    }
    const { reportFailure } = await import("./report-failure.ts");
    reportFailure(error, { json: argv.includes("--json"), debug: argv.includes("--debug") });
  }
}
