import type { Connection } from "./connection.ts";
import { readFeatures } from "./features.ts";
import { type Layout, MESSAGE_COLUMNS, SAMPLE_COLUMNS, type TimeRange } from "./layout.ts";
import { isLockTimeout, whileFinishing } from "./locks.ts";
import { overviewColumns, SAMPLE_OVERVIEW_COLUMNS } from "./overview.ts";

/** Chunks of an hour for what is small and of ten minutes for what is large: measured best for imports and seeks. */
const CHUNK_MINUTES = { reading: 60, payload: 10, sample: 60 } as const;
const MESSAGE_TABLES = ["reading", "payload"] as const;
const TABLES = [...MESSAGE_TABLES, "sample"] as const;
type Table = (typeof TABLES)[number];
/** What is compressed: by what its rows are put together. */
const SEGMENT_BY = { reading: "recording_id, channel", sample: "recording_id, signal" } as const;
const COMPRESSED = Object.keys(SEGMENT_BY) as (keyof typeof SEGMENT_BY)[];
const NS_PER_SECOND = 1_000_000_000n;
const NS_PER_MINUTE = 60n * NS_PER_SECOND;

/**
 * TimescaleDB: all recordings share the hypertables. With the extension's full licence small messages and samples are compressed when a recording is
 * finished; large messages never, which would make a seek 200 times slower. There is no policy: recordings are often of days long past, and one by age would
 * take them away at once.
 */
export const hypertables: Layout = {
  name: "hypertables",
  create,
  createSamples,
  tune,
  tablesOf: () => ({ reading: "playhead.reading", payload: "playhead.payload", sample: "playhead.sample" }),
  prepare: async () => {},
  finish,
  remove,
  refresh,
};

async function create(connection: Connection): Promise<void> {
  await connection.query(`
    CREATE FUNCTION playhead.now_ns() RETURNS bigint LANGUAGE sql STABLE
    AS $$ SELECT (extract(epoch FROM now()) * 1000000000)::bigint $$`);
  for (const table of MESSAGE_TABLES) {
    const name = `playhead.${table}`;
    await connection.query(`
      CREATE TABLE ${name} (${MESSAGE_COLUMNS});
      ALTER TABLE ${name} ALTER COLUMN data SET STORAGE EXTERNAL;
      CREATE UNIQUE INDEX ${table}_by_time ON ${name} (recording_id, log_time_ns, position);
      CREATE INDEX ${table}_by_channel ON ${name} (recording_id, channel, log_time_ns DESC, position DESC)`);
    await divide(connection, table);
  }
}

async function createSamples(connection: Connection): Promise<void> {
  await connection.query(`
    CREATE TABLE playhead.sample (${SAMPLE_COLUMNS});
    CREATE UNIQUE INDEX sample_by_signal ON playhead.sample (recording_id, signal, log_time_ns, position)`);
  await divide(connection, "sample");
}

/** Makes a table a hypertable, in chunks of time. */
async function divide(connection: Connection, table: Table): Promise<void> {
  const name = `playhead.${table}`;
  await connection.query(
    `SELECT create_hypertable($1::regclass, 'log_time_ns', chunk_time_interval => $2::bigint,
      create_default_indexes => false)`,
    [name, String(BigInt(CHUNK_MINUTES[table]) * NS_PER_MINUTE)],
  );
  await connection.query("SELECT set_integer_now_func($1::regclass, 'playhead.now_ns')", [name]);
}

async function tune(connection: Connection): Promise<void> {
  const { isCommunity } = await readFeatures(connection);
  for (const table of TABLES) {
    if (isCommunity && (await isContinuous(connection, table))) continue;
    const select = perSecond(table);
    if (!isCommunity) {
      await connection.query(`CREATE OR REPLACE VIEW playhead.${table}_per_second AS ${select}`);
      continue;
    }
    await connection.query(`
      DROP VIEW IF EXISTS playhead.${table}_per_second;
      CREATE MATERIALIZED VIEW playhead.${table}_per_second
        WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS ${select} WITH NO DATA`);
    if (table !== "payload")
      await connection.query(`
        ALTER TABLE playhead.${table} SET (timescaledb.compress,
          timescaledb.compress_segmentby = '${SEGMENT_BY[table]}',
          timescaledb.compress_orderby = 'log_time_ns, position')`);
  }
}

function perSecond(table: Table): string {
  const [of, columns] =
    table === "sample" ? ["signal", SAMPLE_OVERVIEW_COLUMNS] : ["channel", overviewColumns()];
  return `
    SELECT recording_id, ${of}, time_bucket(1000000000::bigint, log_time_ns) AS second_ns, ${columns}
    FROM playhead.${table} GROUP BY recording_id, ${of}, second_ns`;
}

async function isContinuous(connection: Connection, table: string): Promise<boolean> {
  const rows = await connection.query(
    `SELECT FROM timescaledb_information.continuous_aggregates
     WHERE view_schema = 'playhead' AND view_name = $1`,
    [`${table}_per_second`],
  );
  return rows.length > 0;
}

async function finish(connection: Connection, _recordingId: number, range: TimeRange): Promise<void> {
  const { isCommunity } = await readFeatures(connection);
  if (!isCommunity) return;
  await whileFinishing(connection, async () => {
    await refreshOverviews(connection, range);
    for (const table of COMPRESSED)
      for (const chunk of await chunksOf(connection, table, range)) {
        await connection.query("SELECT compress_chunk($1::regclass, if_not_compressed => true)", [chunk]);
        await giveBackSpace(connection, chunk);
      }
  });
}

/** What compression moves out of a chunk leaves room behind, most of it in indexes, which nothing else gives back. */
async function giveBackSpace(connection: Connection, chunk: string): Promise<void> {
  await connection.query(`VACUUM ${chunk}`);
  // Where another recording is being written into the chunk, its own end will do this.
  const [row] = await connection.query("SELECT pg_relation_size($1::regclass) = 0 AS empty", [chunk]);
  if (row?.empty !== true) return;
  await unlessLocked(connection, () => connection.query(`REINDEX TABLE ${chunk}`));
}

/** Drops chunks that a recording was the last in. */
async function dropEmptyChunks(connection: Connection, range: TimeRange): Promise<void> {
  for (const table of TABLES)
    for (const chunk of await chunksOf(connection, table, range))
      await unlessLocked(connection, () =>
        connection.transaction(async () => {
          await connection.query(`LOCK TABLE ${chunk} IN ACCESS EXCLUSIVE MODE`);
          const rows = await connection.query(`SELECT FROM ${chunk} LIMIT 1`);
          if (rows.length === 0) await connection.query(`DROP TABLE ${chunk}`);
        }),
      );
}

/** Does what nobody need wait for: not at all where others are at the same table. */
async function unlessLocked(connection: Connection, work: () => Promise<unknown>): Promise<void> {
  await connection.query("SET lock_timeout = '100ms'");
  try {
    await work();
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
  } finally {
    if (connection.isUsable) await connection.query("RESET lock_timeout");
  }
}

async function remove(connection: Connection, recordingId: number, range: TimeRange): Promise<void> {
  for (const table of await presentTables(connection))
    await connection.query(
      `DELETE FROM playhead.${table} WHERE recording_id = $1 AND log_time_ns BETWEEN $2 AND $3`,
      [recordingId, String(range.firstNs), String(range.lastNs)],
    );
}

/** Earlier versions of the tables had no samples. */
async function presentTables(connection: Connection): Promise<readonly Table[]> {
  const [row] = await connection.query("SELECT to_regclass('playhead.sample') IS NOT NULL AS there");
  return row?.there === true ? TABLES : MESSAGE_TABLES;
}

async function chunksOf(connection: Connection, table: string, range: TimeRange): Promise<string[]> {
  const rows = await connection.query(
    `SELECT format('%I.%I', chunk_schema, chunk_name) AS chunk FROM timescaledb_information.chunks
     WHERE hypertable_schema = 'playhead' AND hypertable_name = $1
       AND range_start_integer <= $3 AND range_end_integer > $2 ORDER BY range_start_integer`,
    [table, String(range.firstNs), String(range.lastNs)],
  );
  return rows.map(({ chunk }) => String(chunk));
}

async function refresh(connection: Connection, range: TimeRange): Promise<void> {
  const { isCommunity } = await readFeatures(connection);
  if (isCommunity) await whileFinishing(connection, () => refreshOverviews(connection, range));
  await dropEmptyChunks(connection, range);
}

/** Whole buckets; a range must cover two. */
async function refreshOverviews(connection: Connection, { firstNs, lastNs }: TimeRange): Promise<void> {
  const from = (firstNs / NS_PER_SECOND - 1n) * NS_PER_SECOND;
  const to = (lastNs / NS_PER_SECOND + 2n) * NS_PER_SECOND;
  for (const table of await presentTables(connection))
    await connection.query("CALL refresh_continuous_aggregate($1::regclass, $2::bigint, $3::bigint)", [
      `playhead.${table}_per_second`,
      String(from),
      String(to),
    ]);
}
