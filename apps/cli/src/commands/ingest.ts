import type { SourceOptions } from "@playhead/formats";
import {
  type IngestOptions,
  type IngestSummary,
  ingestMcap,
  openPostgresStore,
  type PostgresStore,
  parsePostgresUrl,
} from "@playhead/store";
import type { Command } from "commander";
import { type ImportedFile, importedFile } from "../import-cache.ts";
import { interruptible } from "../interruptible.ts";
import { maskPasswords } from "../mask-passwords.ts";
import { isImported, withImportProgress } from "../open-any-recording.ts";
import { printable } from "../printable.ts";
import { Progress } from "../progress.ts";
import { recordingName } from "../recording-name.ts";
import { refuseAddress } from "../refuse-addresses.ts";
import { bytesText } from "../size-text.ts";
import { addSourceOptions, type SourceArguments, sourceOptions } from "../source-options.ts";
import { problemLines } from "../summary.ts";

interface Options extends SourceArguments {
  readonly to: string;
  readonly samples: boolean;
  readonly json?: boolean;
}

const HELP = `
The last segment of the address is the recording's name; without one, it is called as the folder is, or the file without its ending. What is there
already is not sent again: an ingest that was interrupted goes on where it was. What is no MCAP file is imported first. Leave the password to
PGPASSWORD or ~/.pgpass: others can see a command line.

Examples:
  playhead ingest drive.mcap --to postgres://me@db.example.com/drives
  playhead ingest drive.mcap --to postgres://me@db.example.com/drives/monday-3
  playhead ingest drive.bag --dbc car.dbc --to postgres://me@db.example.com/drives
`;

export function addIngest(program: Command): void {
  addSourceOptions(
    program
      .command("ingest")
      .description("Copy a recording into a PostgreSQL or TimescaleDB database")
      .argument("<recording>", "MCAP file, or a file or folder in another format")
      .requiredOption("--to <url>", "postgres://user@host:5432/database[/recording]"),
  )
    .option("--no-samples", "leave out the table of the numbers in messages, which plots are made of")
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", HELP)
    .action(ingest);
}

async function ingest(recording: string, { to, json, samples, ...options }: Options): Promise<void> {
  const reading = sourceOptions(options);
  refuseAddress(recording);
  const store = openPostgresStore(to);
  const startMs = performance.now();
  try {
    const name = parsePostgresUrl(to).recording ?? (await recordingName(recording));
    const summary = await interruptible(async (signal) => {
      const file = await mcapFileOf(recording, reading, signal);
      return file === undefined ? undefined : await copy(file, store, { name, samples, signal });
    });
    if (summary === undefined) return;
    const seconds = (performance.now() - startMs) / 1000;
    const location = maskPasswords(store.location);
    process.stdout.write(
      json === true
        ? `${JSON.stringify({ store: location, ...summary })}\n`
        : text(recording, location, summary, seconds),
    );
  } finally {
    await store.close();
  }
}

/** An MCAP file as it is; anything else as what it is imported into. Undefined when it was ended early. */
async function mcapFileOf(
  recording: string,
  reading: SourceOptions,
  signal: AbortSignal,
): Promise<Imported | undefined> {
  if (!(await isImported(recording, reading))) return { path: recording, problems: [] };
  try {
    return await withImportProgress(recording, (onProgress) =>
      importedFile(recording, reading, { onProgress, signal }),
    );
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

type Imported = Pick<ImportedFile, "path" | "problems">;

async function copy(
  { path, problems }: Imported,
  store: PostgresStore,
  options: IngestOptions,
): Promise<IngestSummary> {
  const progress = new Progress();
  try {
    const onProgress = (messages: number, ofMessages: number): void => {
      const finishing = messages === ofMessages ? ", finishing" : "";
      const share = ofMessages === 0 ? 1 : messages / ofMessages;
      progress.show(share, `${messages} of ${ofMessages} messages${finishing}`);
    };
    const summary = await ingestMcap(path, store, { ...options, onProgress });
    return { ...summary, problems: [...problems, ...summary.problems] };
  } finally {
    progress.clear();
  }
}

function text(file: string, location: string, summary: IngestSummary, seconds: number): string {
  const { recording, state, messages, messagesBefore, sentBytes, problems } = summary;
  const where = `${printable(recording)} in ${printable(location)}`;
  const sent = `${messages - messagesBefore} messages (${bytesText(sentBytes)}) in ${seconds.toFixed(1)} s`;
  const words: Readonly<Record<IngestSummary["state"], string>> = {
    ingested: `${sent} to ${where}`,
    resumed: `${messagesBefore} messages were there, ${sent} to ${where}`,
    there: `nothing to do, all ${messages} messages are ${where}`,
    interrupted: `interrupted with ${messages} messages ${where}; the same command goes on`,
  };
  return `${printable(file)}: ${words[state]}\n${problemLines(problems, "")}`;
}
