import { type Cell, type MessageFields, type Problem, TooDeepError } from "@playhead/recording";
import { ProblemList } from "../problem-list.ts";
import type { MessageSource, SourceMessage } from "../source.ts";
import { ChannelRows } from "./channel-rows.ts";
import { type ColumnGroup, Columns, type TableColumn } from "./columns.ts";
import { CsvTable } from "./csv-table.ts";
import { ParquetTable } from "./parquet-table.ts";
import type { Append, OpenTable } from "./table-file.ts";

export type TableFormat = "csv" | "parquet";

export interface TableOptions {
  readonly format: TableFormat;
  /** A row for each point of clouds, rather than one for each cloud. */
  readonly points?: boolean;
  /** Told while it goes on: the share that is done, and the rows that are written. */
  readonly onProgress?: (share: number | undefined, rows: number) => void;
  readonly signal?: AbortSignal;
}

/** What a table has. */
export interface TableSummary {
  readonly rows: number;
  readonly columns: readonly TableColumn[];
  readonly topics: readonly { readonly topic: string; readonly rows: number }[];
  readonly problems: readonly Problem[];
}

const OPEN: Readonly<Record<TableFormat, OpenTable>> = {
  csv: (columns, append) => new CsvTable(columns, append),
  parquet: (columns, append) => new ParquetTable(columns, append),
};

/**
 * Writes the messages of a source as one table in order of time: `time_ns` (log time since the Unix epoch), then their fields. Of several topics each
 * row names its own, and columns begin with the topic. The source is read twice: for the columns, then for the rows, so memory stays bounded.
 */
export async function writeTable(
  source: MessageSource,
  append: Append,
  { format, points = false, onProgress, signal }: TableOptions,
): Promise<TableSummary> {
  const problems = new ProblemList();
  const rows = new SourceRows(source, points, problems);
  const columns = new Columns(rows.groups, source.name);
  const see = ({ channel, fields }: Row): undefined => columns.see(channel, fields);
  await rows.forEach(signal, see, (share) => onProgress?.(half(share, 0), 0));
  const settled = columns.settle(rows.isSingle ? [TIME] : [TIME, TOPIC]);
  const table = OPEN[format](settled, append);
  const counts = source.channels.map(() => 0);
  let written = 0;
  const write = ({ channel, timeNs, topic, fields }: Row): Promise<void> | undefined => {
    const first: Cell[] = rows.isSingle ? [timeNs] : [timeNs, topic];
    const cells = columns.cells(first, channel, fields);
    counts[channel] = (counts[channel] ?? 0) + 1;
    written++;
    return table.row(cells);
  };
  await rows.forEach(signal, write, (share) => onProgress?.(half(share, 0.5), written));
  await table.close();
  const topics = source.channels.map(({ topic }, channel) => ({ topic, rows: counts[channel] ?? 0 }));
  return { rows: written, columns: settled, topics, problems: [...source.problems, ...problems.problems] };
}

const TIME: TableColumn = { name: "time_ns", type: "integer" };
const TOPIC: TableColumn = { name: "topic", type: "text" };

function half(share: number | undefined, done: number): number | undefined {
  return share === undefined ? undefined : done + share / 2;
}

interface TableChannel {
  readonly topic: string;
  readonly rows: ChannelRows;
}

interface Row {
  readonly channel: number;
  readonly topic: string;
  readonly timeNs: bigint;
  readonly fields: MessageFields;
}

class SourceRows {
  /** Whether all rows are of one topic. */
  readonly isSingle: boolean;
  /** By channel. */
  readonly groups: readonly ColumnGroup[];
  readonly #source: MessageSource;
  readonly #problems: ProblemList;
  readonly #channels: readonly TableChannel[];

  constructor(source: MessageSource, points: boolean, problems: ProblemList) {
    this.isSingle = source.channels.length === 1;
    this.#source = source;
    this.#problems = problems;
    this.#channels = source.channels.map((channel) => {
      return { topic: channel.topic, rows: new ChannelRows(channel, points) };
    });
    this.groups = this.#channels.map(({ topic, rows }) => ({
      prefix: this.isSingle ? "" : topic.replace(/^\//, ""),
      isInteger: (name) => rows.isInteger(name),
    }));
  }

  async forEach(
    signal: AbortSignal | undefined,
    take: (row: Row) => Promise<void> | undefined,
    onBatch: (share: number | undefined) => void,
  ): Promise<void> {
    for await (const batch of this.#source.messages(signal)) {
      for (const message of batch) {
        for (const row of this.#rowsOf(message)) {
          const waiting = this.#taken(message, () => take(row));
          if (waiting !== undefined) await waiting;
        }
      }
      onBatch(this.#source.share);
      signal?.throwIfAborted();
    }
  }

  *#rowsOf({ channel, logTimeNs, data }: SourceMessage): Generator<Row> {
    const { topic, rows } = this.#channels[channel] as TableChannel;
    let found: Iterable<MessageFields> = [];
    try {
      if (BigInt.asIntN(64, logTimeNs) !== logTimeNs)
        throw new Error("expected a time of 64 bits, found a later one");
      found = rows.rowsOf(data);
    } catch (error) {
      this.#leaveOut({ channel, logTimeNs }, error as Error);
    }
    for (const fields of found) yield { channel, topic, timeNs: logTimeNs, fields };
  }

  /** What `take` gives; undefined where the message cannot be written, which is a problem. */
  #taken<T>(message: SourceMessage, take: () => T): T | undefined {
    try {
      return take();
    } catch (error) {
      if (!(error instanceof TooDeepError)) throw error;
      this.#leaveOut(message, error);
      return undefined;
    }
  }

  #leaveOut({ channel, logTimeNs }: Pick<SourceMessage, "channel" | "logTimeNs">, { message }: Error): void {
    const { topic } = this.#channels[channel] as TableChannel;
    const where = `${this.#source.name}, ${topic}, message at ${logTimeNs} ns`;
    this.#problems.add("malformed-message", `${where}: ${message}; it is left out`, topic);
  }
}
