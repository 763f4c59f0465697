import type { MessageConverter, Reading, Sensor } from "@playhead/recording";
import type { Group } from "./groups.ts";
import type { MessageTable } from "./message-table.ts";
import type { ProblemLog } from "./problem-log.ts";

/** Makes readings of the rows of tables. */
export class ReadingSource {
  readonly sensors: readonly Sensor[];
  readonly #handles: Int32Array;
  readonly #converters: readonly MessageConverter[];
  readonly #problems: ProblemLog;

  /** `handles` gives the sensor of each channel, −1 for none; `converters` go by sensor handle. */
  constructor(
    sensors: readonly Sensor[],
    handles: Int32Array,
    converters: readonly MessageConverter[],
    problems: ProblemLog,
  ) {
    this.sensors = sensors;
    this.#handles = handles;
    this.#converters = converters;
    this.#problems = problems;
  }

  /** The handle of the sensor that a row belongs to; −1 for a channel that the file does not define, which is a problem. */
  sensorOf(table: MessageTable, row: number): number {
    const channelId = table.channelId[row] as number;
    const handle = this.#handles[channelId] as number;
    if (handle < 0) {
      const message = `expected a channel ${channelId}, found messages of it only; they are left out`;
      this.#problems.addForFile(`channel ${channelId}`, "unknown-channel", message);
    }
    return handle;
  }

  /** Undefined where the message is malformed, which is a problem. */
  reading(table: MessageTable, row: number, sensor: number, numbers: ReadingNumbers): Reading | undefined {
    const raw = table.data(row);
    const timeUs = table.timeUs[row] as number;
    const converted = (this.#converters[sensor] as MessageConverter).convert(raw);
    if ("malformed" in converted) {
      const { name } = this.sensors[sensor] as Sensor;
      const message = `${name}, message ${numbers.sequence}: ${converted.malformed}; it is left out`;
      this.#problems.add(`message ${numbers.position}`, {
        code: "malformed-message",
        message,
        sensor: name,
        timeUs,
      });
      return undefined;
    }
    return {
      sensor,
      timeUs,
      remainderNs: table.remainderNs[row] as number,
      publishTimeNs: table.publishTimeNs(row),
      sequence: numbers.sequence,
      position: numbers.position,
      raw,
      payload: converted.payload,
      metadata: converted.metadata,
    };
  }
}

/** A message's place in the recording's total order, and among the messages of its sensor. */
export interface ReadingNumbers {
  readonly position: number;
  readonly sequence: number;
}

/** Counts the messages of a group in total order. */
export class Numbering implements ReadingNumbers {
  readonly #next: Float64Array;
  #nextPosition: number;
  position = 0;
  sequence = 0;

  constructor(group: Group) {
    this.#next = group.sequences.slice();
    this.#nextPosition = group.position;
  }

  count(sensor: number): void {
    this.position = this.#nextPosition++;
    this.sequence = this.#next[sensor] as number;
    this.#next[sensor] = this.sequence + 1;
  }
}
