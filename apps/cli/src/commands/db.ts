import {
  openPostgresStore,
  type PostgresStore,
  parsePostgresUrl,
  type StoredRecording,
  type StoreStatus,
} from "@playhead/store";
import type { Command } from "commander";
import { UsageError } from "../failure.ts";
import { printable } from "../printable.ts";
import { bytesText } from "../size-text.ts";
import { table } from "../table.ts";

interface Options {
  readonly json?: boolean;
}

const ACTIONS = ["status", "list", "delete"] as const;
type Action = (typeof ACTIONS)[number];

const HELP = `
Actions:
  status  the server, the extension TimescaleDB, the tables, and what is missing
  list    the recordings, with their times and messages
  delete  takes the recording that the address names away

Examples:
  playhead db status postgres://me@db.example.com/drives
  playhead db list postgres://me@db.example.com/drives
  playhead db delete postgres://me@db.example.com/drives/monday-3
`;

export function addDb(program: Command): void {
  program
    .command("db")
    .description("Look after recordings in a PostgreSQL or TimescaleDB database")
    .argument("<action>", ACTIONS.join(", "))
    .argument("<url>", "postgres://user@host:5432/database[/recording]")
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", HELP)
    .action(db);
}

async function db(action: string, url: string, { json }: Options): Promise<void> {
  if (!isAction(action))
    throw new UsageError(`db: expected ${ACTIONS.join(", ")}, found ${printable(action)}`);
  const store = openPostgresStore(url);
  try {
    const shown = await DO[action](store, url);
    process.stdout.write(json === true ? `${JSON.stringify(shown.json)}\n` : shown.text);
  } finally {
    await store.close();
  }
}

function isAction(text: string): text is Action {
  return (ACTIONS as readonly string[]).includes(text);
}

interface Shown {
  readonly json: object;
  readonly text: string;
}

const DO: Readonly<Record<Action, (store: PostgresStore, url: string) => Promise<Shown>>> = {
  status: async (store) => {
    const status = await store.status();
    return { json: status, text: statusText(status) };
  },
  list: async (store) => {
    const recordings = await store.list();
    return { json: recordings, text: listText(recordings) };
  },
  delete: async (store, url) => {
    const name = parsePostgresUrl(url).recording;
    if (name === undefined)
      throw new UsageError("db delete: expected an address with the recording's name at its end");
    const deleted = await store.delete(name);
    const text = `${printable(name)}: ${deleted ? "deleted" : "there is no recording of that name"}\n`;
    return { json: { recording: name, deleted }, text };
  },
};

function statusText(status: StoreStatus): string {
  const { timescale, layout, compression } = status;
  const licence = timescale?.licence === "community" ? "all features" : "Apache licence";
  const saved =
    compression === undefined
      ? ""
      : `; compression made ${bytesText(compression.afterBytes)} of ${bytesText(compression.beforeBytes)}`;
  const rows: [string, string][] = [
    ["Server", `PostgreSQL ${status.serverVersion}`],
    ["TimescaleDB", timescale === undefined ? "none" : `${timescale.version}, ${licence}`],
    [
      "Tables",
      layout === undefined ? "none" : `${layout}, version ${status.version} of ${status.latestVersion}`,
    ],
    [
      "Content",
      `${status.recordings} recordings, ${status.messages} messages, ${bytesText(status.sizeBytes)}${saved}`,
    ],
    ...status.unfinished.map(({ name, messages }): [string, string] => [
      "Unfinished",
      `${name}, ${messages} messages`,
    ]),
    ...status.notes.map((note): [string, string] => ["Note", note]),
  ];
  return `${printable(status.location)}\n${table(rows)}`;
}

function listText(recordings: readonly StoredRecording[]): string {
  if (recordings.length === 0) return "no recordings\n";
  const rows = recordings.map(({ name, sealed, messageCount, startUs, endUs, sensors }) => [
    name,
    messageCount === 0 ? "" : new Date(startUs / 1000).toISOString(),
    `${((endUs - startUs) / 1e6).toFixed(3)} s`,
    sensors.length,
    messageCount,
    sealed ? "" : "unfinished",
  ]);
  return table([["name", "start", "length", "sensors", "messages", ""], ...rows], "");
}
