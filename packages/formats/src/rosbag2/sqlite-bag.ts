import { basename } from "node:path";
import { type ChannelDeclaration, type Problem, RecordingError } from "@playhead/recording";
import { mergeSegments } from "../merge-segments.ts";
import { ProblemList } from "../problem-list.ts";
import type { Segment } from "../segment.ts";
import type { MessageSource, SourceMessage } from "../source.ts";
import { Database, type NamedTable } from "./sqlite/database.ts";
import { DatabaseError } from "./sqlite/database-error.ts";
import type { Value } from "./sqlite/row.ts";
import type { Cell } from "./sqlite/table.ts";
import { type BagDefinition, channelOf } from "./topics.ts";

/** Rows are read together up to this. */
const SEGMENT_BYTES = 4 * 1024 * 1024;
const SEGMENT_ROWS = 4096;

export interface SqliteBagOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whose definitions stand in for those that the bag lacks and does not say itself: `humble`. */
  readonly release?: string | undefined;
}

/**
 * Opens an SQLite file of a ROS 2 bag. The times of its messages are read first, from the pages of their rows (not from those behind them that have the
 * rest of large messages). Throws a RecordingError where it is no bag, or its topics cannot be read.
 */
export async function openSqliteBag(path: string, options: SqliteBagOptions = {}): Promise<MessageSource> {
  const problems = new ProblemList();
  const onDamage = damageTo(problems, path);
  let database: Database | undefined;
  try {
    database = await Database.open(path, onDamage);
    const topics = await readTopics(database, options.release, problems, onDamage);
    const messages = database.table("messages");
    if (messages === undefined || topics.channels.length === 0) throw notABag(path, messages === undefined);
    const parts = await readParts(database, messages, onDamage, options.signal);
    return new SqliteBag(database, messages, topics, parts, problems);
  } catch (error) {
    await database?.close();
    if (!(error instanceof DatabaseError)) throw error;
    const expected = "a ROS 2 bag that can be read";
    throw new RecordingError("damaged", { expected, found: error.message, where: path, cause: error });
  }
}

function notABag(path: string, lacksMessages: boolean): RecordingError {
  const found = lacksMessages ? "an SQLite database without a table of messages" : "no topics";
  return new RecordingError("unknown-format", { expected: "a ROS 2 bag", found, where: path });
}

function damageTo(problems: ProblemList, path: string): (error: DatabaseError) => void {
  return ({ message }) => problems.add("damaged-page", `${path}, ${message}; the rows there are left out`);
}

interface Topics {
  readonly channels: readonly ChannelDeclaration[];
  /** Channels by the ids of the topics. */
  readonly channelOf: ReadonlyMap<bigint, number>;
}

async function readTopics(
  database: Database,
  givenRelease: string | undefined,
  problems: ProblemList,
  onDamage: (error: DatabaseError) => void,
): Promise<Topics> {
  const columns = ["topic_type", "encoding", "encoded_message_definition"];
  const definitions = new Map<string, BagDefinition>();
  for (const [type, encoding, text] of await database.list("message_definitions", columns, onDamage)) {
    if (textOf(text) !== "")
      definitions.set(textOf(type), { encoding: textOf(encoding), text: textOf(text) });
  }
  const [schema] = await database.list("schema", ["ros_distro"], onDamage);
  const release = givenRelease ?? textOf(schema?.[0]);
  const channels: ChannelDeclaration[] = [];
  const channelById = new Map<bigint, number>();
  const wanted = ["id", "name", "type", "serialization_format", "offered_qos_profiles"];
  for (const [id, name, type, serialization, qos] of await database.list("topics", wanted, onDamage)) {
    if (typeof id !== "bigint") continue;
    channelById.set(id, channels.length);
    const topic = {
      name: textOf(name ?? null),
      type: textOf(type ?? null),
      serialization: textOf(serialization ?? null) || "cdr",
      qosProfiles: textOf(qos ?? null),
    };
    channels.push(channelOf(topic, definitions.get(topic.type), release, problems));
  }
  return { channels, channelOf: channelById };
}

function textOf(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Pages of rows that are read together, and the times of the first and last message in time. */
interface Part {
  readonly pages: number[];
  firstNs: bigint;
  lastNs: bigint;
  bytes: number;
  rows: number;
}

async function readParts(
  database: Database,
  messages: NamedTable,
  onDamage: (error: DatabaseError) => void,
  signal: AbortSignal | undefined,
): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const page of messages.table.leaves(onDamage)) {
    signal?.throwIfAborted();
    let part = parts.at(-1);
    if (part === undefined || part.bytes >= SEGMENT_BYTES || part.rows >= SEGMENT_ROWS) {
      part = { pages: [], firstNs: LAST_NS, lastNs: FIRST_NS, bytes: 0, rows: 0 };
      parts.push(part);
    }
    part.pages.push(page);
    for (const cell of await cellsOf(messages, page, onDamage)) {
      const timeNs = await timeOf(database, messages, cell);
      if (timeNs === undefined) continue;
      if (timeNs < part.firstNs) part.firstNs = timeNs;
      if (timeNs > part.lastNs) part.lastNs = timeNs;
      part.bytes += cell.recordBytes;
      part.rows++;
    }
  }
  return parts.filter(({ rows }) => rows > 0);
}

const FIRST_NS = -(1n << 63n);
const LAST_NS = (1n << 63n) - 1n;

async function cellsOf(
  { table }: NamedTable,
  page: number,
  onDamage: (error: DatabaseError) => void,
): Promise<Cell[]> {
  try {
    return await table.cells(page);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    onDamage(error);
    return [];
  }
}

/** Undefined for a row whose time cannot be read, which reading the row itself tells. */
async function timeOf(database: Database, messages: NamedTable, cell: Cell): Promise<bigint | undefined> {
  for (const record of [() => cell.local, () => messages.table.record(cell)]) {
    try {
      const [timeNs] = database.columns(messages, cell, await record(), ["timestamp"]);
      if (typeof timeNs === "bigint") return timeNs;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
    }
  }
  return undefined;
}

class SqliteBag implements MessageSource {
  readonly format = "ROS 2 bag (SQLite)";
  readonly profile = "ros2";
  readonly name: string;
  readonly metadata = {};
  readonly channels: readonly ChannelDeclaration[];
  readonly #database: Database;
  readonly #messages: NamedTable;
  readonly #topics: Topics;
  readonly #parts: readonly Part[];
  readonly #problems: ProblemList;
  #partsRead = 0;

  constructor(
    database: Database,
    messages: NamedTable,
    topics: Topics,
    parts: readonly Part[],
    problems: ProblemList,
  ) {
    this.#database = database;
    this.#messages = messages;
    this.#topics = topics;
    this.#parts = parts;
    this.#problems = problems;
    this.name = basename(database.pages.path);
    this.channels = topics.channels;
  }

  get problems(): readonly Problem[] {
    return this.#problems.problems;
  }

  get share(): number {
    return Math.min(1, this.#partsRead / Math.max(1, this.#parts.length));
  }

  messages(signal?: AbortSignal): AsyncIterable<readonly SourceMessage[]> {
    this.#partsRead = 0;
    const segments = this.#parts.map(
      (part): Segment => ({
        firstNs: part.firstNs,
        lastNs: part.lastNs,
        read: () => this.#read(part),
      }),
    );
    return mergeSegments(segments, this.#problems, signal);
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  async #read(part: Part): Promise<readonly SourceMessage[]> {
    this.#partsRead++;
    const messages: SourceMessage[] = [];
    const onDamage = damageTo(this.#problems, this.#database.pages.path);
    for (const page of part.pages) {
      for (const cell of await cellsOf(this.#messages, page, onDamage)) {
        const message = await this.#message(cell);
        if (message !== undefined) messages.push(message);
      }
    }
    return messages;
  }

  /** Undefined where the row cannot be read, or is of no topic, which is a problem. */
  async #message(cell: Cell): Promise<SourceMessage | undefined> {
    try {
      const record = await this.#messages.table.record(cell);
      const wanted = ["topic_id", "timestamp", "data"];
      const [topic, timeNs, data] = this.#database.columns(this.#messages, cell, record, wanted);
      const channel = typeof topic === "bigint" ? this.#topics.channelOf.get(topic) : undefined;
      if (channel === undefined || typeof timeNs !== "bigint" || !(data instanceof Uint8Array)) {
        const found = `topic ${String(topic)}, time ${String(timeNs)}`;
        throw new DatabaseError("a message of a topic that the bag lists", found, cell.offset);
      }
      return { channel, logTimeNs: timeNs, publishTimeNs: timeNs, data };
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      const where = `${this.#database.pages.path}, message ${cell.rowId}`;
      this.#problems.add("damaged-message", `${where}, ${error.message}; it is left out`);
      return undefined;
    }
  }
}
