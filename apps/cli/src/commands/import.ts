import { type ImportSummary, importInto, openSource, type SourceOptions } from "@playhead/formats";
import type { Compression } from "@playhead/store";
import type { Command } from "commander";
import { compressionOption } from "../compression-option.ts";
import { interruptible } from "../interruptible.ts";
import { printable } from "../printable.ts";
import { Progress } from "../progress.ts";
import { refuseOverwriting } from "../refuse-overwriting.ts";
import { addSourceOptions, type SourceArguments, sourceOptions } from "../source-options.ts";
import { problemLines } from "../summary.ts";
import { table } from "../table.ts";
import { refuseReplacing, writeWhole } from "../write-whole.ts";

interface Options extends SourceArguments {
  readonly out: string;
  readonly force?: boolean;
  readonly compression: Compression;
  readonly json?: boolean;
}

const EXAMPLES = `
What the file or folder is, is told by its content. What is damaged is left out and listed.

Examples:
  playhead import drive.bag -o drive.mcap
  playhead import rosbag2_folder/ -o drive.mcap --compression zstd
  playhead import candump.log -o drive.mcap --dbc car.dbc
`;

export function addImport(program: Command): void {
  addSourceOptions(
    program
      .command("import")
      .description("Write a recording in another format (ROS bag, CAN log, NMEA, CSV, …) as MCAP")
      .argument("<file>", "file or folder")
      .requiredOption("-o, --out <file>", "MCAP file to write"),
  )
    .option("--force", "replace a file that is there already")
    .addOption(compressionOption())
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", EXAMPLES)
    .action(importFile);
}

async function importFile(file: string, options: Options): Promise<void> {
  const { out } = options;
  const reading = sourceOptions(options);
  await refuseOverwriting([out], [file, ...(reading.dbc ?? [])]);
  await refuseReplacing(out, options.force === true);
  const summary = await interruptible((signal) =>
    importAs(out, file, { ...reading, signal }, options.compression),
  );
  if (summary === undefined) return;
  process.stdout.write(
    options.json === true ? `${JSON.stringify({ file: out, ...jsonOf(summary) })}\n` : text(out, summary),
  );
}

/** Undefined when it was ended early. */
async function importAs(
  out: string,
  file: string,
  reading: SourceOptions & { readonly signal: AbortSignal },
  compression: Compression,
): Promise<ImportSummary | undefined> {
  const { signal } = reading;
  const source = await openSource(file, reading);
  const progress = new Progress();
  const onProgress = (share: number | undefined, messages: number): void =>
    progress.show(share ?? 0, `${messages} messages of ${printable(source.name)}`);
  try {
    return await writeWhole(out, { signal, compression }, (writer) =>
      importInto(writer, source, { onProgress, signal }),
    );
  } finally {
    progress.clear();
    await source.close();
  }
}

function jsonOf({ startNs, endNs, ...rest }: ImportSummary): object {
  return { ...rest, startNs: startNs?.toString(), endNs: endNs?.toString() };
}

function text(out: string, { format, messages, startNs, endNs, channels, problems }: ImportSummary): string {
  const spanS = Number((endNs ?? 0n) - (startNs ?? 0n)) / 1e9;
  const rows = channels.map((channel) => [
    channel.topic,
    channel.schema,
    channel.messageEncoding,
    channel.messages,
  ]);
  return [
    `${printable(out)}: ${messages} messages in ${spanS.toFixed(3)} s, from ${format}\n`,
    `Topics\n${table([["topic", "schema", "encoding", "messages"], ...rows])}`,
    problems.length === 0 ? "" : `Problems\n${problemLines(problems, "  ")}`,
  ].join("");
}
