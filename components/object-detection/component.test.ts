import { readFileSync } from "node:fs";
import type { Component } from "@playhead/component-model";
import { type FakeSensor, GuestUnderTest, loadGuest } from "@playhead/guest/test-kit";
import { beforeAll, describe, expect, it } from "vitest";
import { castLidar } from "./testing/lidar-scene.ts";
import { drawRoad } from "./testing/road-picture.ts";

const START_US = 1_700_000_000_000_000;
const STEP_US = 50_000;

interface Batch {
  readonly source: string;
  readonly sensor: number;
  readonly timestamp: bigint;
  readonly count: number;
  readonly values: Float32Array;
}

const allSensors: readonly FakeSensor[] = [
  { name: "/lidar", kind: "lidar", metadata: { "mount.x": "-1.5", "mount.z": "1.8" } },
  { name: "/radar", kind: "radar", metadata: { "mount.z": "0.5" } },
  { name: "/can", kind: "can" },
  { name: "/ultrasonic", kind: "ultrasonic" },
  { name: "/camera", kind: "camera", metadata: { "camera.fx": "554", "camera.cx": "320", "camera.cy": "180", "mount.z": "1.3", "mount.pitch": "0" } },
  { name: "/imu", kind: "imu" },
];

const car = { x: 22.25, y: 0, length: 4.5, width: 1.8, height: 1.45 };
const cloud = castLidar({ blocks: [car] });
const pictures = Array.from({ length: 4 }, (_, i) =>
  drawRoad({ width: 640, height: 360, focal: 554, horizon: 180, cars: [{ depth: 21.7, y: 0, luma: 190, tailLights: true }], seed: i + 1 }),
);

let component: Component;
beforeAll(async () => {
  component = await loadGuest(new URL(".", import.meta.url));
}, 120_000);

/** The component with some of the sensors, and a car 20 m ahead that all of them see. */
class Drive {
  readonly guest: GuestUnderTest;
  readonly #sensors: readonly FakeSensor[];
  #steps = 0;

  constructor(kinds: readonly string[], publishes: readonly string[] = ["/detections"]) {
    this.#sensors = allSensors.filter((sensor) => kinds.includes(sensor.kind));
    const cameras = this.#sensors.flatMap((sensor, handle) => (sensor.kind === "camera" ? [handle] : []));
    const frames = {
      cameras: () => Uint32Array.from(cameras),
      latest: (camera: number, after: bigint) => this.#frame(camera, after),
    };
    this.guest = new GuestUnderTest(component, {
      sensors: this.#sensors,
      publishes,
      imports: { "adas:perception/frames@0.1.0": frames },
    });
  }

  step(): Batch[] {
    const now = START_US + ++this.#steps * STEP_US;
    const readings = this.#sensors.flatMap(({ name, kind }) => {
      const payload = this.#payload(kind);
      return payload === undefined ? [] : [{ sensor: name, timeUs: now - (kind === "lidar" ? 10_000 : 20_000), payload }];
    });
    this.guest.add(...readings.sort((a, b) => a.timeUs - b.timeUs));
    expect(this.guest.step(now)).toBeUndefined();
    return this.guest.function("detections", "latest")() as Batch[];
  }

  #payload(kind: string): Uint8Array | undefined {
    if (kind === "lidar") return new Uint8Array(cloud.buffer.slice(0));
    if (kind === "radar") return new Uint8Array(Float32Array.of(20, 0, 0, -4, 12).buffer);
    if (kind === "ultrasonic") return new Uint8Array(Float32Array.of(2.5, 0.2, 5, 0.5).buffer);
    if (kind === "imu") return new Uint8Array(80);
    if (kind !== "can") return undefined;
    const frame = new DataView(new ArrayBuffer(16));
    frame.setUint32(0, 0xaa, true);
    frame.setUint8(5, 8);
    for (let wheel = 0; wheel < 4; wheel++) frame.setUint16(8 + 2 * wheel, Math.round((54 + 67.67) * 100));
    return new Uint8Array(frame.buffer);
  }

  #frame(camera: number, after: bigint): object | undefined {
    const timestamp = BigInt(START_US + this.#steps * STEP_US - 30_000);
    if (timestamp <= after) return undefined;
    const pixels = pictures[this.#steps % pictures.length];
    return { camera, timestamp, sequence: BigInt(this.#steps), width: 640, height: 360, format: "yuv420", pixels };
  }
}

describe("object detection", () => {
  it("gives one batch for each reading, in the order of their times, and publishes it", () => {
    const drive = new Drive(["lidar", "radar", "can", "ultrasonic", "camera", "imu"]);
    expect(drive.guest.init()).toBeUndefined();
    let batches: Batch[] = [];
    for (let i = 0; i < 12; i++) batches = drive.step();
    expect(batches.map((batch) => batch.source)).toEqual(["camera", "radar", "ultrasonic", "lidar"]);
    for (const batch of batches) {
      expect(batch.values.length).toBe(batch.count * 16);
      expect(batch.count, batch.source).toBe(1);
      const [x, y] = [batch.values[2] ?? 0, batch.values[3] ?? 0];
      expect(Math.abs(x - (batch.source === "ultrasonic" ? 2.5 : 20)), batch.source).toBeLessThan(1.5);
      expect(Math.abs(y), batch.source).toBeLessThan(0.5);
    }
    expect(drive.guest.diagnostics.health).toEqual({ state: "ok", reason: "" });
    expect(drive.guest.diagnostics.metrics.get("detections-lidar")).toBe(12);
    expect(drive.guest.bus.published.length).toBe(48);
  });

  it("publishes messages as the schema says", () => {
    const schema = JSON.parse(readFileSync(new URL("schemas/detections.json", import.meta.url), "utf8"));
    const drive = new Drive(["lidar", "radar", "camera"]);
    drive.guest.init();
    for (let i = 0; i < 6; i++) drive.step();
    const messages = drive.guest.bus.published.map(({ payload }) => JSON.parse(Buffer.from(payload).toString("utf8")));
    const lidar = messages.find((message) => message.source === "lidar");
    for (const message of messages) {
      expect(Object.keys(message)).toEqual(schema.required);
      for (const object of message.objects) expect(Object.keys(object)).toEqual(schema.properties.objects.items.required);
    }
    expect(lidar).toMatchObject({ sensor: "/lidar", objects: [{ class: "car", range_rate: null, box: null }] });
    expect(messages.at(-3)).toMatchObject({ source: "camera", sensor: "/camera", objects: [{ class: "car" }] });
    expect(messages.at(-3).objects[0].box.length).toBe(4);
  });

  it("works with any part of the sensors, and says what is missing", () => {
    const cases: readonly (readonly [readonly string[], string])[] = [
      [[], "the recording has no camera, lidar, radar"],
      [["imu"], "the recording has no camera, lidar, radar"],
      [["lidar"], "the recording has no camera, radar"],
      [["radar", "can"], "the recording has no camera, lidar"],
      [["camera"], "the recording has no lidar, radar"],
      [["ultrasonic"], "the recording has no camera, lidar, radar"],
    ];
    for (const [kinds, reason] of cases) {
      const drive = new Drive(kinds);
      expect(drive.guest.init()).toBeUndefined();
      let batches: Batch[] = [];
      for (let i = 0; i < 6; i++) batches = drive.step();
      expect(batches.length, kinds.join()).toBe(kinds.filter((kind) => kind !== "can" && kind !== "imu").length);
      expect(drive.guest.diagnostics.health, kinds.join()).toEqual({ state: "degraded", reason });
    }
  });

  it("takes settings, and refuses what it does not know", () => {
    expect(new Drive([]).guest.init({ "lidar.ahead": "50", "camera.field-of-view": "70", "ego-speed.can": "; 1; 0; 16; 0.01; 0; little" })).toBeUndefined();
    expect(new Drive([]).guest.init({ "lidar.colour": "1" })).toBe("unknown setting lidar.colour");
    expect(new Drive([]).guest.init({ "lidar.ahead": "far" })).toContain('expected a number that is not negative, found "far"');
    expect(new Drive([]).guest.init({ "ego-speed.can": "1; 2" })).toContain("7 fields");
    const near = new Drive(["lidar"]);
    near.guest.init({ "lidar.ahead": "15" });
    expect(near.step()[0]?.count).toBe(0);
  });

  it("detects without publishing where its topic is not declared", () => {
    const drive = new Drive(["lidar"], []);
    expect(drive.guest.init()).toBeUndefined();
    expect(drive.step()[0]?.count).toBe(1);
    expect(drive.guest.diagnostics.log.at(-1)?.message).toContain("/detections is not declared");
    expect(drive.guest.bus.published).toEqual([]);
  });

  it("survives broken payloads of every kind", () => {
    const guest = new GuestUnderTest(component, {
      sensors: allSensors.filter((sensor) => sensor.kind !== "camera"),
      publishes: ["/detections"],
      imports: { "adas:perception/frames@0.1.0": { cameras: () => new Uint32Array(0), latest: () => undefined } },
    });
    guest.init();
    for (let size = 0; size < 60; size += 7) {
      const now = START_US + size * STEP_US;
      for (const name of ["/lidar", "/radar", "/can", "/ultrasonic"]) {
        guest.add({ sensor: name, timeUs: now, payload: new Uint8Array(size).fill(0xff) });
        guest.add({ sensor: name, timeUs: now, payload: new Uint8Array(size).fill(0x7f) });
      }
      expect(guest.step(now)).toBeUndefined();
    }
  });

  it("gives the same bytes in every run", () => {
    const run = () => {
      const drive = new Drive(["lidar", "radar", "can", "camera"]);
      drive.guest.init();
      for (let i = 0; i < 5; i++) drive.step();
      return drive.guest.bus.published.map(({ payload }) => Buffer.from(payload).toString("utf8"));
    };
    expect(run()).toEqual(run());
  });
});
