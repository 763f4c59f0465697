import type { ChannelDeclaration } from "@playhead/recording";
import type {
  ChannelSensor,
  RecordedChannel,
  RecordedChannels,
  RecordedSchema,
} from "../readings/channel-sensors.ts";
import { handlesOfChannels, sensorsOfChannels } from "../readings/channel-sensors.ts";
import { joinRanges, type SensorRange } from "../readings/sensor-range.ts";
import { storedSensors } from "../readings/stored-sensors.ts";
import type { NamedMetadata, StoredRecording } from "../recording-store.ts";
import type { Connection, Row } from "./connection.ts";
import type { TimeRange } from "./layout.ts";

/** A recording as the catalogue has it, without its messages. */
export interface CatalogueEntry {
  readonly id: number;
  readonly name: string;
  /** Tells it from another recording that had its name. */
  readonly key: string;
  readonly origin: string | undefined;
  readonly profile: string;
  readonly sealed: boolean;
  /** Whether no message came late: then messages are numbered in total order already. */
  readonly inOrder: boolean;
  readonly messageCount: number;
  readonly lastTimeNs: bigint;
  /** By number. */
  readonly channels: readonly CatalogueChannel[];
  readonly metadata: readonly NamedMetadata[];
}

export interface CatalogueChannel {
  readonly declaration: ChannelDeclaration;
  /** Undefined where it has no messages. */
  readonly range: (SensorRange & TimeRange) | undefined;
}

const RECORDING_COLUMNS = "id, name, key, origin, profile, sealed, in_order, message_count, last_time_ns";

/**
 * All recordings, or the one of a name. One statement, so that all parts are of one moment. In the list of all, schemas have a digest in place of their
 * data, which are most of what there is.
 */
export async function readCatalogue(connection: Connection, name?: string): Promise<CatalogueEntry[]> {
  const rows = await connection.query(
    `SELECT ${RECORDING_COLUMNS},
      (SELECT coalesce(json_agg(json_build_object('topic', topic, 'encoding', message_encoding, 'schemaName', schema_name,
          'schemaEncoding', schema_encoding, 'schemaData', encode(${name === undefined ? "sha256(schema_data)" : "schema_data"}, 'base64'), 'metadata', metadata,
          'count', message_count, 'first', first_time_ns::text, 'last', last_time_ns::text) ORDER BY number), '[]')
        FROM playhead.channel WHERE recording_id = id) AS channels,
      (SELECT coalesce(json_agg(json_build_object('name', m.name, 'entries', m.entries) ORDER BY place), '[]')
        FROM playhead.metadata m WHERE recording_id = id) AS metadata
    FROM playhead.recording ${name === undefined ? "" : "WHERE name = $1"}`,
    name === undefined ? [] : [name],
  );
  const entries = rows.map(entryOf);
  return entries.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

function entryOf(row: Row): CatalogueEntry {
  return {
    id: Number(row.id),
    name: String(row.name),
    key: String(row.key),
    origin: row.origin === null ? undefined : String(row.origin),
    profile: String(row.profile),
    sealed: row.sealed === true,
    inOrder: row.in_order === true,
    messageCount: Number(row.message_count),
    lastTimeNs: BigInt(String(row.last_time_ns)),
    channels: (row.channels as ChannelJson[]).map(channelOf),
    metadata: row.metadata as NamedMetadata[],
  };
}

interface ChannelJson {
  readonly topic: string;
  readonly encoding: string;
  readonly schemaName: string | null;
  readonly schemaEncoding: string | null;
  readonly schemaData: string | null;
  readonly metadata: Record<string, string>;
  readonly count: number;
  readonly first: string | null;
  readonly last: string | null;
}

function channelOf(json: ChannelJson): CatalogueChannel {
  const schema =
    json.schemaName === null
      ? undefined
      : {
          name: json.schemaName,
          encoding: json.schemaEncoding ?? "",
          data: new Uint8Array(Buffer.from(json.schemaData ?? "", "base64")),
        };
  const { topic, encoding: messageEncoding, metadata, first, last, count } = json;
  return {
    declaration: { topic, messageEncoding, schema, metadata },
    range: first === null || last === null ? undefined : rangeOf(count, BigInt(first), BigInt(last)),
  };
}

function rangeOf(count: number, firstNs: bigint, lastNs: bigint): SensorRange & TimeRange {
  const time = (ns: bigint) => ({ timeUs: Number(ns / 1000n), remainderNs: Number(ns % 1000n) });
  return { count, first: time(firstNs), last: time(lastNs), firstNs, lastNs };
}

/** A recording's sensors, which channel belongs to which, and what messages they have from when to when. */
export interface CatalogueSensors {
  readonly sensors: readonly ChannelSensor[];
  /** The handle of each channel's sensor, by number. */
  readonly handles: Int32Array;
  readonly ranges: ReadonlyMap<number, SensorRange>;
}

export function sensorsOf({ channels }: Pick<CatalogueEntry, "channels">): CatalogueSensors {
  const sensors = sensorsOfChannels(recordedChannels(channels.map(({ declaration }) => declaration)));
  const handles = handlesOfChannels(sensors);
  const ranges = new Map<number, SensorRange>();
  for (const [number, { range }] of channels.entries()) {
    const handle = handles[number] as number;
    if (range !== undefined) ranges.set(handle, joinRanges(ranges.get(handle), range));
  }
  return { sensors, handles, ranges };
}

/** Channels as a file has them: each with a schema of its own. */
export function recordedChannels(declarations: readonly ChannelDeclaration[]): RecordedChannels {
  const schemas = new Map<number, RecordedSchema>();
  const channels = new Map<number, RecordedChannel>();
  for (const [id, { topic, messageEncoding, schema, metadata = {} }] of declarations.entries()) {
    const schemaId = schema === undefined ? 0 : id + 1;
    if (schema !== undefined) schemas.set(schemaId, { id: schemaId, ...schema });
    channels.set(id, { id, schemaId, topic, messageEncoding, metadata: new Map(Object.entries(metadata)) });
  }
  return { schemas, channels };
}

/** From the first to the last message of a recording. */
export function timeRangeOf({ channels }: CatalogueEntry): TimeRange {
  let range: TimeRange | undefined;
  for (const { range: own } of channels) {
    if (own === undefined) continue;
    const firstNs = range !== undefined && range.firstNs < own.firstNs ? range.firstNs : own.firstNs;
    const lastNs = range !== undefined && range.lastNs > own.lastNs ? range.lastNs : own.lastNs;
    range = { firstNs, lastNs };
  }
  return range ?? { firstNs: 0n, lastNs: 0n };
}

/** Changes with the content: see `Recording.fingerprint`. */
export function fingerprintOf({ key, messageCount }: CatalogueEntry): string {
  return `${key}/${messageCount}`;
}

export function storedRecording(entry: CatalogueEntry): StoredRecording {
  const { sensors, ranges } = sensorsOf(entry);
  const { name, sealed, messageCount, metadata, origin } = entry;
  const { firstNs, lastNs } = timeRangeOf(entry);
  return {
    name,
    sealed,
    messageCount,
    startUs: Number(firstNs / 1000n),
    endUs: Number(lastNs / 1000n),
    sensors: storedSensors(sensors, ranges),
    metadata,
    origin,
  };
}
