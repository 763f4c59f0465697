import type { Connection } from "./connection.ts";
import { type Layout, MESSAGE_COLUMNS, type MessageTables, SAMPLE_COLUMNS } from "./layout.ts";
import { overviewColumns, SAMPLE_OVERVIEW_COLUMNS } from "./overview.ts";

const TABLES = ["reading", "payload"] as const;

/** Plain PostgreSQL: each recording has tables of its own, which are partitions: filled before they are indexed, and gone at once when they are dropped. */
export const partitions: Layout = {
  name: "partitions",
  create,
  createSamples,
  tune: async () => {},
  tablesOf,
  prepare,
  finish,
  remove: async (connection, recordingId) => {
    const { reading, payload, sample } = tablesOf(recordingId);
    await connection.query(`DROP TABLE IF EXISTS ${reading}, ${payload}, ${sample}`);
  },
  refresh: async () => {},
};

function tablesOf(recordingId: number): MessageTables {
  return {
    reading: `playhead.reading_${recordingId}`,
    payload: `playhead.payload_${recordingId}`,
    sample: `playhead.sample_${recordingId}`,
  };
}

async function create(connection: Connection): Promise<void> {
  for (const table of TABLES)
    await connection.query(`
      CREATE TABLE playhead.${table} (${MESSAGE_COLUMNS}) PARTITION BY LIST (recording_id);
      CREATE VIEW playhead.${table}_per_second AS
      SELECT recording_id, channel, log_time_ns / 1000000000 * 1000000000 AS second_ns, ${overviewColumns()}
      FROM playhead.${table} GROUP BY recording_id, channel, second_ns`);
}

async function createSamples(connection: Connection): Promise<void> {
  await connection.query(`
    CREATE TABLE playhead.sample (${SAMPLE_COLUMNS}) PARTITION BY LIST (recording_id);
    CREATE VIEW playhead.sample_per_second AS
    SELECT recording_id, signal, log_time_ns / 1000000000 * 1000000000 AS second_ns, ${SAMPLE_OVERVIEW_COLUMNS}
    FROM playhead.sample GROUP BY recording_id, signal, second_ns`);
}

/** Values are never compressed, and as many as fit lie in the row itself. Attaching holds off nobody who reads. */
async function prepare(connection: Connection, recordingId: number, indexLater: boolean): Promise<void> {
  const names = tablesOf(recordingId);
  for (const table of TABLES) {
    const name = names[table];
    if (await isThere(connection, name)) continue;
    await connection.query(`
      CREATE TABLE ${name} (${MESSAGE_COLUMNS}) WITH (toast_tuple_target = ${table === "reading" ? 8160 : 2048});
      ALTER TABLE ${name} ALTER COLUMN data SET STORAGE EXTERNAL;
      ALTER TABLE playhead.${table} ATTACH PARTITION ${name} FOR VALUES IN (${recordingId})`);
  }
  if (!(await isThere(connection, names.sample)))
    await connection.query(`
      CREATE TABLE ${names.sample} (${SAMPLE_COLUMNS});
      ALTER TABLE playhead.sample ATTACH PARTITION ${names.sample} FOR VALUES IN (${recordingId})`);
  if (!indexLater) await index(connection, recordingId);
}

async function isThere(connection: Connection, table: string): Promise<boolean> {
  const [found] = await connection.query("SELECT to_regclass($1) IS NOT NULL AS there", [table]);
  return found?.there === true;
}

async function finish(connection: Connection, recordingId: number): Promise<void> {
  await index(connection, recordingId);
  const { reading, payload, sample } = tablesOf(recordingId);
  await connection.query(`ANALYZE ${reading}, ${payload}, ${sample}`);
}

async function index(connection: Connection, recordingId: number): Promise<void> {
  for (const table of TABLES) {
    const name = tablesOf(recordingId)[table];
    await connection.query(`
      CREATE UNIQUE INDEX IF NOT EXISTS ${table}_${recordingId}_by_time ON ${name} (log_time_ns, position);
      CREATE INDEX IF NOT EXISTS ${table}_${recordingId}_by_channel
        ON ${name} (channel, log_time_ns DESC, position DESC)`);
  }
  await connection.query(`
    CREATE UNIQUE INDEX IF NOT EXISTS sample_${recordingId}_by_signal
      ON ${tablesOf(recordingId).sample} (signal, log_time_ns, position)`);
}
