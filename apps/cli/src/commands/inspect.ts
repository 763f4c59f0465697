import { open } from "node:fs/promises";
import { isPostgresUrl } from "@playhead/store";
import type { Command } from "commander";
import { UsageError } from "../failure.ts";
import { inspectComponent } from "../inspect-component.ts";
import { inspectRecording } from "../inspect-recording.ts";
import { nameFile } from "../name-file.ts";
import { addSourceOptions, type SourceArguments, sourceOptions } from "../source-options.ts";

interface Options extends SourceArguments {
  readonly json?: boolean;
  readonly svg?: string;
}

export function addInspect(program: Command): void {
  addSourceOptions(
    program
      .command("inspect")
      .description(
        "Show what is in a recording (its sensors with their frames, intrinsics and mountings, its metadata) or a component; for outputs of a run also its report, with each component's time per step",
      )
      .argument("<file>", "recording (MCAP, ROS bag, …, address in a database) or component"),
  )
    .option("--json", "print one JSON object on standard output")
    .option("--svg <file>", "draw the instances inside a composed component, and the wires between them")
    .addHelpText(
      "after",
      "\nExamples:\n  playhead inspect drive.mcap\n  playhead inspect drive.bag --time header\n  playhead inspect tracker.wasm\n  playhead inspect composed.wasm --svg composed.svg\n",
    )
    .action(inspect);
}

async function inspect(file: string, options: Options): Promise<void> {
  const { json, svg } = options;
  const isWasm = !isPostgresUrl(file) && (await nameFile(file, () => startsLikeWasm(file)));
  if (!isWasm && svg !== undefined) throw new UsageError("inspect: --svg draws components, not recordings");
  const shown = isWasm
    ? await inspectComponent(file, svg)
    : await inspectRecording(file, sourceOptions(options));
  process.stdout.write(json === true ? `${JSON.stringify(shown.json)}\n` : shown.text);
}

async function startsLikeWasm(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    if ((await handle.stat()).isDirectory()) return false;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.equals(Buffer.from("\0asm", "latin1"));
  } finally {
    await handle.close();
  }
}
