/** The readings of a made-up drive, answered as `playhead:sim/sensors` does. */

import { ComponentError } from "@playhead/component-model";

export type SensorKind = "camera" | "radar" | "lidar" | "ultrasonic" | "imu" | "gps" | "can" | "other";

/** A sensor, without what follows from the rest. */
export interface FakeSensor {
  /** The topic: `/camera/front`. */
  readonly name: string;
  readonly kind: SensorKind;
  /** `playhead/<kind>` when left out. */
  readonly encoding?: string;
  readonly schema?: string;
  readonly rateHz?: number;
  /** Calibration and mounting, as texts. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface FakeReading {
  /** The name of the sensor. */
  readonly sensor: string;
  readonly timeUs: number;
  readonly payload: Uint8Array;
  /** A JSON object. */
  readonly metadata?: string;
}

interface Kept {
  readonly handle: number;
  readonly timeUs: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
  readonly metadata: string | undefined;
}

const DEFAULT_WINDOW_US = 100_000;
const TOLERANCE_US = 16_667;
const HEADER_SIZE = 40;
/** What lies between packed payloads. */
const POISON = 0xa5;

export class FakeSensors {
  readonly #sensors: readonly FakeSensor[];
  readonly #readings: Kept[] = [];
  #nowUs = 0;
  #previousUs = Number.NEGATIVE_INFINITY;

  constructor(sensors: readonly FakeSensor[]) {
    this.#sensors = sensors;
  }

  /** Adds a reading. Readings are added in the order of their times. */
  add(reading: FakeReading): void {
    const handle = this.#sensors.findIndex((sensor) => sensor.name === reading.sensor);
    if (handle < 0) throw new Error(`there is no sensor ${reading.sensor}`);
    const last = this.#readings.at(-1);
    if (last !== undefined && last.timeUs > reading.timeUs) throw new Error("readings go back in time");
    const sequence = this.#readings.filter((each) => each.handle === handle).length;
    const { timeUs, metadata } = reading;
    this.#readings.push({ handle, timeUs, sequence, payload: reading.payload.slice(), metadata });
  }

  /** Moves on to a step: what arrived after the step before it and up to now counts as arrived. */
  moveTo(nowUs: number, previousUs: number): void {
    this.#nowUs = nowUs;
    this.#previousUs = previousUs;
  }

  /** What a guest imports as `playhead:sim/sensors`. */
  imports(): Record<string, unknown> {
    return {
      listSensors: () => this.#sensors.map((sensor, handle) => sensorInfo(sensor, handle)),
      latest: (handle: number) => this.#latest(handle),
      sample: (handle: number) => this.#sample(handle),
      window: (handle: number, duration: bigint) => {
        const fromUs = this.#nowUs - (duration === 0n ? DEFAULT_WINDOW_US : Number(duration));
        return this.#between(fromUs, [handle]).map(toReading);
      },
      arrived: (handle: number) => this.#between(this.#previousUs, [handle]).map(toReading),
      arrivedPacked: (handles: ArrayLike<number>) =>
        pack(this.#between(this.#previousUs, Array.from(handles))),
    };
  }

  /** Readings in (fromUs, now]; of all sensors where the list of handles is empty. */
  #between(fromUs: number, handles: readonly number[]): Kept[] {
    return this.#readings.filter(
      (each) =>
        each.timeUs > fromUs &&
        each.timeUs <= this.#nowUs &&
        (handles.length === 0 || handles.includes(each.handle)),
    );
  }

  #latest(handle: number): object | undefined {
    const found = this.#between(Number.NEGATIVE_INFINITY, [handle]).at(-1);
    return found === undefined ? undefined : toReading(found);
  }

  /** The nearest reading within the tolerance. Fakes do not interpolate. */
  #sample(handle: number): object {
    if (this.#sensors[handle] === undefined) throw new ComponentError("unknown-sensor");
    const distance = (each: Kept) => Math.abs(each.timeUs - this.#nowUs);
    const [nearest] = this.#readings
      .filter((each) => each.handle === handle && distance(each) <= TOLERANCE_US)
      .sort((a, b) => distance(a) - distance(b));
    if (nearest === undefined) throw new ComponentError("no-data");
    return toReading(nearest);
  }
}

function sensorInfo(sensor: FakeSensor, handle: number): object {
  return {
    handle,
    name: sensor.name,
    kind: sensor.kind,
    encoding: sensor.encoding ?? `playhead/${sensor.kind}`,
    schema: sensor.schema ?? "",
    rateHz: sensor.rateHz ?? 0,
    metadata: sensor.metadata === undefined ? "" : JSON.stringify(sensor.metadata),
  };
}

function toReading(kept: Kept): object {
  return {
    sensor: kept.handle,
    timestamp: BigInt(kept.timeUs),
    sequence: BigInt(kept.sequence),
    quality: 1,
    interpolated: false,
    metadata: kept.metadata,
    payload: kept.payload,
  };
}

/** The layout of `packed-readings` in sensors.wit. The gaps between payloads are poisoned: offsets have to be read. */
function pack(readings: readonly Kept[]): object {
  const GAP = 3;
  const headers = new Uint8Array(readings.length * HEADER_SIZE);
  const view = new DataView(headers.buffer);
  const size = readings.reduce((sum, each) => sum + each.payload.length + GAP, 0);
  const payloads = new Uint8Array(size).fill(POISON);
  let offset = 0;
  readings.forEach((each, i) => {
    const at = i * HEADER_SIZE;
    view.setBigInt64(at, BigInt(each.timeUs), true);
    view.setBigUint64(at + 8, BigInt(each.sequence), true);
    view.setUint32(at + 16, each.handle, true);
    view.setUint32(at + 20, offset, true);
    view.setUint32(at + 24, each.payload.length, true);
    view.setFloat32(at + 28, 1, true);
    payloads.set(each.payload, offset);
    offset += each.payload.length + GAP;
  });
  return { count: readings.length, headers, payloads };
}
