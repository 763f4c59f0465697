import { READ_COLUMNS } from "./copy-decoding.ts";
import type { MessageTables } from "./layout.ts";

/** Which messages of a recording. Numbers only: they stand in the text, because COPY takes no parameters. */
export interface MessageSelection {
  readonly recordingId: number;
  /** First time, inclusive, and last time, exclusive, ns. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** Behind this message of the first time. */
  readonly after?: { readonly timeNs: bigint; readonly position: number } | undefined;
  /** Before this message. */
  readonly before?: { readonly timeNs: bigint; readonly position: number } | undefined;
  /** Numbers of channels; all without. */
  readonly channels?: readonly number[] | undefined;
  /** Only what was appended before: a recording that grows is read as it was when it was opened. */
  readonly positionsBelow?: number | undefined;
}

const OUT = "TO STDOUT (FORMAT binary)";

/** Messages in total order. */
export function copyMessages(tables: MessageTables, selection: MessageSelection): string {
  const parts = [tables.reading, tables.payload].map(
    (table) => `SELECT ${READ_COLUMNS} FROM ${table} WHERE ${conditions(selection)}`,
  );
  return `COPY (SELECT * FROM (${parts.join(" UNION ALL ")}) AS m ORDER BY log_time_ns, position) ${OUT}`;
}

/** The last messages of each channel, `count` of each at most, latest first. */
export function copyLatest(
  tables: MessageTables,
  selection: MessageSelection,
  channels: readonly number[],
  count = 1,
): string {
  return `COPY (${eachChannel(tables, selection, channels, `log_time_ns DESC, position DESC LIMIT ${whole(count)}`)}) ${OUT}`;
}

/** The first message of all these channels. */
export function copyFirst(
  tables: MessageTables,
  selection: MessageSelection,
  channels: readonly number[],
): string {
  const first = eachChannel(tables, selection, channels, "log_time_ns, position LIMIT 1");
  return `COPY (SELECT * FROM (${first}) AS f ORDER BY log_time_ns, position LIMIT 1) ${OUT}`;
}

/** A query for the time of the first message, `time_ns`; null where there is none. */
export function selectFirstTime(tables: MessageTables, selection: MessageSelection): string {
  const [reading, payload] = [tables.reading, tables.payload].map(
    (table) =>
      `(SELECT log_time_ns FROM ${table} WHERE ${conditions(selection)} ORDER BY log_time_ns, position LIMIT 1)`,
  );
  return `SELECT least(${reading}, ${payload}) AS time_ns`;
}

/** A query for how many messages each channel has, in rows of `channel` and `messages`. */
export function selectCounts(tables: MessageTables, selection: MessageSelection): string {
  const parts = [tables.reading, tables.payload].map(
    (table) => `SELECT channel FROM ${table} WHERE ${conditions(selection)}`,
  );
  return `SELECT channel, count(*) AS messages FROM (${parts.join(" UNION ALL ")}) AS m GROUP BY channel`;
}

/** For each channel and table one walk over an index, which ends at the limit. */
function eachChannel(
  tables: MessageTables,
  selection: MessageSelection,
  channels: readonly number[],
  order: string,
): string {
  const parts = [tables.reading, tables.payload].map(
    (table) =>
      `(SELECT ${READ_COLUMNS} FROM ${table} WHERE channel = c.number AND ${conditions(selection)} ORDER BY ${order})`,
  );
  const numbers = channels.map(whole).join(", ");
  return `SELECT m.* FROM unnest(ARRAY[${numbers}]::integer[]) AS c(number)
    CROSS JOIN LATERAL (SELECT * FROM (${parts.join(" UNION ALL ")}) AS u ORDER BY ${order}) AS m`;
}

function conditions({
  recordingId,
  fromNs,
  toNs,
  after,
  before,
  channels,
  positionsBelow,
}: MessageSelection): string {
  const all = [`recording_id = ${whole(recordingId)}`, `log_time_ns >= ${fromNs}`, `log_time_ns < ${toNs}`];
  if (after !== undefined) all.push(`(log_time_ns, position) > (${after.timeNs}, ${whole(after.position)})`);
  if (before !== undefined)
    all.push(`(log_time_ns, position) < (${before.timeNs}, ${whole(before.position)})`);
  if (channels !== undefined) all.push(`channel IN (${channels.map(whole).join(", ")})`);
  if (positionsBelow !== undefined) all.push(`position < ${whole(positionsBelow)}`);
  return all.join(" AND ");
}

function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Error(`Invariant: a whole number, found ${value}`);
  return String(value);
}
