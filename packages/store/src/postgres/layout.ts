import type { Connection } from "./connection.ts";
import { readFeatures } from "./features.ts";
import { hypertables } from "./hypertables.ts";
import { partitions } from "./partitions.ts";

/** From the first to the last log time of a recording, ns, both inclusive. */
export interface TimeRange {
  readonly firstNs: bigint;
  readonly lastNs: bigint;
}

/**
 * How messages lie in tables. Small ones are in `reading`, those beyond SMALL_BYTES in `payload`, so that walking over the small ones does not drag the
 * large ones through memory. The numbers in small ones are in `sample` too, for plots: SQL cannot look into messages.
 */
export interface Layout {
  readonly name: "partitions" | "hypertables";
  /** Makes the tables of messages, empty. */
  create(connection: Connection): Promise<void>;
  /** Makes the table of samples, empty. */
  createSamples(connection: Connection): Promise<void>;
  /** Has the tables use what the server offers by now. Does nothing the second time. */
  tune(connection: Connection): Promise<void>;
  /** The tables that a recording's messages are in. */
  tablesOf(recordingId: number): MessageTables;
  /** Before the first message of a recording. `indexLater`: nobody reads until it is finished. */
  prepare(connection: Connection, recordingId: number, indexLater: boolean): Promise<void>;
  /** Behind the last message of a recording; may be done again where it was interrupted. */
  finish(connection: Connection, recordingId: number, range: TimeRange): Promise<void>;
  /** Takes a recording's messages away, in a transaction. */
  remove(connection: Connection, recordingId: number, range: TimeRange): Promise<void>;
  /** Behind `remove`, outside of transactions: brings what is computed of messages up to date, and gives back space. */
  refresh(connection: Connection, range: TimeRange): Promise<void>;
}

export interface MessageTables {
  readonly reading: string;
  readonly payload: string;
  readonly sample: string;
}

/** Larger messages are payloads. */
export const SMALL_BYTES = 8192;

export const MESSAGE_COLUMNS = `
  recording_id integer NOT NULL,
  channel integer NOT NULL,
  log_time_ns bigint NOT NULL,
  position bigint NOT NULL,
  publish_time_ns bigint NOT NULL,
  ordinal bigint NOT NULL,
  sequence bigint NOT NULL,
  data bytea NOT NULL`;

export const SAMPLE_COLUMNS = `
  recording_id integer NOT NULL,
  signal integer NOT NULL,
  log_time_ns bigint NOT NULL,
  position bigint NOT NULL,
  value double precision NOT NULL`;

const LAYOUTS: readonly Layout[] = [partitions, hypertables];

/** The layout is chosen once: with TimescaleDB in the database, hypertables. */
export async function createMessageTables(connection: Connection): Promise<void> {
  const { timescaleVersion } = await readFeatures(connection);
  const layout = timescaleVersion === undefined ? partitions : hypertables;
  await connection.query("CREATE TABLE playhead.store (layout text NOT NULL)");
  await connection.query("INSERT INTO playhead.store (layout) VALUES ($1)", [layout.name]);
  await layout.create(connection);
}

export async function createSampleTables(connection: Connection): Promise<void> {
  await connection.query(`
    CREATE TABLE playhead.signal (
      recording_id integer NOT NULL REFERENCES playhead.recording ON DELETE CASCADE,
      number integer NOT NULL,
      channel integer NOT NULL,
      name text NOT NULL,
      PRIMARY KEY (recording_id, number),
      FOREIGN KEY (recording_id, channel) REFERENCES playhead.channel ON DELETE CASCADE)`);
  await (await readLayout(connection)).createSamples(connection);
}

export async function readLayout(connection: Connection): Promise<Layout> {
  const [row] = await connection.query("SELECT layout FROM playhead.store");
  const layout = LAYOUTS.find(({ name }) => name === row?.layout);
  if (layout === undefined) throw new Error(`Invariant: a layout of the store, found ${String(row?.layout)}`);
  return layout;
}

export async function tuneMessageTables(connection: Connection): Promise<void> {
  await (await readLayout(connection)).tune(connection);
}
