import { writeFile } from "node:fs/promises";
import { textOf } from "@playhead/wac/node";
import type { Command } from "commander";
import { OutputError, UsageError } from "./failure.ts";

/** The options of commands that write a component; the names are those of `wac`. */
export interface ComponentOutputOptions {
  readonly output?: string;
  readonly wat?: boolean;
}

export function addComponentOutput(command: Command): Command {
  return command
    .option("-o, --output <file>", "where to write the component (default: standard output)")
    .option("-t, --wat", "write the text format");
}

/** Writes a component, as bytes or as text. */
export async function writeComponent(
  bytes: Uint8Array,
  { output, wat }: ComponentOutputOptions,
): Promise<void> {
  if (output === undefined && wat !== true && process.stdout.isTTY)
    throw new UsageError(
      "a binary is not written to a terminal: give a file with -o, or -t for the text format",
    );
  const content = wat === true ? `${(await textOf(bytes)).trimEnd()}\n` : bytes;
  if (output === undefined) {
    process.stdout.write(content);
    return;
  }
  try {
    await writeFile(output, content);
  } catch (cause) {
    throw new OutputError(output, cause);
  }
}
