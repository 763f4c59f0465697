import { existsSync, readFileSync } from "node:fs";
import { type Component, decodeComponent } from "../component.ts";
import { type ComponentInstance, type InstantiateOptions, instantiate } from "../instantiate.ts";
import type { InstanceExtern } from "../link/externs.ts";
import { exportsOf } from "../link/js-exports.ts";

/** The driver-assistance components of this repository, linked to each other, with sensors that are made up. */

const folder = new URL("../../../../components/build/adas/", import.meta.url);
const names = ["video-decoder", "object-detection", "sensor-fusion", "safety-monitor", "visualizer"] as const;
type Name = (typeof names)[number];

/** Undefined when the components are not built. */
export function adasComponents(): ReadonlyMap<Name, Component> | undefined {
  const files = names.map((name) => [name, new URL(`${name}.wasm`, folder)] as const);
  if (!files.every(([, file]) => existsSync(file))) return undefined;
  return new Map(files.map(([name, file]) => [name, decodeComponent(readFileSync(file), { name })]));
}

const perception = (name: string): string => `adas:perception/${name}@0.1.0`;
const wires: Readonly<Record<Name, readonly (readonly [Name, string])[]>> = {
  "video-decoder": [],
  "object-detection": [["video-decoder", "frames"]],
  "sensor-fusion": [["object-detection", "detections"]],
  "safety-monitor": [["sensor-fusion", "tracks"]],
  visualizer: [
    ["object-detection", "detections"],
    ["sensor-fusion", "tracks"],
    ["safety-monitor", "alerts"],
  ],
};
const kinds = ["camera", "lidar", "radar", "ultrasonic", "imu", "gps"] as const;
const STEP_US = 50_000;
const START_US = 1_700_000_000_000_000;

interface Reading {
  readonly sensor: number;
  readonly timestamp: bigint;
  readonly sequence: bigint;
  readonly quality: number;
  readonly interpolated: boolean;
  readonly metadata: undefined;
  readonly payload: Uint8Array;
}

export class AdasPipeline {
  readonly #components: ReadonlyMap<Name, Component>;
  #instances = new Map<Name, ComponentInstance>();
  /** How many steps were made: all that the host remembers. */
  steps = 0;
  /** What the guests have told the host. */
  outputs: unknown[] = [];

  constructor(components: ReadonlyMap<Name, Component>, options: InstantiateOptions = {}) {
    this.#components = components;
    this.make(names.map(() => options));
    for (const name of names) this.#unit(name).init?.([]);
  }

  get instances(): ComponentInstance[] {
    return [...this.#instances.values()];
  }

  /** Makes all instances anew. */
  make(options: readonly InstantiateOptions[]): void {
    this.#instances = new Map();
    for (const [index, name] of names.entries()) {
      const imports: Record<string, never> = { ...(this.#host() as Record<string, never>) };
      for (const [provider, wire] of wires[name]) {
        imports[perception(wire)] = this.#instances.get(provider)?.externs.get(perception(wire)) as never;
      }
      const instance = instantiate(this.#components.get(name) as Component, {
        path: `adas/${name}`,
        ...options[index],
        imports,
      });
      this.#instances.set(name, instance);
    }
  }

  /** One step of the units that `mask` has a bit for, and a picture. */
  step(mask: number): void {
    this.steps++;
    for (const [index, name] of names.entries()) {
      if (mask & (1 << index)) this.#unit(name).step?.(BigInt(this.#nowUs));
    }
    const view = this.#instances.get("visualizer")?.externs.get("playhead:sim/view@0.1.0") as InstanceExtern;
    this.outputs.push(exportsOf(view).render?.(0, BigInt(this.#nowUs)));
  }

  get #nowUs(): number {
    return START_US + this.steps * STEP_US;
  }

  #unit(name: Name): Record<string, (...args: unknown[]) => unknown> {
    const unit = this.#instances.get(name)?.externs.get("playhead:sim/component@0.1.0") as InstanceExtern;
    return exportsOf(unit) as never;
  }

  #host(): object {
    const tell =
      (what: string) =>
      (...args: unknown[]): void => {
        this.outputs.push([what, ...args]);
      };
    const topics: string[] = [];
    return {
      "playhead:sim/types@0.1.0": {},
      "playhead:sim/sensors@0.1.0": {
        listSensors: () =>
          kinds.map((kind, handle) => ({
            ...{
              handle,
              name: `/${kind}`,
              kind,
              encoding: `playhead/${kind}`,
              schema: "",
              rateHz: 20,
              metadata: "",
            },
          })),
        latest: (sensor: number) => this.#reading(sensor),
        arrivedPacked: (sensors: Uint32Array) => pack([...sensors].map((sensor) => this.#reading(sensor))),
      },
      "playhead:sim/bus@0.1.0": {
        advertise: (name: string) => topics.push(name) - 1,
        publish: tell("publish"),
      },
      "playhead:sim/diagnostics@0.1.0": { log: tell("log"), metric: tell("metric"), health: tell("health") },
    };
  }

  #reading(sensor: number): Reading {
    return {
      sensor,
      timestamp: BigInt(this.#nowUs),
      sequence: BigInt(this.steps),
      quality: 1,
      interpolated: false,
      metadata: undefined,
      payload: payloadOf(kinds[sensor] ?? "imu", this.steps),
    };
  }
}

const HEADER_BYTES = 40;

/** `packed-readings` (wit/deps/playhead-sim/sensors.wit). */
function pack(readings: readonly Reading[]): object {
  const headers = new DataView(new ArrayBuffer(readings.length * HEADER_BYTES));
  let offset = 0;
  for (const [index, { timestamp, sequence, sensor, payload }] of readings.entries()) {
    const at = index * HEADER_BYTES;
    headers.setBigInt64(at, timestamp, true);
    headers.setBigUint64(at + 8, sequence, true);
    headers.setUint32(at + 16, sensor, true);
    headers.setUint32(at + 20, offset, true);
    headers.setUint32(at + 24, payload.length, true);
    headers.setFloat32(at + 28, 1, true);
    offset += payload.length;
  }
  return {
    count: readings.length,
    headers: new Uint8Array(headers.buffer),
    payloads: Buffer.concat(readings.map(({ payload }) => payload)),
  };
}

/** Payloads (wit/PAYLOADS.md) of a scene in which something comes nearer. */
function payloadOf(kind: (typeof kinds)[number], step: number): Uint8Array {
  const range = 60 - ((step * 0.7) % 55);
  switch (kind) {
    case "camera": {
      const [width, height] = [96, 64];
      const pixels = Uint8Array.from({ length: width * height }, (_, i) => {
        const x = i % width;
        const inside = Math.abs(x - 48) < 400 / range && i / width > 30;
        return inside ? 30 : (x * 7 + Math.floor(i / width) * 3 + step) & 0xff;
      });
      return Buffer.concat([new Uint8Array(Uint32Array.of(2, width, height, width).buffer), pixels]);
    }
    case "lidar":
      return floats(
        Array.from({ length: 400 }, (_, i) => {
          const onCar = i % 3 === 0;
          return onCar
            ? [range + (i % 7) / 10, (i % 19) / 10 - 0.9, (i % 11) / 8, 0.5]
            : [(i % 40) * 1.5, (i % 23) - 11, 0.01 * (i % 5), 0.2];
        }).flat(),
      );
    case "radar":
      return floats([range, 0.01, 0, -14, 10, range + 20, 0.3, 0, 2, 3]);
    case "ultrasonic":
      return floats([Math.min(range, 4), 0.2, 5, 1]);
    case "imu":
      return new Uint8Array(Float64Array.of(0.1, 0, 9.81, 0, 0, 0.01, Number.NaN, 0, 0, 0).buffer);
    case "gps": {
      const numbers = Float64Array.of(48.1 + step * 1e-6, 11.5, 500, 1, 2, 0);
      return new Uint8Array(numbers.buffer);
    }
  }
}

function floats(numbers: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(numbers).buffer);
}
