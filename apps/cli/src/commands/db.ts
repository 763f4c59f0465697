import type { StoredRecording, StoreStatus } from "@playhead/store";
import type { Command } from "commander";
import { ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import type { FolderStatus } from "../folder-status.ts";
import { maskPasswords } from "../mask-passwords.ts";
import { type Catalogue, openCatalogue } from "../open-catalogue.ts";
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
  status  of a database: the server, the extension TimescaleDB, the tables; of both: recordings that are not finished, what is missing
  list    the recordings, with their times, sensors and messages
  delete  takes a recording away, which the address names at its end

Examples:
  playhead db status postgres://me@db.example.com/drives
  playhead db list postgres://me@db.example.com/drives
  playhead db delete postgres://me@db.example.com/drives/monday-3
  playhead db list drives/
  playhead db delete drives/monday-3
`;

export function addDb(program: Command): void {
  program
    .command("db")
    .description(
      "Look after recordings in a PostgreSQL or TimescaleDB database, or in a folder of MCAP files",
    )
    .argument("<action>", ACTIONS.join(", "))
    .argument("<place>", "postgres://user@host:5432/database[/recording], or folder[/recording]")
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", HELP)
    .action(db);
}

async function db(action: string, place: string, { json }: Options): Promise<void> {
  if (!isAction(action)) throw new UsageError(`db: expected ${ACTIONS.join(", ")}, found ${action}`);
  const catalogue = await openCatalogue(place, action === "delete");
  try {
    const { json: shown, text, problem } = await DO[action](catalogue);
    process.stdout.write(json === true ? `${JSON.stringify(shown)}\n` : text);
    if (problem === undefined) return;
    process.exitCode = ExitCode.badInput;
    process.stderr.write(`playhead: ${problem}\n`);
  } finally {
    await catalogue.store.close();
  }
}

function isAction(text: string): text is Action {
  return (ACTIONS as readonly string[]).includes(text);
}

interface Shown {
  readonly json: object;
  readonly text: string;
  /** Why nothing was done. */
  readonly problem?: string;
}

const DO: Readonly<Record<Action, (catalogue: Catalogue) => Promise<Shown>>> = {
  status: async (catalogue) => {
    const status = await catalogue.status();
    const location = maskPasswords(status.location);
    return { json: { ...status, location }, text: `${printable(location)}\n${table(statusRows(status))}` };
  },
  list: async ({ store }) => {
    const recordings = await store.list();
    return { json: recordings, text: listText(recordings) };
  },
  delete: async ({ store, recording: name }) => {
    if (name === undefined)
      throw new UsageError("db delete: expected an address or folder with the recording's name behind it");
    if (await store.delete(name))
      return { json: { recording: name, deleted: true }, text: `${printable(name)}: deleted\n` };
    const where = printable(maskPasswords(store.location));
    return {
      json: { recording: name, deleted: false },
      text: "",
      problem: `${where}: expected a recording of the name ${printable(name)}, found none`,
    };
  },
};

function statusRows(status: StoreStatus | FolderStatus): [string, string][] {
  const { recordings, messages, sizeBytes, unfinished, notes } = status;
  const server = "serverVersion" in status ? serverRows(status) : { rows: [], saved: "" };
  return [
    ...server.rows,
    ["Content", `${recordings} recordings, ${messages} messages, ${bytesText(sizeBytes)}${server.saved}`],
    ...unfinished.map(({ name, messages: count }): [string, string] => [
      "Unfinished",
      `${name}, ${count} messages`,
    ]),
    ...notes.map((note): [string, string] => ["Note", note]),
  ];
}

function serverRows({ serverVersion, timescale, layout, version, latestVersion, compression }: StoreStatus): {
  readonly rows: [string, string][];
  readonly saved: string;
} {
  const licence = timescale?.licence === "community" ? "all features" : "Apache licence";
  const saved =
    compression === undefined
      ? ""
      : `; compression made ${bytesText(compression.afterBytes)} of ${bytesText(compression.beforeBytes)}`;
  const rows: [string, string][] = [
    ["Server", `PostgreSQL ${serverVersion}`],
    ["TimescaleDB", timescale === undefined ? "none" : `${timescale.version}, ${licence}`],
    ["Tables", layout === undefined ? "none" : `${layout}, version ${version} of ${latestVersion}`],
  ];
  return { rows, saved };
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
