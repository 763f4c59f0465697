import type { Connection } from "./connection.ts";
import { type Features, readFeatures } from "./features.ts";
import { readLayout } from "./layout.ts";
import { LATEST_VERSION, readVersion } from "./migrations.ts";

/** What a database is and has as a store. */
export interface StoreStatus {
  readonly location: string;
  readonly serverVersion: string;
  readonly timescale: { readonly version: string; readonly licence: "community" | "apache" } | undefined;
  /** How messages lie in tables; undefined where there are none yet. */
  readonly layout: "partitions" | "hypertables" | undefined;
  /** Version of the tables, 0 where there are none, and the one that this Playhead makes. */
  readonly version: number;
  readonly latestVersion: number;
  readonly recordings: number;
  readonly messages: number;
  /** With indexes. */
  readonly sizeBytes: number;
  /** Of small messages and samples, where compression is in use. */
  readonly compression: { readonly beforeBytes: number; readonly afterBytes: number } | undefined;
  /** Recordings that their writers have not finished. */
  readonly unfinished: readonly { readonly name: string; readonly messages: number }[];
  /** What is missing, and what to do about it. */
  readonly notes: readonly string[];
}

export async function readStatus(connection: Connection, location: string): Promise<StoreStatus> {
  const features = await readFeatures(connection);
  const version = await readVersion(connection);
  const { serverVersion, timescaleVersion, isCommunity } = features;
  const base = {
    location,
    serverVersion,
    timescale:
      timescaleVersion === undefined
        ? undefined
        : { version: timescaleVersion, licence: isCommunity ? ("community" as const) : ("apache" as const) },
    version,
    latestVersion: LATEST_VERSION,
  };
  if (version === 0 || version > LATEST_VERSION) {
    const nothing = { recordings: 0, messages: 0, sizeBytes: 0, compression: undefined, unfinished: [] };
    return { ...base, ...nothing, layout: undefined, notes: notes(features, undefined, version) };
  }
  const layout = (await readLayout(connection)).name;
  const [counts] = await connection.query(
    "SELECT count(*) AS recordings, coalesce(sum(message_count), 0) AS messages FROM playhead.recording",
  );
  const unfinished = await connection.query(
    "SELECT name, message_count AS messages FROM playhead.recording WHERE NOT sealed ORDER BY name",
  );
  return {
    ...base,
    layout,
    recordings: Number(counts?.recordings),
    messages: Number(counts?.messages),
    sizeBytes: await readSize(connection, layout),
    compression: layout === "hypertables" && isCommunity ? await readCompression(connection) : undefined,
    unfinished: unfinished.map(({ name, messages }) => ({ name: String(name), messages: Number(messages) })),
    notes: notes(features, layout, version),
  };
}

/** Those that there are: earlier versions had no samples. */
const TABLES = `(SELECT name FROM unnest(ARRAY['playhead.reading', 'playhead.payload', 'playhead.sample']) AS name
  WHERE to_regclass(name) IS NOT NULL) AS tables`;

async function readSize(connection: Connection, layout: "partitions" | "hypertables"): Promise<number> {
  const [row] = await connection.query(
    layout === "hypertables"
      ? `SELECT sum(hypertable_size(to_regclass(name))) AS bytes FROM ${TABLES}`
      : `SELECT coalesce(sum(pg_total_relation_size(relid)), 0) AS bytes
         FROM ${TABLES} CROSS JOIN LATERAL pg_partition_tree(to_regclass(name))`,
  );
  return Number(row?.bytes);
}

async function readCompression(connection: Connection): Promise<StoreStatus["compression"]> {
  const [row] = await connection.query(
    `SELECT sum(before_compression_total_bytes) AS before, sum(after_compression_total_bytes) AS after
     FROM ${TABLES} CROSS JOIN LATERAL hypertable_compression_stats(to_regclass(name))`,
  );
  if (row === undefined || row.before === null) return undefined;
  return { beforeBytes: Number(row.before), afterBytes: Number(row.after) };
}

function notes(features: Features, layout: StoreStatus["layout"], version: number): string[] {
  const { timescaleVersion, isCommunity, timescaleAvailable, encoding } = features;
  const all: string[] = [];
  if (encoding !== "UTF8") all.push(`The database has encoding ${encoding}: make one with UTF8.`);
  if (version === 0) all.push("There are no tables yet: the first ingest makes them.");
  if (version > LATEST_VERSION) all.push("The tables are of a later Playhead: use that one.");
  if (version > 0 && version < LATEST_VERSION)
    all.push("The tables are of an earlier Playhead: the next ingest updates them.");
  if (timescaleVersion === undefined) {
    const without =
      "without it, small messages are not compressed and overviews are computed when they are read";
    all.push(
      timescaleAvailable
        ? `TimescaleDB is on the server, not in this database (${without}): CREATE EXTENSION timescaledb before the first ingest.`
        : `TimescaleDB is not on the server: ${without}.`,
    );
  } else if (layout === "partitions") {
    all.push("TimescaleDB came after the tables, which do not use it: ingest into a new database to do so.");
  } else if (!isCommunity) {
    all.push("TimescaleDB has its Apache licence here: no compression and no continuous aggregates.");
  }
  return all;
}
