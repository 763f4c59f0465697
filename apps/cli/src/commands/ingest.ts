import { type IngestSummary, ingestMcap, openPostgresStore, parsePostgresUrl } from "@playhead/store";
import type { Command } from "commander";
import { interruptible } from "../interruptible.ts";
import { printable } from "../printable.ts";
import { Progress } from "../progress.ts";
import { bytesText } from "../size-text.ts";
import { problemLines } from "../summary.ts";

interface Options {
  readonly to: string;
  readonly json?: boolean;
}

const HELP = `
The last segment of the address is the recording's name; the file's own without one. What is there already is not sent again: an ingest that
was interrupted goes on where it was. Leave the password to PGPASSWORD or ~/.pgpass: others can see a command line.

Examples:
  playhead ingest drive.mcap --to postgres://me@db.example.com/drives
  playhead ingest drive.mcap --to postgres://me@db.example.com/drives/monday-3
`;

export function addIngest(program: Command): void {
  program
    .command("ingest")
    .description("Copy a recording into a PostgreSQL or TimescaleDB database")
    .argument("<file>", "MCAP file")
    .requiredOption("--to <url>", "postgres://user@host:5432/database[/recording]")
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", HELP)
    .action(ingest);
}

async function ingest(file: string, { to, json }: Options): Promise<void> {
  const store = openPostgresStore(to);
  const progress = new Progress();
  const startMs = performance.now();
  try {
    const summary = await interruptible((signal) =>
      ingestMcap(file, store, {
        name: parsePostgresUrl(to).recording,
        signal,
        onProgress: (messages, ofMessages) => {
          const finishing = messages === ofMessages ? ", finishing" : "";
          progress.show(
            ofMessages === 0 ? 1 : messages / ofMessages,
            `${messages} of ${ofMessages} messages${finishing}`,
          );
        },
      }),
    );
    progress.clear();
    const seconds = (performance.now() - startMs) / 1000;
    const shown = { store: store.location, ...summary };
    process.stdout.write(
      json === true ? `${JSON.stringify(shown)}\n` : text(file, store.location, summary, seconds),
    );
  } finally {
    progress.clear();
    await store.close();
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
