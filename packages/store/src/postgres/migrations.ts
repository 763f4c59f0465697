import { RecordingError } from "@playhead/recording";
import type { Connection } from "./connection.ts";
import { readFeatures } from "./features.ts";
import { createMessageTables, createSampleTables, tuneMessageTables } from "./layout.ts";
import { lockMigration } from "./locks.ts";

/** What changes from one version of the tables to the next. Never changed once released: new ones are added behind. */
const MIGRATIONS: readonly { readonly name: string; up(connection: Connection): Promise<void> }[] = [
  { name: "recordings and their messages", up: createTables },
  { name: "signals and their samples", up: createSampleTables },
];

export const LATEST_VERSION = MIGRATIONS.length;

/** 0 where the database has no tables of ours. */
export async function readVersion(connection: Connection): Promise<number> {
  const [found] = await connection.query("SELECT to_regclass('playhead.migration') IS NOT NULL AS there");
  if (found?.there !== true) return 0;
  const [row] = await connection.query("SELECT coalesce(max(version), 0) AS version FROM playhead.migration");
  return Number(row?.version);
}

/**
 * Brings the tables to the latest version, and has them use what the server offers by now: all or nothing. Several that do it at once wait for each
 * other.
 */
export async function migrate(connection: Connection, where: string): Promise<void> {
  await connection.transaction(async () => {
    await lockMigration(connection);
    const version = await readVersion(connection);
    checkVersion(version, where);
    if (version === 0) await createSchema(connection, where);
    for (const [index, { name, up }] of MIGRATIONS.entries()) {
      if (index < version) continue;
      await up(connection);
      const values = [index + 1, name];
      await connection.query("INSERT INTO playhead.migration (version, name) VALUES ($1, $2)", values);
    }
    await tuneMessageTables(connection);
  });
}

/** Throws a RecordingError where the tables are of a later Playhead. */
export function checkVersion(version: number, where: string): void {
  if (version <= LATEST_VERSION) return;
  throw new RecordingError("unsupported", {
    expected: `tables of version ${LATEST_VERSION} or earlier`,
    found: `version ${version}, made by a later Playhead`,
    where,
  });
}

async function createSchema(connection: Connection, where: string): Promise<void> {
  const { encoding } = await readFeatures(connection);
  if (encoding !== "UTF8") {
    const expected = "a database with encoding UTF8";
    throw new RecordingError("unsupported", { expected, found: encoding, where });
  }
  await connection.query(`
    CREATE SCHEMA IF NOT EXISTS playhead;
    CREATE TABLE playhead.migration (
      version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
}

/** Numbers of messages and times in ns are of 64 bits; `key` tells a recording from another one that had its name. */
async function createTables(connection: Connection): Promise<void> {
  await connection.query(`
    CREATE TABLE playhead.recording (
      id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      name text NOT NULL UNIQUE,
      key uuid NOT NULL DEFAULT gen_random_uuid(),
      origin text,
      profile text NOT NULL,
      sealed boolean NOT NULL DEFAULT false,
      in_order boolean NOT NULL DEFAULT true,
      message_count bigint NOT NULL DEFAULT 0,
      last_time_ns bigint NOT NULL DEFAULT 0,
      created_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE playhead.channel (
      recording_id integer NOT NULL REFERENCES playhead.recording ON DELETE CASCADE,
      number integer NOT NULL,
      topic text NOT NULL,
      message_encoding text NOT NULL,
      schema_name text,
      schema_encoding text,
      schema_data bytea,
      metadata json NOT NULL,
      message_count bigint NOT NULL DEFAULT 0,
      first_time_ns bigint,
      last_time_ns bigint,
      PRIMARY KEY (recording_id, number));
    CREATE TABLE playhead.metadata (
      recording_id integer NOT NULL REFERENCES playhead.recording ON DELETE CASCADE,
      place integer NOT NULL,
      name text NOT NULL,
      entries json NOT NULL,
      PRIMARY KEY (recording_id, place))`);
  await createMessageTables(connection);
}
