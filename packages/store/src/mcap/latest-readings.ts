import type { Reading } from "@playhead/recording";
import type { MessageRows } from "../readings/message-rows.ts";
import type { ReadingSource } from "../readings/reading-source.ts";
import type { Group } from "./groups.ts";
import { LeasedTables } from "./leased-tables.ts";
import type { McapFile } from "./mcap-file.ts";
import { mergeSegments } from "./merge.ts";
import type { MessageTable } from "./message-table.ts";
import { Numbering } from "./numbering.ts";

/** A row with its place among all readings. */
interface GroupRow {
  readonly table: MessageTable;
  readonly row: number;
  readonly sensor: number;
  readonly sequence: number;
  readonly position: number;
}

/** Finds the last reading of each sensor at or before a time. */
export class LatestReadings {
  readonly #mcap: McapFile;
  readonly #source: ReadingSource;
  readonly #tables: LeasedTables;
  #lastAnswer: Promise<unknown> = Promise.resolve();

  constructor(mcap: McapFile, source: ReadingSource) {
    this.#mcap = mcap;
    this.#source = source;
    this.#tables = new LeasedTables(mcap.loader);
  }

  /** By sensor handle, sorted. `missing` has a 1 for each sensor that is wanted, and is used up. */
  at(timeUs: number, missing: Uint8Array): Promise<Map<number, Reading>> {
    // One at a time: tables are used again.
    const answer = this.#lastAnswer.then(() => this.#latest(timeUs, missing));
    this.#lastAnswer = answer.catch(() => undefined);
    return answer;
  }

  close(): void {
    this.#tables.clear();
  }

  async #latest(timeUs: number, missing: Uint8Array): Promise<Map<number, Reading>> {
    const found = new Map<number, Reading>();
    for await (const group of this.#mcap.groups.backFrom(timeUs, missing)) {
      for (const reading of await this.#lastOfGroup(group, timeUs, missing)) {
        found.set(reading.sensor, reading);
        missing[reading.sensor] = 0;
      }
    }
    return new Map([...found].sort(([a], [b]) => a - b));
  }

  /** The last reading of each missing sensor in a group, at or before a time. */
  async #lastOfGroup(group: Group, timeUs: number, missing: Uint8Array): Promise<Reading[]> {
    const [only, ...others] = group.segments;
    if (only !== undefined && others.length === 0)
      return this.#lastOfTable(await this.#tables.load(only), group, timeUs, missing);
    const source = this.#source;
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

  /** The same where all messages of the group lie in one table: backwards, until all are found. What is found is copied. */
  #lastOfTable(table: MessageTable, group: Group, timeUs: number, missing: Uint8Array): Reading[] {
    const { handles } = this.#mcap;
    const { places, sequences } = table.numbers(handles, this.#source.sensors.length);
    const rows = copied(table);
    const open = new Set<number>();
    for (const handle of group.sensors.keys()) if (missing[handle] === 1) open.add(handle);
    const readings: Reading[] = [];
    for (let row = table.countUpTo(timeUs) - 1; row >= 0 && open.size > 0; row--) {
      const sensor = handles[table.channelId[row] as number] as number;
      if (!open.has(sensor)) continue;
      const position = group.position + (places[row] as number);
      const sequence = (group.sequences[sensor] as number) + (sequences[row] as number);
      const reading = this.#source.reading(rows, row, sensor, { position, sequence });
      if (reading === undefined) continue;
      readings.push(reading);
      open.delete(sensor);
    }
    return readings;
  }

  async #visit(group: Group, toUs: number, visit: (row: GroupRow) => void): Promise<void> {
    const source = this.#source;
    const { loader } = this.#mcap;
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
}

/** Rows whose data are copies. */
function copied(table: MessageTable): MessageRows {
  const { timeUs, remainderNs, channelId } = table;
  return {
    timeUs,
    remainderNs,
    channelId,
    publishTimeNs: (row) => table.publishTimeNs(row),
    data: (row) => table.data(row).slice(),
  };
}
