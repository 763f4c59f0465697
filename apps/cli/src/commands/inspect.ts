import { open } from "node:fs/promises";
import type { SourceOptions } from "@playhead/formats";
import type { Recording } from "@playhead/recording";
import { isPostgresUrl, maskPassword } from "@playhead/store";
import type { Command } from "commander";
import { UsageError } from "../failure.ts";
import { inspectComponent, type Shown } from "../inspect-component.ts";
import { nameFile } from "../name-file.ts";
import { openAnyRecording } from "../open-any-recording.ts";
import { clockLine, clockOf, headerOffsetUs } from "../recording-clock.ts";
import { readReport } from "../run-report-file.ts";
import { addSourceOptions, type SourceArguments, sourceOptions } from "../source-options.ts";
import { problemLines, summary } from "../summary.ts";
import { table } from "../table.ts";

interface Options extends SourceArguments {
  readonly json?: boolean;
  readonly svg?: string;
}

export function addInspect(program: Command): void {
  addSourceOptions(
    program
      .command("inspect")
      .description(
        "Show what is in a recording or a component; for outputs of a run also its report, with each component's time per step",
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

async function inspectRecording(file: string, reading: SourceOptions): Promise<Shown> {
  const recording = await openAnyRecording(file, reading);
  try {
    const run = await readReport(file);
    const time = clockOf(recording);
    const offsetUs = await headerOffsetUs(recording);
    const shown = maskPassword(file);
    return {
      json: {
        file: shown,
        kind: "recording",
        time,
        ...(offsetUs === undefined ? {} : { headerOffsetUs: offsetUs }),
        ...recordingJson(recording),
        ...(run === undefined ? {} : { run }),
      },
      text:
        recordingText(shown, recording, clockLine(time, offsetUs)) +
        (run === undefined
          ? ""
          : `
The run that made it
${summary(run)}`),
    };
  } finally {
    await recording.close();
  }
}

function recordingJson({ startUs, endUs, sensors, problems }: Recording): object {
  return { startUs, endUs, durationUs: endUs - startUs, sensors, problems };
}

function recordingText(
  file: string,
  { startUs, endUs, sensors, problems }: Recording,
  clock: string,
): string {
  const rows = sensors.map(({ name, kind, role, schema, count, rateHz }) => [
    name,
    role === "reference" ? `${kind}, reference` : kind,
    schema,
    count,
    Number(rateHz.toFixed(2)),
  ]);
  return [
    `${file}: ${((endUs - startUs) / 1e6).toFixed(3)} s from ${new Date(startUs / 1000).toISOString()}\n`,
    clock,
    `Sensors\n${table([["name", "kind", "schema", "readings", "Hz"], ...rows])}`,
    problemLines(problems, ""),
  ].join("");
}
