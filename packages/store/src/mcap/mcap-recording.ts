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
import type { ReadingSource } from "../readings/reading-source.ts";
import { rateHz } from "../readings/sensor-range.ts";
import type { Group } from "./groups.ts";
import { LatestReadings } from "./latest-readings.ts";
import type { McapFile } from "./mcap-file.ts";
import type { Run } from "./merge.ts";
import { Numbering } from "./numbering.ts";
import { borrowedRuns, type GroupRun, keptRuns } from "./read-ahead.ts";

/** Which rows to take. */
interface Selection {
  readonly fromUs: number;
  readonly toUs: number;
  /** 1 for each sensor that is wanted, by handle. */
  readonly wanted: Uint8Array;
}

/** An opened MCAP file: see `openMcap`. */
export class McapRecording implements Recording {
  readonly name: string;
  readonly #mcap: McapFile;
  readonly #source: ReadingSource;
  readonly #hasGrown: boolean;
  readonly #latest: LatestReadings;
  readonly #span: Pick<Recording, "startUs" | "endUs">;

  constructor(mcap: McapFile, source: ReadingSource) {
    this.#mcap = mcap;
    this.#source = source;
    this.#hasGrown = mcap.isGrowing();
    this.#span = spanOf(mcap);
    this.#latest = new LatestReadings(mcap, source);
    this.name = basename(mcap.file.path);
  }

  get sensors(): readonly Sensor[] {
    const { sensors } = this.#source;
    // Even when it has just been finished: the sensors were described while it grew.
    return this.#hasGrown ? sensors.map((sensor) => this.#current(sensor)) : sensors;
  }

  get startUs(): number {
    return this.#hasGrown ? spanOf(this.#mcap).startUs : this.#span.startUs;
  }

  get endUs(): number {
    return this.#hasGrown ? spanOf(this.#mcap).endUs : this.#span.endUs;
  }

  get growing(): boolean {
    return this.#mcap.isGrowing();
  }

  get fingerprint(): string | undefined {
    return this.#hasGrown ? undefined : this.#mcap.file.fingerprint;
  }

  get problems(): readonly Problem[] {
    return this.#mcap.problems.problems;
  }

  async *read(options: ReadOptions = {}): AsyncGenerator<readonly Reading[]> {
    const { fromUs = 0, toUs = Number.POSITIVE_INFINITY, signal } = options;
    const selection = { fromUs, toUs, wanted: this.#wanted(options.sensors) };
    const batch = new Batch();
    signal?.throwIfAborted();
    let numbers: Numbering | undefined;
    let last: Group | undefined;
    for await (const { group, run } of this.#runs(selection, options)) {
      signal?.throwIfAborted();
      if (group !== last || numbers === undefined) numbers = new Numbering(group);
      last = group;
      for (let row = run.from; row < run.to; ) {
        row = this.#fill(batch, run, row, numbers, selection);
        if (!batch.isFull) continue;
        yield batch.take();
        signal?.throwIfAborted();
      }
      // What comes next may be long in coming, or be read into the same bytes.
      if (!batch.isEmpty && (options.borrow === true || this.growing)) yield batch.take();
    }
    if (!batch.isEmpty) yield batch.take();
  }

  #runs({ fromUs, toUs, wanted }: Selection, { signal, borrow }: ReadOptions): AsyncGenerator<GroupRun> {
    const { groups, loader } = this.#mcap;
    const inSpan = groups.between(fromUs, toUs, wanted, signal);
    return borrow === true ? borrowedRuns(inSpan, loader) : keptRuns(inSpan, loader);
  }

  async latestAtOrBefore(timeUs: number, sensors?: readonly number[]): Promise<Map<number, Reading>> {
    return this.#latest.at(timeUs, this.#wanted(sensors));
  }

  async close(): Promise<void> {
    this.#latest.close();
    await this.#mcap.close();
  }

  /** Adds the rows of a run to the batch, from `start` on, until it is full. Returns the row that comes next. */
  #fill(batch: Batch, { table, to }: Run, start: number, numbers: Numbering, selection: Selection): number {
    const source = this.#source;
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

  /** A sensor with what its recording has by now. */
  #current(sensor: Sensor): Sensor {
    const range = this.#mcap.ranges.get(sensor.handle);
    if (range === undefined) return sensor;
    const [firstUs, lastUs] = [range.first.timeUs, range.last.timeUs];
    return { ...sensor, count: range.count, firstUs, lastUs, rateHz: rateHz(range) };
  }

  #wanted(sensors: readonly number[] | undefined): Uint8Array {
    const wanted = new Uint8Array(this.#source.sensors.length).fill(sensors === undefined ? 1 : 0);
    for (const handle of sensors ?? []) {
      if (wanted[handle] === undefined) {
        throw new RecordingError("invalid-argument", {
          expected: `a sensor's handle from 0 to ${this.#source.sensors.length - 1}`,
          found: `${handle}`,
          where: this.name,
        });
      }
      wanted[handle] = 1;
    }
    return wanted;
  }
}

function spanOf({ ranges }: McapFile): Pick<Recording, "startUs" | "endUs"> {
  const [one, ...others] = ranges.values();
  let [startUs, endUs] = [one?.first.timeUs ?? 0, one?.last.timeUs ?? 0];
  for (const { first, last } of others) {
    startUs = Math.min(startUs, first.timeUs);
    endUs = Math.max(endUs, last.timeUs);
  }
  return { startUs, endUs };
}
