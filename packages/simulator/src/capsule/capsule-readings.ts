import { deflateSync, inflateSync } from "node:zlib";
import type { Reading, ReadOptions, Recording, RecordingWriter, Sensor } from "@playhead/recording";
import { decodePlain, encodePlain } from "../checkpoints/plain-data.ts";

/** Of the messages of a capsule: what components see of a reading. */
const ENCODING = "playhead.capsule";
/** Unpacked, bytes. */
const LARGEST_PARTICULARS = 1024 ** 3;

/** What readings are beside what messages of a recording are; one entry for each, in their order. */
interface Particulars {
  readonly positions: readonly number[];
  readonly sequences: readonly number[];
  readonly metadata: readonly (string | undefined)[];
}

/**
 * Writes part of a recording, exactly as components see it, as messages on topics named after the sensors' handles and names.
 *
 * @param readings in total order
 * @returns what is to be kept beside it
 */
export async function writeReadings(
  writer: RecordingWriter,
  sensors: readonly Sensor[],
  readings: AsyncIterable<Reading> | Iterable<Reading>,
): Promise<Uint8Array> {
  const channels = new Map<number, number>();
  const positions: number[] = [];
  const sequences: number[] = [];
  const metadata: (string | undefined)[] = [];
  for await (const reading of readings) {
    const { sensor, timeUs, remainderNs, publishTimeNs, payload } = reading;
    let channel = channels.get(sensor);
    if (channel === undefined) {
      const topic = topicOf(sensors[sensor], sensor);
      channel = await writer.addChannel({ topic, messageEncoding: ENCODING, schema: undefined });
      channels.set(sensor, channel);
    }
    await writer.write(channel, BigInt(timeUs) * 1000n + BigInt(remainderNs), publishTimeNs, payload);
    positions.push(reading.position);
    sequences.push(reading.sequence);
    metadata.push(reading.metadata);
  }
  const particulars: Particulars = { positions, sequences, metadata };
  return deflateSync(encodePlain(particulars), { level: 1 });
}

/** Topics must differ; sensors may have one name. */
function topicOf(sensor: Sensor | undefined, handle: number): string {
  return `${handle}:${sensor?.name ?? ""}`;
}

/** The recording that part of was written by `writeReadings`, as far as it is there. */
export class CapsuleRecording implements Recording {
  readonly name: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly sensors: readonly Sensor[];
  readonly problems = [];
  readonly #part: Recording;
  readonly #particulars: Particulars;
  /** Handles in the recording by handles in the part. */
  readonly #outer: readonly number[];

  /** @param particulars what `writeReadings` returned */
  constructor(
    whole: Pick<Recording, "name" | "startUs" | "endUs" | "sensors">,
    part: Recording,
    particulars: Uint8Array,
  ) {
    this.name = whole.name;
    this.startUs = whole.startUs;
    this.endUs = whole.endUs;
    this.sensors = whole.sensors;
    this.#part = part;
    const plain = inflateSync(particulars, { maxOutputLength: LARGEST_PARTICULARS });
    this.#particulars = decodePlain(plain) as Particulars;
    this.#outer = part.sensors.map(({ name }) => Number.parseInt(name, 10));
  }

  async *read({ sensors, ...options }: ReadOptions = {}): AsyncGenerator<readonly Reading[]> {
    const inner = this.#inner(sensors);
    for await (const batch of this.#part.read({ ...options, sensors: inner }))
      yield batch.map((reading) => this.#whole(reading));
  }

  async latestAtOrBefore(timeUs: number, sensors?: readonly number[]): Promise<Map<number, Reading>> {
    const found = await this.#part.latestAtOrBefore(timeUs, this.#inner(sensors));
    return new Map(
      [...found.values()].map((reading) => this.#whole(reading)).map((all) => [all.sensor, all]),
    );
  }

  async close(): Promise<void> {
    await this.#part.close();
  }

  #inner(sensors: readonly number[] | undefined): number[] {
    return this.#outer.flatMap((outer, inner) =>
      sensors === undefined || sensors.includes(outer) ? [inner] : [],
    );
  }

  #whole(reading: Reading): Reading {
    const { positions, sequences, metadata } = this.#particulars;
    const at = reading.position;
    const [sensor, position, sequence] = [this.#outer[reading.sensor], positions[at], sequences[at]];
    if (sensor === undefined || position === undefined || sequence === undefined)
      throw new Error(`expected a reading of the capsule, found number ${at}`);
    return { ...reading, sensor, position, sequence, metadata: metadata[at], payload: reading.raw };
  }
}
