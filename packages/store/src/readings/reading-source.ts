import { MalformedMessage, type MessageConverter, type Reading, type Sensor } from "@playhead/recording";
import type { MessageRows } from "./message-rows.ts";
import type { ProblemLog } from "./problem-log.ts";

/** Makes readings of messages. */
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
  sensorOf(rows: MessageRows, row: number): number {
    const channelId = rows.channelId[row] as number;
    const handle = this.#handles[channelId] as number;
    if (handle < 0) {
      const message = `expected a channel ${channelId}, found messages of it only; they are left out`;
      this.#problems.addForFile(`channel ${channelId}`, "unknown-channel", message);
    }
    return handle;
  }

  /** Undefined where the message is malformed, which is a problem. */
  reading(rows: MessageRows, row: number, sensor: number, numbers: ReadingNumbers): Reading | undefined {
    const raw = rows.data(row);
    const timeUs = rows.timeUs[row] as number;
    const converter = this.#converters[sensor] as MessageConverter;
    const payload = converter.convert(raw);
    if (payload instanceof MalformedMessage) {
      const { name } = this.sensors[sensor] as Sensor;
      const message = `${name}, message ${numbers.sequence}: ${payload.reason}; it is left out`;
      this.#problems.add(`message ${numbers.position}`, {
        code: "malformed-message",
        message,
        sensor: name,
        timeUs,
      });
      return undefined;
    }
    return new MessageReading(rows, row, sensor, numbers, raw, payload, converter);
  }
}

/** A reading whose metadata are read from the message when they are asked for: few ask, and the text costs more than the rest. */
class MessageReading implements Reading {
  readonly sensor: number;
  readonly timeUs: number;
  readonly remainderNs: number;
  readonly publishTimeNs: bigint;
  readonly sequence: number;
  readonly position: number;
  readonly raw: Uint8Array;
  readonly payload: Uint8Array;
  readonly #converter: MessageConverter;

  constructor(
    rows: MessageRows,
    row: number,
    sensor: number,
    numbers: ReadingNumbers,
    raw: Uint8Array,
    payload: Uint8Array,
    converter: MessageConverter,
  ) {
    this.sensor = sensor;
    this.timeUs = rows.timeUs[row] as number;
    this.remainderNs = rows.remainderNs[row] as number;
    this.publishTimeNs = rows.publishTimeNs(row);
    this.sequence = numbers.sequence;
    this.position = numbers.position;
    this.raw = raw;
    this.payload = payload;
    this.#converter = converter;
  }

  get metadata(): string | undefined {
    return this.#converter.metadata(this.raw);
  }
}

/** A message's place in the recording's total order, and among the messages of its sensor. */
export interface ReadingNumbers {
  readonly position: number;
  readonly sequence: number;
}
