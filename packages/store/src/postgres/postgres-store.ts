import { type ChannelDeclaration, type Recording, RecordingError } from "@playhead/recording";
import { ProblemLog } from "../readings/problem-log.ts";
import { ReadingSource } from "../readings/reading-source.ts";
import { describeSensors } from "../readings/sensor-description.ts";
import type {
  AppendOptions,
  NamedMetadata,
  RecordingAppender,
  RecordingStore,
  StoredRecording,
} from "../recording-store.ts";
import { refusal } from "./appended-message.ts";
import {
  type CatalogueEntry,
  fingerprintOf,
  readCatalogue,
  sensorsOf,
  storedRecording,
  timeRangeOf,
} from "./catalogue.ts";
import type { Connection } from "./connection.ts";
import { Connections } from "./connections.ts";
import type { MessagePage } from "./copy-decoding.ts";
import { type MessageTables, readLayout } from "./layout.ts";
import { isLockTimeout, lockRecording, unlockRecording } from "./locks.ts";
import { copyFirst, type MessageSelection } from "./message-query.ts";
import { decode, MessageReader } from "./message-reader.ts";
import { checkVersion, migrate, readVersion } from "./migrations.ts";
import { PostgresAppender } from "./postgres-appender.ts";
import { PostgresRecording } from "./postgres-recording.ts";
import { type PostgresAddress, parsePostgresUrl } from "./postgres-url.ts";
import { DEFAULT_RETRY_DELAYS_MS, Retry } from "./retry.ts";
import { readSignals } from "./signals.ts";
import { readStatus, type StoreStatus } from "./status.ts";

const MAX_NAME_BYTES = 1024;
/** How long a reader may be waited for, whose statement holds the recording's tables. */
const DELETE_WAIT = "2s";

export interface PostgresOptions {
  /** Waits before each attempt to go on reading where a connection was lost, ms; about 25 s in all without. */
  readonly retryDelaysMs?: readonly number[];
}

export interface PostgresAppendOptions extends AppendOptions {
  /**
   * An import that nobody reads before it is finished, and that can be done again: in plain PostgreSQL, indexes are made at its end, which is several times
   * faster, and the server's disk is not waited for until then. Where the server itself crashes, the last messages may be lost, and the count of those that
   * are kept says so.
   */
  readonly bulk?: boolean;
  /**
   * Whether the numbers in small messages are kept as samples too, which plots are made of: see `MessageSignals`. True without. Only of messages that are appended now:
   * those that the recording has get none.
   */
  readonly samples?: boolean;
}

/**
 * Opens a PostgreSQL database as a store of recordings: see `parsePostgresUrl` for its address. Connects when it is needed. The tables are in the schema
 * `playhead`; the first writer makes them, which readers need not be allowed to. A database with the extension `timescaledb` gets hypertables.
 */
export function openPostgresStore(url: string, options: PostgresOptions = {}): PostgresStore {
  return new PostgresStore(parsePostgresUrl(url), options);
}

/** Opens one recording: see `parsePostgresUrl` for its address. */
export async function openPostgresRecording(
  url: string,
  { signal, ...options }: PostgresOptions & { readonly signal?: AbortSignal } = {},
): Promise<Recording> {
  const address = parsePostgresUrl(url);
  const store = new PostgresStore(address, options);
  if (address.recording === undefined)
    throw refusal("invalid-argument", "a recording's name behind the database's", "none", address.shown);
  try {
    return await store.open(address.recording, signal === undefined ? {} : { signal });
  } finally {
    await store.close();
  }
}

/** A recording's messages as they are recorded, and what they belong to. */
export interface StoredMessages {
  readonly channels: readonly ChannelDeclaration[];
  readonly profile: string;
  readonly metadata: readonly NamedMetadata[];
  readonly messageCount: number;
  readonly sealed: boolean;
  /** As of `Recording`. */
  readonly fingerprint: string;
  /** In total order; `channelId` is the place in `channels`. */
  messages(signal?: AbortSignal): AsyncIterable<MessagePage>;
  close(): Promise<void>;
}

/** Recordings in a database: see `openPostgresStore`. */
export class PostgresStore implements RecordingStore {
  readonly location: string;
  readonly #address: PostgresAddress;
  readonly #connections: Connections;
  readonly #retryDelaysMs: readonly number[];

  constructor(address: PostgresAddress, { retryDelaysMs = DEFAULT_RETRY_DELAYS_MS }: PostgresOptions) {
    this.location = address.shown;
    this.#address = address;
    this.#connections = new Connections(address);
    this.#retryDelaysMs = retryDelaysMs;
  }

  async list(): Promise<readonly StoredRecording[]> {
    return this.#connections.read(async (connection) => {
      if ((await this.#version(connection)) === 0) return [];
      return (await readCatalogue(connection)).map(storedRecording);
    });
  }

  async find(name: string): Promise<StoredRecording | undefined> {
    const entry = await this.#connections.read((connection) => this.#entry(connection, name));
    return entry === undefined ? undefined : storedRecording(entry);
  }

  async open(name: string, { signal }: { readonly signal?: AbortSignal } = {}): Promise<Recording> {
    signal?.throwIfAborted();
    const connections = new Connections({ ...this.#address, recording: name });
    try {
      return await this.#open(connections, name);
    } catch (error) {
      await connections.close();
      throw error;
    }
  }

  async append(name: string, options: PostgresAppendOptions = {}): Promise<RecordingAppender> {
    this.#checkName(name);
    const where = this.#where(name);
    const connection = await this.#connections.take();
    try {
      await migrate(connection, this.location);
      const entry = await this.#claim(connection, name, options);
      const layout = await readLayout(connection);
      const { bulk = false, samples = true } = options;
      await connection.query(`SET synchronous_commit = ${bulk ? "off" : "on"}`);
      await connection.transaction(() => layout.prepare(connection, entry.id, bulk));
      const signals = samples ? await readSignals(connection, entry.id) : undefined;
      // The connection is the appender's now: its end frees the lock.
      this.#connections.give(connection);
      return new PostgresAppender({ connection, layout, entry, signals, where });
    } catch (error) {
      connection.destroy();
      await this.#connections.release(connection);
      throw error;
    }
  }

  async delete(name: string): Promise<boolean> {
    return this.#connections.use(async (connection) => {
      const found = await this.#entry(connection, name);
      if (found === undefined) return false;
      await this.#lock(connection, found);
      try {
        // A writer may have added to it while the lock was waited for.
        const entry = await this.#entry(connection, name);
        if (entry?.id !== found.id) return false;
        const layout = await readLayout(connection);
        await connection
          .transaction(async () => {
            await connection.query(`SET LOCAL lock_timeout = '${DELETE_WAIT}'`);
            await layout.remove(connection, entry.id, timeRangeOf(entry));
            await connection.query("DELETE FROM playhead.recording WHERE id = $1", [entry.id]);
          })
          .catch((error: unknown) => {
            if (!isLockTimeout(error)) throw error;
            throw refusal("conflict", "that nobody reads the recording", "a reader at it", this.#where(name));
          });
        if (entry.messageCount > 0) await layout.refresh(connection, timeRangeOf(entry));
      } finally {
        if (connection.isUsable) await unlockRecording(connection, found.id);
      }
      return true;
    });
  }

  /** What the server is and has, and what is missing. */
  async status(): Promise<StoreStatus> {
    return this.#connections.read((connection) => readStatus(connection, this.location));
  }

  /** Opens a recording's messages as they are recorded, malformed ones too. They are the caller's to close. */
  async openMessages(name: string): Promise<StoredMessages> {
    const connections = new Connections({ ...this.#address, recording: name });
    try {
      const { entry, tables } = await this.#find(connections, name);
      const reader = new MessageReader({ connections, tables, entry, retryDelaysMs: this.#retryDelaysMs });
      return {
        channels: entry.channels.map(({ declaration }) => declaration),
        profile: entry.profile,
        metadata: entry.metadata,
        messageCount: entry.messageCount,
        sealed: entry.sealed,
        fingerprint: fingerprintOf(entry),
        messages: (signal) => reader.read(wholeOf(entry), signal),
        close: () => connections.close(),
      };
    } catch (error) {
      await connections.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#connections.close();
  }

  async #find(
    connections: Connections,
    name: string,
  ): Promise<{ entry: CatalogueEntry; tables: MessageTables }> {
    return connections.use(async (connection) => {
      const entry = await this.#entry(connection, name);
      if (entry === undefined)
        throw refusal("not-found", "a recording of that name", "none", this.#where(name));
      return { entry, tables: (await readLayout(connection)).tablesOf(entry.id) };
    });
  }

  async #open(connections: Connections, name: string): Promise<Recording> {
    const { entry, tables } = await this.#find(connections, name);
    const problems = new ProblemLog();
    const { sensors: channelSensors, handles, ranges } = sensorsOf(entry);
    const first = (handle: number): Promise<Uint8Array | undefined> => {
      const numbers = [...entry.channels.keys()].filter((number) => handles[number] === handle);
      const statement = copyFirst(tables, wholeOf(entry), numbers);
      return new Retry(this.#retryDelaysMs).run(() =>
        connections.use((connection) => firstData(connection, statement)),
      );
    };
    const { sensors, converters } = await describeSensors(channelSensors, ranges, first, problems);
    const source = new ReadingSource(sensors, handles, converters, problems);
    const retryDelaysMs = this.#retryDelaysMs;
    return new PostgresRecording({ connections, tables, entry, source, handles, problems, retryDelaysMs });
  }

  /** Makes the recording where there is none of that name, and becomes its writer. */
  async #claim(
    connection: Connection,
    name: string,
    { origin, profile = "" }: AppendOptions,
  ): Promise<CatalogueEntry> {
    await connection.query(
      "INSERT INTO playhead.recording (name, origin, profile) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING",
      [name, origin ?? null, profile],
    );
    const [found] = await readCatalogue(connection, name);
    if (found !== undefined) await this.#lock(connection, found);
    // Another writer may have finished or deleted it while the lock was waited for.
    const entry = await this.#entry(connection, name);
    const where = this.#where(name);
    if (entry === undefined || entry.id !== found?.id)
      throw refusal("conflict", "a recording that stays", "that it was deleted just now", where);
    if (origin !== undefined && entry.origin !== origin)
      throw refusal(
        "conflict",
        `a recording made of ${origin}`,
        entry.origin ?? "one of unknown origin",
        where,
      );
    if (entry.sealed) throw refusal("sealed", "a recording that is not finished yet", "one that is", where);
    return entry;
  }

  async #lock(connection: Connection, { id, name }: CatalogueEntry): Promise<void> {
    if (await lockRecording(connection, id)) return;
    throw refusal("conflict", "that nobody else writes the recording", "a writer at it", this.#where(name));
  }

  async #entry(connection: Connection, name: string): Promise<CatalogueEntry | undefined> {
    if (name.includes("\0") || (await this.#version(connection)) === 0) return undefined;
    const [entry] = await readCatalogue(connection, name);
    return entry;
  }

  async #version(connection: Connection): Promise<number> {
    const version = await readVersion(connection);
    checkVersion(version, this.location);
    return version;
  }

  #checkName(name: string): void {
    const bytes = Buffer.byteLength(name);
    if (bytes > 0 && bytes <= MAX_NAME_BYTES && !name.includes("\0")) return;
    throw new RecordingError("invalid-argument", {
      expected: `a name of 1 to ${MAX_NAME_BYTES} bytes without the character 0`,
      found: bytes > MAX_NAME_BYTES ? `${bytes} bytes` : JSON.stringify(name),
      where: this.location,
    });
  }

  #where(name: string): string {
    return `${this.location}, ${name}`;
  }
}

/** All messages that a recording has. */
function wholeOf(entry: CatalogueEntry): MessageSelection {
  const { firstNs, lastNs } = timeRangeOf(entry);
  const positionsBelow = entry.sealed ? undefined : entry.messageCount;
  return { recordingId: entry.id, fromNs: firstNs, toNs: lastNs + 1n, positionsBelow };
}

async function firstData(connection: Connection, statement: string): Promise<Uint8Array | undefined> {
  let data: Uint8Array | undefined;
  for await (const page of decode(connection, statement)) data ??= page.data(0);
  return data;
}
