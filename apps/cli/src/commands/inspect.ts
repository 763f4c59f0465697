import { open, readFile } from "node:fs/promises";
import { type ComponentType, decodeComponent, isComponent, printType } from "@playhead/component-model";
import type { Recording } from "@playhead/recording";
import { openRecording } from "@playhead/store";
import type { Command } from "commander";
import { printable, printableLines } from "../printable.ts";
import { readReport } from "../run-report-file.ts";
import { problemLines, summary } from "../summary.ts";
import { table } from "../table.ts";

interface Options {
  readonly json?: boolean;
}

export function addInspect(program: Command): void {
  program
    .command("inspect")
    .description(
      "Show what is in a recording or a component; for outputs of a run also its report, with each component's time per step",
    )
    .argument("<file>", "MCAP file or component")
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", "\nExamples:\n  playhead inspect drive.mcap\n  playhead inspect tracker.wasm\n")
    .action(inspect);
}

async function inspect(file: string, { json }: Options): Promise<void> {
  const shown = (await startsLikeWasm(file)) ? await inspectComponent(file) : await inspectRecording(file);
  process.stdout.write(json === true ? `${JSON.stringify(shown.json)}\n` : shown.text);
}

interface Shown {
  readonly json: object;
  readonly text: string;
}

async function startsLikeWasm(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.equals(Buffer.from("\0asm", "latin1"));
  } finally {
    await handle.close();
  }
}

async function inspectComponent(file: string): Promise<Shown> {
  const bytes = await readFile(file);
  const { type } = decodeComponent(bytes, { name: file });
  const sides = { imports: describe(type.imports), exports: describe(type.exports) };
  const side = (title: string, entries: Record<string, string>): string =>
    `${title}\n${Object.entries(entries)
      .map(([name, text]) => `  ${printable(name)}: ${printableLines(text).replaceAll("\n", "\n  ")}\n`)
      .join("")}`;
  return {
    json: { file, kind: "component", bytes: bytes.length, isComponent: isComponent(bytes), ...sides },
    text: `${file}: a component of ${bytes.length} bytes\n${side("Imports", sides.imports)}${side("Exports", sides.exports)}`,
  };
}

function describe(side: ComponentType["imports"]): Record<string, string> {
  return Object.fromEntries([...side].map(([name, type]) => [name, printType(type)]));
}

async function inspectRecording(file: string): Promise<Shown> {
  const recording = await openRecording(file);
  try {
    const run = await readReport(file);
    return {
      json: { file, kind: "recording", ...recordingJson(recording), ...(run === undefined ? {} : { run }) },
      text:
        recordingText(file, recording) +
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

function recordingText(file: string, { startUs, endUs, sensors, problems }: Recording): string {
  const rows = sensors.map(({ name, kind, role, schema, count, rateHz }) => [
    name,
    role === "reference" ? `${kind}, reference` : kind,
    schema,
    count,
    Number(rateHz.toFixed(2)),
  ]);
  return [
    `${file}: ${((endUs - startUs) / 1e6).toFixed(3)} s from ${new Date(startUs / 1000).toISOString()}\n`,
    `Sensors\n${table([["name", "kind", "schema", "readings", "Hz"], ...rows])}`,
    problemLines(problems, ""),
  ].join("");
}
