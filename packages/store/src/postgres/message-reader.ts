import { RecordingError } from "@playhead/recording";
import { type CatalogueEntry, timeRangeOf } from "./catalogue.ts";
import type { Connection } from "./connection.ts";
import type { Connections } from "./connections.ts";
import { CopyDecoder, type MessagePage } from "./copy-decoding.ts";
import type { MessageTables } from "./layout.ts";
import { copyMessages, type MessageSelection, selectFirstTime } from "./message-query.ts";
import { Retry } from "./retry.ts";

/** A page is handed over when it has so many rows or bytes. */
const PAGE_ROWS = 1024;
const PAGE_BYTES = 4 * 1024 * 1024;
/** What one statement is meant to give: little enough to be given up without regret, much enough that asking costs nothing. */
const WINDOW_ROWS = 8192;
const WINDOW_BYTES = 16 * 1024 * 1024;
/** The first statement gives less, so that its first row comes at once, however the server finds it. */
const FIRST_WINDOW_ROWS = 512;
const LEAST_WINDOW_NS = 1_000_000n;

export interface MessageReaderParts {
  readonly connections: Connections;
  readonly tables: MessageTables;
  readonly retryDelaysMs: readonly number[];
  readonly entry: CatalogueEntry;
}

/**
 * Reads messages in total order, in windows of time: a statement for each. A window's rows stream in as they are asked for. Where the connection is
 * lost, the next statement goes on behind the last row.
 */
export class MessageReader {
  readonly #parts: MessageReaderParts;

  constructor(parts: MessageReaderParts) {
    this.#parts = parts;
  }

  async *read(selection: MessageSelection, signal?: AbortSignal): AsyncGenerator<MessagePage> {
    const retry = new Retry(this.#parts.retryDelaysMs);
    let { fromNs, after } = selection;
    let widthNs = this.#firstWidthNs();
    while (fromNs < selection.toNs) {
      const toNs = least(fromNs + widthNs, selection.toNs);
      const got = { rows: 0, bytes: 0 };
      try {
        for await (const page of this.#window({ ...selection, fromNs, toNs, after }, signal)) {
          retry.progress();
          const last = page.count - 1;
          [fromNs, after] = [
            page.logTimeNs(last),
            { timeNs: page.logTimeNs(last), position: page.position[last] as number },
          ];
          got.rows += page.count;
          got.bytes += page.sizeBytes;
          yield page;
          signal?.throwIfAborted();
        }
        [fromNs, after] = [toNs, undefined];
        if (got.rows === 0) fromNs = await this.#skipGap({ ...selection, fromNs, after });
        else widthNs = nextWidthNs(widthNs, got);
      } catch (error) {
        await retry.wait(error, signal);
      }
    }
    await retry.run(() => this.checkThere(), signal);
  }

  /** Throws a RecordingError where the recording was deleted meanwhile: what is missing then would look like an early end. */
  async checkThere(): Promise<void> {
    const { connections, entry } = this.#parts;
    const rows = await connections.use((connection) =>
      connection.query("SELECT FROM playhead.recording WHERE id = $1", [entry.id]),
    );
    if (rows.length === 0) throw deletedError(connections);
  }

  async *#window(selection: MessageSelection, signal: AbortSignal | undefined): AsyncGenerator<MessagePage> {
    const { connections, tables } = this.#parts;
    const connection = await connections.take();
    try {
      yield* decode(connection, copyMessages(tables, selection), signal);
    } finally {
      await connections.release(connection);
    }
  }

  /** Where the next message lies, or the end. */
  async #skipGap(selection: MessageSelection): Promise<bigint> {
    if (selection.fromNs >= selection.toNs) return selection.toNs;
    const { connections, tables } = this.#parts;
    const [row] = await connections.use((connection) => connection.query(selectFirstTime(tables, selection)));
    const found = row?.time_ns as string | null | undefined;
    return found === null || found === undefined ? selection.toNs : BigInt(found);
  }

  #firstWidthNs(): bigint {
    const { entry } = this.#parts;
    const { firstNs, lastNs } = timeRangeOf(entry);
    const spanNs = Number(lastNs - firstNs);
    const widthNs = entry.messageCount === 0 ? spanNs : (FIRST_WINDOW_ROWS * spanNs) / entry.messageCount;
    return BigInt(Math.ceil(Math.min(1e18, Math.max(Number(LEAST_WINDOW_NS), widthNs))));
  }
}

/** Gives the rows of a statement in pages. */
export async function* decode(
  connection: Connection,
  statement: string,
  signal?: AbortSignal,
): AsyncGenerator<MessagePage> {
  const decoder = new CopyDecoder(PAGE_ROWS, PAGE_BYTES);
  for await (const chunk of connection.copyOut(statement, signal)) yield* decoder.push(chunk);
  if (!decoder.isComplete)
    throw new RecordingError("unreachable", {
      expected: "all rows",
      found: "that the connection was lost",
      where: "the rows of a recording",
      cause: { code: "08006" },
    });
  if (decoder.rest.count > 0) yield decoder.rest;
}

function deletedError({ address }: Connections): RecordingError {
  return new RecordingError("not-found", {
    expected: "the recording that was opened",
    found: "that it was deleted meanwhile",
    where: `${address.shown}, ${address.recording ?? ""}`,
  });
}

/** Windows grow and shrink towards what a statement is meant to give, at most fourfold at a time. */
function nextWidthNs(widthNs: bigint, { rows, bytes }: { rows: number; bytes: number }): bigint {
  const filled = Math.max(rows / WINDOW_ROWS, bytes / WINDOW_BYTES, 1 / 4);
  const next = BigInt(Math.ceil(Number(widthNs) / Math.min(filled, 4)));
  return next < LEAST_WINDOW_NS ? LEAST_WINDOW_NS : least(next, 10n ** 18n);
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
