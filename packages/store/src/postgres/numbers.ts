import type { ReadingNumbers } from "../readings/reading-source.ts";
import { type CatalogueEntry, timeRangeOf } from "./catalogue.ts";
import type { Connections } from "./connections.ts";
import type { MessagePage } from "./copy-decoding.ts";
import type { MessageTables } from "./layout.ts";
import { type MessageSelection, selectCounts } from "./message-query.ts";
import { Retry } from "./retry.ts";

export interface NumbersParts {
  readonly connections: Connections;
  readonly tables: MessageTables;
  readonly entry: CatalogueEntry;
  readonly handles: Int32Array;
  readonly retryDelaysMs: readonly number[];
}

/** Gives each message that is read in turn its place among all, and among those of its sensor. */
export interface MessageNumbering {
  of(page: MessagePage, row: number, sensor: number): ReadingNumbers;
}

/**
 * The places of messages in total order. Where all came in order, they are the numbers that they were appended with. Where some came late, messages
 * before a time are counted.
 */
export class Numbers {
  readonly #parts: NumbersParts;

  constructor(parts: NumbersParts) {
    this.#parts = parts;
  }

  /** For all messages from a time on, one after the other. */
  async from(fromNs: bigint): Promise<MessageNumbering> {
    if (this.#parts.entry.inOrder) return APPENDED;
    return new Counting(await this.#countsBefore({ toNs: fromNs }));
  }

  /** For one message. */
  async of(page: MessagePage, row: number, sensor: number): Promise<ReadingNumbers> {
    if (this.#parts.entry.inOrder) return APPENDED.of(page, row, sensor);
    const timeNs = page.logTimeNs(row);
    const before = { timeNs, position: page.position[row] as number };
    const counts = await this.#countsBefore({ toNs: timeNs + 1n, before });
    return new Counting(counts).of(page, row, sensor);
  }

  /** How many messages each sensor has there, by handle. */
  async #countsBefore(part: Pick<MessageSelection, "toNs" | "before">): Promise<Map<number, number>> {
    const { connections, tables, entry, handles, retryDelaysMs } = this.#parts;
    const positionsBelow = entry.sealed ? undefined : entry.messageCount;
    const statement = selectCounts(tables, {
      ...part,
      fromNs: timeRangeOf(entry).firstNs,
      recordingId: entry.id,
      positionsBelow,
    });
    const rows = await new Retry(retryDelaysMs).run(() =>
      connections.use((connection) => connection.query(statement)),
    );
    const counts = new Map<number, number>();
    for (const { channel, messages } of rows) {
      const handle = handles[Number(channel)] as number;
      counts.set(handle, (counts.get(handle) ?? 0) + Number(messages));
    }
    return counts;
  }
}

const APPENDED: MessageNumbering = {
  of: (page, row) => ({ position: page.position[row] as number, sequence: page.ordinal[row] as number }),
};

class Counting implements MessageNumbering {
  readonly #sequences: Map<number, number>;
  #position: number;

  constructor(counts: Map<number, number>) {
    this.#sequences = counts;
    this.#position = [...counts.values()].reduce((sum, count) => sum + count, 0);
  }

  of(_page: MessagePage, _row: number, sensor: number): ReadingNumbers {
    const sequence = this.#sequences.get(sensor) ?? 0;
    this.#sequences.set(sensor, sequence + 1);
    return { position: this.#position++, sequence };
  }
}
