import type { Reading } from "@playhead/recording";
import type { ReadingSource } from "../readings/reading-source.ts";
import { timeRangeOf } from "./catalogue.ts";
import type { MessagePage } from "./copy-decoding.ts";
import { copyLatest, type MessageSelection } from "./message-query.ts";
import { decode, type MessageReader } from "./message-reader.ts";
import type { Numbers, NumbersParts } from "./numbers.ts";
import { Retry } from "./retry.ts";

/** Most sensors have a message in the last seconds: only for the others, all that is before is looked at. */
const LOOK_BACK_NS = 2_000_000_000n;
/** Where the latest message is malformed, so many before it are tried, then twice as many, and so on. */
const FIRST_TRIED = 16;

export interface LatestMessagesParts extends NumbersParts {
  readonly source: ReadingSource;
  readonly numbers: Numbers;
  readonly reader: MessageReader;
}

/** A message with the page that it is in. */
interface Found {
  readonly page: MessagePage;
  readonly row: number;
}

/** Finds the last message of each sensor before a time. */
export class LatestMessages {
  readonly #parts: LatestMessagesParts;

  constructor(parts: LatestMessagesParts) {
    this.#parts = parts;
  }

  /** By handle, ascending. `wanted` is 1 for each sensor to find, by handle. */
  async atOrBefore(endNs: bigint, wanted: Uint8Array): Promise<Map<number, Reading>> {
    const candidates = this.#candidates(endNs, wanted);
    const found = new Map<number, Found>();
    const { firstNs } = timeRangeOf(this.#parts.entry);
    const lookBackNs = endNs - LOOK_BACK_NS > firstNs ? endNs - LOOK_BACK_NS : firstNs;
    for (const fromNs of new Set([lookBackNs, firstNs])) {
      const missing = candidates.filter((number) => !found.has(this.#handleOf(number)));
      for (const message of await this.#latestOf(missing, fromNs, endNs)) this.#keepLater(found, message);
    }
    if (candidates.some((number) => !found.has(this.#handleOf(number))))
      await this.#parts.reader.checkThere();
    const readings: [number, Reading][] = [];
    for (const [sensor, message] of found) {
      const reading = (await this.#reading(message, sensor)) ?? (await this.#before(message, sensor));
      if (reading !== undefined) readings.push([sensor, reading]);
    }
    return new Map(readings.sort(([a], [b]) => a - b));
  }

  /** Channels that are wanted and have a message by then. */
  #candidates(endNs: bigint, wanted: Uint8Array): number[] {
    const numbers: number[] = [];
    for (const [number, { range }] of this.#parts.entry.channels.entries()) {
      if (range !== undefined && range.firstNs < endNs && wanted[this.#handleOf(number)] === 1)
        numbers.push(number);
    }
    return numbers;
  }

  #handleOf(channel: number): number {
    return this.#parts.handles[channel] as number;
  }

  async #latestOf(
    channels: readonly number[],
    fromNs: bigint,
    toNs: bigint,
    rest: { readonly before?: MessageSelection["before"]; readonly count?: number } = {},
  ): Promise<Found[]> {
    if (channels.length === 0) return [];
    const { connections, tables, entry, retryDelaysMs } = this.#parts;
    const positionsBelow = entry.sealed ? undefined : entry.messageCount;
    const selection = { recordingId: entry.id, fromNs, toNs, before: rest.before, positionsBelow };
    const statement = copyLatest(tables, selection, channels, rest.count);
    return new Retry(retryDelaysMs).run(() =>
      connections.use(async (connection) => {
        const found: Found[] = [];
        for await (const page of decode(connection, statement)) {
          for (let row = 0; row < page.count; row++) found.push({ page, row });
        }
        return found;
      }),
    );
  }

  /** Several channels of a sensor, and both tables, have a latest message. */
  #keepLater(found: Map<number, Found>, message: Found): void {
    const sensor = this.#handleOf(message.page.channelId[message.row] as number);
    const other = found.get(sensor);
    if (other === undefined || isLater(message, other)) found.set(sensor, message);
  }

  async #reading({ page, row }: Found, sensor: number): Promise<Reading | undefined> {
    const numbers = await this.#parts.numbers.of(page, row, sensor);
    return this.#parts.source.reading(page, row, sensor, numbers);
  }

  /** The last message before a malformed one that is not malformed itself. */
  async #before(malformed: Found, sensor: number): Promise<Reading | undefined> {
    const channels = [...this.#parts.entry.channels.keys()].filter(
      (number) => this.#handleOf(number) === sensor,
    );
    let last = malformed;
    for (let count = FIRST_TRIED; ; count *= 2) {
      const timeNs = last.page.logTimeNs(last.row);
      const before = { timeNs, position: last.page.position[last.row] as number };
      const { firstNs } = timeRangeOf(this.#parts.entry);
      const tried = await this.#latestOf(channels, firstNs, timeNs + 1n, { before, count });
      tried.sort((a, b) => (isLater(a, b) ? -1 : 1));
      // Of several channels, those with fewer messages than asked for may have begun later: only the first `count` are surely without a gap.
      for (const message of tried.slice(0, count)) {
        const reading = await this.#reading(message, sensor);
        if (reading !== undefined) return reading;
        last = message;
      }
      if (tried.length === 0) return undefined;
    }
  }
}

function isLater(a: Found, b: Found): boolean {
  const [timeA, timeB] = [a.page.logTimeNs(a.row), b.page.logTimeNs(b.row)];
  if (timeA !== timeB) return timeA > timeB;
  return (a.page.position[a.row] as number) > (b.page.position[b.row] as number);
}
