import {
  GREATEST_TIME_US,
  type Problem,
  type Reading,
  type ReadOptions,
  type Recording,
  RecordingError,
  type Sensor,
} from "@playhead/recording";
import { Batch } from "../readings/batch.ts";
import type { ProblemLog } from "../readings/problem-log.ts";
import type { ReadingNumbers, ReadingSource } from "../readings/reading-source.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import { fingerprintOf, timeRangeOf } from "./catalogue.ts";
import type { Connections } from "./connections.ts";
import type { MessagePage } from "./copy-decoding.ts";
import { LatestMessages } from "./latest-messages.ts";
import type { MessageTables } from "./layout.ts";
import type { MessageSelection } from "./message-query.ts";
import { MessageReader } from "./message-reader.ts";
import { Numbers } from "./numbers.ts";

export interface PostgresRecordingParts {
  readonly connections: Connections;
  readonly tables: MessageTables;
  readonly entry: CatalogueEntry;
  readonly source: ReadingSource;
  /** The handle of each channel's sensor. */
  readonly handles: Int32Array;
  readonly problems: ProblemLog;
  readonly retryDelaysMs: readonly number[];
}

/** A recording in a database, as it was when it was opened: see `PostgresStore.open`. */
export class PostgresRecording implements Recording {
  readonly name: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly sensors: readonly Sensor[];
  readonly fingerprint: string;
  readonly #parts: PostgresRecordingParts;
  readonly #reader: MessageReader;
  readonly #numbers: Numbers;
  readonly #latest: LatestMessages;

  constructor(parts: PostgresRecordingParts) {
    this.#parts = parts;
    const { entry, source } = parts;
    const { firstNs, lastNs } = timeRangeOf(entry);
    this.name = entry.name;
    this.startUs = Number(firstNs / 1000n);
    this.endUs = Number(lastNs / 1000n);
    this.sensors = source.sensors;
    this.fingerprint = fingerprintOf(entry);
    this.#reader = new MessageReader(parts);
    this.#numbers = new Numbers(parts);
    this.#latest = new LatestMessages({ ...parts, numbers: this.#numbers, reader: this.#reader });
  }

  get problems(): readonly Problem[] {
    return this.#parts.problems.problems;
  }

  async *read(options: ReadOptions = {}): AsyncGenerator<readonly Reading[]> {
    const { signal, sensors } = options;
    const wanted = this.#wanted(sensors);
    signal?.throwIfAborted();
    this.#parts.connections.refuseClosed();
    const selection = this.#selection(options, wanted);
    if (selection === undefined) return;
    const numbering = await this.#numbers.from(selection.fromNs);
    const batch = new Batch();
    for await (const page of this.#reader.read(selection, signal)) {
      for (let row = 0; row < page.count; row++) {
        const sensor = this.#parts.source.sensorOf(page, row);
        if (sensor < 0) continue;
        const numbers = numbering.of(page, row, sensor);
        if (wanted[sensor] === 0) continue;
        const reading = this.#reading(page, row, sensor, numbers);
        if (reading === undefined) continue;
        batch.add(reading);
        if (!batch.isFull) continue;
        yield batch.take();
        signal?.throwIfAborted();
      }
      // A page is of a batch's size or the end of a window: nothing is held back for what comes next.
      if (!batch.isEmpty) {
        yield batch.take();
        signal?.throwIfAborted();
      }
    }
  }

  async latestAtOrBefore(timeUs: number, sensors?: readonly number[]): Promise<Map<number, Reading>> {
    const wanted = this.#wanted(sensors);
    this.#parts.connections.refuseClosed();
    if (Number.isNaN(timeUs) || timeUs < this.startUs) return new Map();
    return this.#latest.atOrBefore(endNs(Math.min(timeUs, this.endUs)), wanted);
  }

  async close(): Promise<void> {
    await this.#parts.connections.close();
  }

  #reading(page: MessagePage, row: number, sensor: number, numbers: ReadingNumbers): Reading | undefined {
    return this.#parts.source.reading(page, row, sensor, numbers);
  }

  /** Undefined where nothing can be in it. */
  #selection(
    { fromUs = 0, toUs = GREATEST_TIME_US }: ReadOptions,
    wanted: Uint8Array,
  ): MessageSelection | undefined {
    const { entry, handles } = this.#parts;
    const from = Math.max(Math.ceil(fromUs), this.startUs);
    const to = Math.min(Math.floor(toUs), this.endUs);
    const all = [...entry.channels.keys()];
    // Where messages came late, they are numbered by counting, and all must be seen.
    const channels = entry.inOrder ? all.filter((number) => wanted[handles[number] as number] === 1) : all;
    if (!(from <= to) || channels.length === 0 || entry.messageCount === 0 || !wanted.includes(1))
      return undefined;
    return {
      recordingId: entry.id,
      fromNs: BigInt(from) * 1000n,
      toNs: endNs(to),
      channels: channels.length === all.length ? undefined : channels,
      positionsBelow: entry.sealed ? undefined : entry.messageCount,
    };
  }

  #wanted(sensors: readonly number[] | undefined): Uint8Array {
    const wanted = new Uint8Array(this.sensors.length).fill(sensors === undefined ? 1 : 0);
    for (const handle of sensors ?? []) {
      if (wanted[handle] === undefined) {
        throw new RecordingError("invalid-argument", {
          expected: `a sensor's handle from 0 to ${this.sensors.length - 1}`,
          found: `${handle}`,
          where: this.name,
        });
      }
      wanted[handle] = 1;
    }
    return wanted;
  }
}

/** The first ns behind a µs. */
function endNs(timeUs: number): bigint {
  return (BigInt(Math.floor(timeUs)) + 1n) * 1000n;
}
