import { basename } from "node:path";
import {
  type Problem,
  type Reading,
  type ReadOptions,
  type Recording,
  RecordingError,
  type Sensor,
} from "@playhead/recording";
import { Batch } from "../readings/batch.ts";
import type { ProblemLog } from "../readings/problem-log.ts";
import type { ReadingSource } from "../readings/reading-source.ts";
import type { FileBytes } from "./file-bytes.ts";
import type { Group } from "./groups.ts";
import { mergeSegments, type Run } from "./merge.ts";
import type { MessageTable } from "./message-table.ts";
import { Numbering } from "./numbering.ts";
import type { SegmentLoader } from "./segment-loader.ts";

export interface McapRecordingParts {
  readonly file: FileBytes;
  readonly loader: SegmentLoader;
  readonly problems: ProblemLog;
  /** In total order. */
  readonly groups: readonly Group[];
  readonly source: ReadingSource;
}

/** Which rows to take. */
interface Selection {
  readonly fromUs: number;
  readonly toUs: number;
  /** 1 for each sensor that is wanted, by handle. */
  readonly wanted: Uint8Array;
}

/** A row with its place among all readings. */
interface GroupRow {
  readonly table: MessageTable;
  readonly row: number;
  readonly sensor: number;
  readonly sequence: number;
  readonly position: number;
}

/** An opened MCAP file: see `openMcap`. */
export class McapRecording implements Recording {
  readonly name: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly sensors: readonly Sensor[];
  readonly #parts: McapRecordingParts;

  constructor(parts: McapRecordingParts) {
    this.#parts = parts;
    this.name = basename(parts.file.path);
    this.sensors = parts.source.sensors;
    const starts = this.sensors.flatMap(({ firstUs }) => firstUs ?? []);
    this.startUs = starts.reduce((least, time) => Math.min(least, time), starts[0] ?? 0);
    this.endUs = this.sensors.reduce((greatest, { lastUs }) => Math.max(greatest, lastUs ?? 0), 0);
  }

  get fingerprint(): string {
    return this.#parts.file.fingerprint;
  }

  get problems(): readonly Problem[] {
    return this.#parts.problems.problems;
  }

  async *read(options: ReadOptions = {}): AsyncGenerator<readonly Reading[]> {
    const { fromUs = 0, toUs = Number.POSITIVE_INFINITY, signal } = options;
    const selection = { fromUs, toUs, wanted: this.#wanted(options.sensors) };
    const batch = new Batch();
    signal?.throwIfAborted();
    for (const group of this.#groupsBetween(selection)) {
      const numbers = new Numbering(group);
      for await (const run of mergeSegments(group.segments, this.#parts.loader)) {
        signal?.throwIfAborted();
        for (let row = run.from; row < run.to; ) {
          row = this.#fill(batch, run, row, numbers, selection);
          if (!batch.isFull) continue;
          yield batch.take();
          signal?.throwIfAborted();
        }
      }
    }
    if (!batch.isEmpty) yield batch.take();
  }

  async latestAtOrBefore(timeUs: number, sensors?: readonly number[]): Promise<Map<number, Reading>> {
    const found = new Map<number, Reading>();
    const missing = this.#wanted(sensors);
    const groups = this.#parts.groups;
    for (let index = groups.length - 1; index >= 0; index--) {
      const group = groups[index] as Group;
      if (group.first.timeUs > timeUs || !hasSensor(group, missing)) continue;
      for (const reading of await this.#lastOfGroup(group, timeUs, missing)) {
        found.set(reading.sensor, reading);
        missing[reading.sensor] = 0;
      }
    }
    return new Map([...found].sort(([a], [b]) => a - b));
  }

  async close(): Promise<void> {
    await this.#parts.file.close();
  }

  *#groupsBetween(selection: Selection): Generator<Group> {
    for (const group of this.#parts.groups) {
      if (group.first.timeUs > selection.toUs) return;
      if (group.last.timeUs >= selection.fromUs && hasSensor(group, selection.wanted)) yield group;
    }
  }

  /** Adds the rows of a run to the batch, from `start` on, until it is full. Returns the row that comes next. */
  #fill(batch: Batch, { table, to }: Run, start: number, numbers: Numbering, selection: Selection): number {
    const { source } = this.#parts;
    const { fromUs, toUs, wanted } = selection;
    for (let row = start; row < to; row++) {
      const timeUs = table.timeUs[row] as number;
      if (timeUs > toUs) return to;
      const sensor = source.sensorOf(table, row);
      if (sensor < 0) continue;
      numbers.count(sensor);
      if (timeUs < fromUs || wanted[sensor] === 0) continue;
      const reading = source.reading(table, row, sensor, numbers);
      if (reading === undefined) continue;
      batch.add(reading);
      if (batch.isFull) return row + 1;
    }
    return to;
  }

  /** The last reading of each missing sensor in a group, at or before a time. */
  async #lastOfGroup(group: Group, timeUs: number, missing: Uint8Array): Promise<Reading[]> {
    const { source } = this.#parts;
    const lastRows = new Map<number, GroupRow>();
    await this.#visit(group, timeUs, (row) => {
      if (missing[row.sensor] === 1) lastRows.set(row.sensor, row);
    });
    const readings = [...lastRows.values()].map((row) => source.reading(row.table, row.row, row.sensor, row));
    if (!readings.includes(undefined)) return readings.filter((reading) => reading !== undefined);
    // A last message is malformed: the one before it counts, however far back, so all of them are read.
    const lastReadings = new Map<number, Reading>();
    await this.#visit(group, timeUs, (row) => {
      if (!lastRows.has(row.sensor)) return;
      const reading = source.reading(row.table, row.row, row.sensor, row);
      if (reading !== undefined) lastReadings.set(row.sensor, reading);
    });
    return [...lastReadings.values()];
  }

  async #visit(group: Group, toUs: number, visit: (row: GroupRow) => void): Promise<void> {
    const { source, loader } = this.#parts;
    const numbers = new Numbering(group);
    for await (const { table, from, to } of mergeSegments(group.segments, loader)) {
      for (let row = from; row < to; row++) {
        if ((table.timeUs[row] as number) > toUs) return;
        const sensor = source.sensorOf(table, row);
        if (sensor < 0) continue;
        numbers.count(sensor);
        visit({ table, row, sensor, sequence: numbers.sequence, position: numbers.position });
      }
    }
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

function hasSensor(group: Group, wanted: Uint8Array): boolean {
  for (const handle of group.sensors.keys()) if (wanted[handle] === 1) return true;
  return false;
}
