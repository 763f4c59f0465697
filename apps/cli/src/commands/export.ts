import {
  type Compression,
  type ExportSummary,
  exportMcap,
  isPostgresUrl,
  maskPassword,
  openPostgresStore,
  parsePostgresUrl,
} from "@playhead/store";
import type { Command } from "commander";
import { compressionOption } from "../compression-option.ts";
import { UsageError } from "../failure.ts";
import { interruptible } from "../interruptible.ts";
import { printable } from "../printable.ts";
import { Progress } from "../progress.ts";
import { putWhole, refuseReplacing } from "../write-whole.ts";

interface Options {
  readonly out: string;
  readonly force?: boolean;
  readonly compression: Compression;
  readonly json?: boolean;
}

const HELP = `
The file has the same content as the one that was ingested: every message with its times and sequence, channels, schemas, metadata.

Example:
  playhead export postgres://me@db.example.com/drives/monday-3 -o monday-3.mcap
`;

export function addExport(program: Command): void {
  program
    .command("export")
    .description("Write a recording from a PostgreSQL or TimescaleDB database as MCAP")
    .argument("<url>", "postgres://user@host:5432/database/recording")
    .requiredOption("-o, --out <file>", "MCAP file to write")
    .option("--force", "replace a file that is there already")
    .addOption(compressionOption())
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", HELP)
    .action(exportRecording);
}

async function exportRecording(url: string, options: Options): Promise<void> {
  const { out } = options;
  const name = recordingOf(url);
  await refuseReplacing(out, options.force === true);
  const summary = await interruptible((signal) => exportWhole(url, name, options, signal));
  if (summary === undefined) return;
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ file: out, recording: name, ...summary })}\n`);
    return;
  }
  const state = summary.sealed ? "" : " (the recording is not finished: these are what it has so far)";
  process.stdout.write(`${printable(out)}: ${summary.messages} messages of ${printable(name)}${state}\n`);
}

function recordingOf(url: string): string {
  const found = isPostgresUrl(url) ? parsePostgresUrl(url).recording : undefined;
  if (found !== undefined) return found;
  throw new UsageError(
    `export: expected postgres://user@host/database/recording, found ${maskPassword(url)}`,
  );
}

/** Writes beside the place, and puts the file there when it is whole. Undefined when it was ended early. */
async function exportWhole(
  url: string,
  name: string,
  { out, compression }: Options,
  signal: AbortSignal,
): Promise<ExportSummary | undefined> {
  const store = openPostgresStore(url);
  const progress = new Progress();
  try {
    const onProgress = (messages: number, ofMessages: number): void =>
      progress.show(messages / ofMessages, `${messages} of ${ofMessages} messages`);
    return await putWhole(out, signal, (partial) =>
      exportMcap(store, name, partial, { compression, signal, onProgress }),
    );
  } finally {
    progress.clear();
    await store.close();
  }
}
