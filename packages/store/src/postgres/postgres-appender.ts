import type { ChannelDeclaration, RecordingError } from "@playhead/recording";
import type { NamedMetadata, RecordedMessage, RecordingAppender } from "../recording-store.ts";
import { checkChannel, checkMessage, checkMetadata, refusal } from "./appended-message.ts";
import { AppendingChannels } from "./appending-channels.ts";
import { type CatalogueEntry, readCatalogue, timeRangeOf } from "./catalogue.ts";
import type { Connection } from "./connection.ts";
import { type CopyBuffer, Slabs } from "./copy-buffer.ts";
import { COPY_COLUMNS } from "./copy-encoding.ts";
import type { Layout } from "./layout.ts";
import { PendingMessages } from "./pending-messages.ts";
import { postgresError } from "./postgres-error.ts";
import { SAMPLE_COPY_COLUMNS } from "./sample-rows.ts";
import { AppendingSignals, insertSignals, type StoredSignal } from "./signals.ts";

/** What is sent in one transaction: a batch is collected while the one before it is on its way. */
const BATCH_BYTES = 8 * 1024 * 1024;
const BATCH_MESSAGES = 32_768;
const MAX_CHANNELS = 65_535;

export interface PostgresAppenderParts {
  /** Holds the recording's lock; the appender's own. */
  readonly connection: Connection;
  readonly layout: Layout;
  readonly entry: CatalogueEntry;
  /** Those that the recording has; undefined where samples are not kept. */
  readonly signals: readonly StoredSignal[] | undefined;
  /** For errors: the store and the recording. */
  readonly where: string;
}

/** What a transaction adds to a recording beside its messages. */
interface Declarations {
  readonly channels: readonly ChannelDeclaration[];
  readonly signals: readonly StoredSignal[];
  readonly metadata: readonly NamedMetadata[];
}

/** See `PostgresStore.append`. Each batch is one transaction: its messages and the recording's counts change together. */
export class PostgresAppender implements RecordingAppender {
  readonly #parts: PostgresAppenderParts;
  readonly #channels: AppendingChannels;
  readonly #signals: AppendingSignals | undefined;
  readonly #metadata: NamedMetadata[];
  /** How many channels, signals and sets of metadata the database has. */
  #keptChannels: number;
  #keptSignals: number;
  #keptMetadata: number;
  #keptMessages: number;
  #appended: number;
  readonly #slabs = new Slabs();
  #pending: PendingMessages;
  #sending: Promise<void> = Promise.resolve();
  #failure: RecordingError | undefined;
  #closed = false;

  constructor(parts: PostgresAppenderParts) {
    this.#parts = parts;
    const { channels, metadata, messageCount, lastTimeNs } = parts.entry;
    this.#channels = new AppendingChannels(channels);
    this.#signals = parts.signals && new AppendingSignals(parts.signals);
    for (const { declaration } of channels) this.#signals?.addChannel(declaration);
    this.#metadata = [...metadata];
    this.#keptChannels = channels.length;
    this.#keptSignals = parts.signals?.length ?? 0;
    this.#keptMetadata = metadata.length;
    this.#keptMessages = messageCount;
    this.#appended = messageCount;
    this.#pending = new PendingMessages(lastTimeNs, this.#slabs);
  }

  get channels(): readonly ChannelDeclaration[] {
    return this.#channels.declarations;
  }

  get keptMessages(): number {
    return this.#keptMessages;
  }

  async addChannel(channel: ChannelDeclaration): Promise<number> {
    this.#check();
    checkChannel(channel, this.#parts.where);
    if (this.channels.length === MAX_CHANNELS) {
      throw refusal("invalid-argument", `at most ${MAX_CHANNELS} channels`, "another one", this.#parts.where);
    }
    this.#signals?.addChannel(channel);
    return this.#channels.add(channel);
  }

  async append(messages: readonly RecordedMessage[]): Promise<void> {
    this.#check();
    const { where, entry } = this.#parts;
    for (const message of messages) {
      if (!this.#channels.has(message.channel))
        throw refusal("unknown-channel", "a declared channel", `${message.channel}`, where);
      checkMessage(message, where);
    }
    for (const message of messages) {
      const { ordinal, sequence } = this.#channels.count(message.channel);
      const numbers = {
        recordingId: entry.id,
        position: this.#appended++,
        ordinal,
        sequence: message.sequence ?? sequence,
      };
      this.#pending.add(message, numbers);
      this.#signals?.add(message, numbers, this.#pending.samples);
      if (this.#pending.sizeBytes >= BATCH_BYTES || this.#pending.count >= BATCH_MESSAGES) await this.#send();
    }
  }

  async addMetadata(name: string, entries: Readonly<Record<string, string>>): Promise<void> {
    this.#check();
    checkMetadata({ name, entries }, this.#parts.where);
    this.#metadata.push({ name, entries });
  }

  async flush(): Promise<void> {
    this.#check();
    await this.#send();
    await this.#sending;
    this.#check();
  }

  async seal(): Promise<void> {
    await this.flush();
    const { connection, layout, entry, where } = this.#parts;
    try {
      const [now] = await readCatalogue(connection, entry.name);
      if (now !== undefined && now.messageCount > 0)
        await layout.finish(connection, entry.id, timeRangeOf(now));
      // Waits for the disk, for all that was written before too.
      await connection.query("SET synchronous_commit = on");
      await connection.query("UPDATE playhead.recording SET sealed = true WHERE id = $1", [entry.id]);
    } catch (error) {
      this.#failure = postgresError(error, where, "that the recording can be finished");
      throw this.#failure;
    }
    await this.close();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#sending;
    await this.#parts.connection.close();
  }

  /** Waits for the batch before, then sends this one; failures are told by the next call. */
  async #send(): Promise<void> {
    await this.#sending;
    this.#check();
    const pending = this.#pending;
    const channels = this.channels.slice(this.#keptChannels);
    const metadata = this.#metadata.slice(this.#keptMetadata);
    if (pending.count === 0 && channels.length === 0 && metadata.length === 0) return;
    const signals = this.#signals?.found.slice(this.#keptSignals) ?? [];
    this.#pending = new PendingMessages(pending.lastTimeNs, this.#slabs);
    this.#sending = this.#commit(pending, { channels, signals, metadata }).catch((error) => {
      this.#failure ??= postgresError(error, this.#parts.where, "that messages can be written");
    });
  }

  async #commit(pending: PendingMessages, { channels, signals, metadata }: Declarations): Promise<void> {
    const { connection, layout, entry } = this.#parts;
    const { reading, payload, sample } = layout.tablesOf(entry.id);
    const count = pending.count;
    await connection.transaction(async () => {
      await insertChannels(connection, entry.id, this.#keptChannels, channels);
      await insertSignals(connection, entry.id, this.#keptSignals, signals);
      await insertMetadata(connection, entry.id, this.#keptMetadata, metadata);
      await this.#copy(`${reading} (${COPY_COLUMNS})`, pending.small);
      await this.#copy(`${payload} (${COPY_COLUMNS})`, pending.large);
      await this.#copy(`${sample} (${SAMPLE_COPY_COLUMNS})`, pending.samples);
      await this.#addCounts(pending, count);
    });
    this.#keptChannels += channels.length;
    this.#keptSignals += signals.length;
    this.#keptMetadata += metadata.length;
    this.#keptMessages += count;
  }

  /** `table` with its columns. */
  async #copy(table: string, rows: CopyBuffer): Promise<void> {
    if (rows.rowCount === 0) return;
    const chunks = rows.take();
    await this.#parts.connection.copyIn(`COPY ${table} FROM STDIN (FORMAT binary)`, chunks);
    this.#slabs.giveBack(chunks);
  }

  /** Nothing is kept unless the recording has as many messages as this writer knows of. */
  async #addCounts(pending: PendingMessages, count: number): Promise<void> {
    const { connection, entry, where } = this.#parts;
    const changed = await connection.change(
      `UPDATE playhead.recording SET message_count = message_count + $3, in_order = in_order AND $4,
        last_time_ns = $5 WHERE id = $1 AND message_count = $2 AND NOT sealed`,
      [entry.id, this.#keptMessages, count, pending.inOrder, String(pending.lastTimeNs)],
    );
    if (changed !== 1)
      throw refusal("conflict", `${this.#keptMessages} messages in the recording`, "another count", where);
    const additions = [...pending.additions];
    await connection.query(
      `UPDATE playhead.channel AS c SET message_count = c.message_count + a.count,
        first_time_ns = least(c.first_time_ns, a.first_ns), last_time_ns = greatest(c.last_time_ns, a.last_ns)
      FROM unnest($2::integer[], $3::bigint[], $4::bigint[], $5::bigint[]) AS a(number, count, first_ns, last_ns)
      WHERE c.recording_id = $1 AND c.number = a.number`,
      [
        entry.id,
        additions.map(([number]) => number),
        additions.map(([, addition]) => addition.count),
        additions.map(([, addition]) => String(addition.firstNs)),
        additions.map(([, addition]) => String(addition.lastNs)),
      ],
    );
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#closed) throw refusal("closed", "an open recording", "a closed one", this.#parts.where);
  }
}

async function insertChannels(
  connection: Connection,
  recordingId: number,
  first: number,
  channels: readonly ChannelDeclaration[],
): Promise<void> {
  for (const [index, { topic, messageEncoding, schema, metadata = {} }] of channels.entries())
    await connection.query(
      `INSERT INTO playhead.channel
        (recording_id, number, topic, message_encoding, schema_name, schema_encoding, schema_data, metadata)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        recordingId,
        first + index,
        topic,
        messageEncoding,
        schema?.name ?? null,
        schema?.encoding ?? null,
        schema === undefined ? null : Buffer.from(schema.data),
        JSON.stringify(metadata),
      ],
    );
}

async function insertMetadata(
  connection: Connection,
  recordingId: number,
  first: number,
  metadata: readonly NamedMetadata[],
): Promise<void> {
  for (const [index, { name, entries }] of metadata.entries())
    await connection.query(
      "INSERT INTO playhead.metadata (recording_id, place, name, entries) VALUES ($1, $2, $3, $4)",
      [recordingId, first + index, name, JSON.stringify(entries)],
    );
}
