import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { McapStreamReader } from "@mcap/core";
import { nanosecondsOf, type Reading, type Recording } from "@playhead/recording";
import { describe, expect, test } from "vitest";
import { compressionReady, decompress } from "./mcap/compression.ts";
import { openRecording } from "./open-recording.ts";
import { collect } from "./recording.case.ts";

// Real recordings lie beside the project; without them these tests are skipped.
const data = process.env.PLAYHEAD_DATA ?? fileURLToPath(new URL("../../../../shared/data", import.meta.url));
const comma = join(data, "drives/comma2k19.mcap");
const dashcam = join(data, "drives/dashcam.mcap");
const nissan = join(data, "drives/reductstore_demo.mcap");
const ties = join(data, "bags/rosbag2_wbag_0.mcap");

interface Kept {
  readonly recording: Recording;
  readonly readings: readonly Reading[];
  of(topic: string): readonly Reading[];
}

async function readAll(path: string): Promise<Kept> {
  const recording = await openRecording(path);
  const readings = await collect(recording);
  await recording.close();
  const handle = (topic: string) => recording.sensors.find(({ name }) => name === topic)?.handle;
  return { recording, readings, of: (topic) => readings.filter(({ sensor }) => sensor === handle(topic)) };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A signal that is sampled at times, in s. */
type Samples = readonly { readonly time: number; readonly values: readonly number[] }[];

/** Linear between samples; undefined outside of them. */
function sampleAt(samples: Samples, time: number): readonly number[] | undefined {
  const index = samples.findIndex((sample) => sample.time >= time);
  const [before, after] = [samples[index - 1], samples[index]];
  if (before === undefined || after === undefined) return undefined;
  const part = (time - before.time) / (after.time - before.time);
  return before.values.map((value, axis) => value + ((after.values[axis] ?? 0) - value) * part);
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, axis) => value - (b[axis] ?? 0)));
}

/** `geometry_msgs/PoseStamped`: the position, ECEF m. */
function posesOf(readings: readonly Reading[]): Samples {
  return readings.map(({ timeUs, raw }) => {
    const view = viewOf(raw);
    const body = 12 + 4 + view.getUint32(12, true) - 4;
    const position = ((body + 7) & ~7) + 4;
    return {
      time: timeUs / 1e6,
      values: [0, 8, 16].map((offset) => view.getFloat64(position + offset, true)),
    };
  });
}

/** WGS84 (degrees, m above the ellipsoid) as ECEF, m. */
function earthFixed(latitude: number, longitude: number, altitude: number): number[] {
  const [phi, lambda] = [latitude, longitude].map((angle) => (angle * Math.PI) / 180) as [number, number];
  const eccentricity = (1 / 298.257223563) * (2 - 1 / 298.257223563);
  const normal = 6378137 / Math.sqrt(1 - eccentricity * Math.sin(phi) ** 2);
  const across = (normal + altitude) * Math.cos(phi);
  return [
    across * Math.cos(lambda),
    across * Math.sin(lambda),
    (normal * (1 - eccentricity) + altitude) * Math.sin(phi),
  ];
}

/** How far apart two points are on the ground around a latitude and longitude in degrees. */
function horizontalDistance(
  a: readonly number[],
  b: readonly number[],
  latitude: number,
  longitude: number,
): number {
  const [phi, lambda] = [latitude, longitude].map((angle) => (angle * Math.PI) / 180) as [number, number];
  const [x, y, z] = a.map((value, axis) => value - (b[axis] ?? 0)) as [number, number, number];
  const east = y * Math.cos(lambda) - x * Math.sin(lambda);
  const north = z * Math.cos(phi) - Math.sin(phi) * (x * Math.cos(lambda) + y * Math.sin(lambda));
  return Math.hypot(east, north);
}

describe.skipIf(!existsSync(comma))("the comma2k19 drive", async () => {
  const drive = existsSync(comma) ? await readAll(comma) : undefined;
  const of = (topic: string) => drive?.of(topic) ?? [];

  test("has its sensors and counts", () => {
    const listed = drive?.recording.sensors.map(({ name, kind, role, count, rateHz }) => {
      return `${name} ${kind} ${role} ${count} ${rateHz.toFixed(1)}`;
    });
    expect(listed).toEqual([
      "/can/0 can input 53800 896.8",
      "/can/1 can input 45000 750.4",
      "/gps/fix gps input 579 9.7",
      "/imu imu input 6256 104.3",
      "/radar/front radar input 1200 20.0",
      "/reference/pose other reference 1200 20.0",
    ]);
    expect([drive?.readings.length, drive?.recording.problems]).toEqual([108_035, []]);
  });

  test("the wheels' speed on the CAN bus is the reference's, to 0.156 m/s", () => {
    const poses = posesOf(of("/reference/pose"));
    const frames = of("/can/0").filter(({ payload }) => viewOf(payload).getUint32(0, true) === 0xaa);
    const speeds = frames.map(({ timeUs, payload }) => {
      const view = viewOf(payload);
      const wheels = [8, 10, 12, 14].map(
        (offset) => ((view.getUint16(offset) & 0x7fff) * 0.01 - 67.67) / 3.6,
      );
      return { time: timeUs / 1e6, values: [wheels.reduce((sum, wheel) => sum + wheel) / 4] };
    });
    expect(frames.every(({ payload }) => payload.length === 16 && payload[5] === 8)).toBe(true);
    const errors = poses.slice(1).flatMap((pose, index) => {
      const before = poses[index] as Samples[number];
      const speed = distance(pose.values, before.values) / (pose.time - before.time);
      const measured = sampleAt(speeds, (pose.time + before.time) / 2);
      return measured === undefined ? [] : [speed - (measured[0] ?? 0)];
    });
    expect(errors.length).toBeGreaterThan(1190);
    expect(Math.abs(rootMeanSquare(errors) - 0.156)).toBeLessThan(0.002);
  });

  test("the satellite fixes lie 1.470 m from the reference", () => {
    const poses = posesOf(of("/reference/pose"));
    const errors = of("/gps/fix").flatMap(({ timeUs, payload }) => {
      const view = viewOf(payload);
      const [latitude, longitude, altitude] = [0, 8, 16].map((offset) => view.getFloat64(offset, true)) as [
        number,
        number,
        number,
      ];
      const truth = sampleAt(poses, timeUs / 1e6);
      const fix = earthFixed(latitude, longitude, altitude);
      return truth === undefined ? [] : [horizontalDistance(fix, truth, latitude, longitude)];
    });
    expect(errors.length).toBe(579);
    expect(Math.abs(rootMeanSquare(errors) - 1.47)).toBeLessThan(0.005);
  });

  test("the inertial unit's numbers are those of the file, and its orientation is not known", () => {
    const readings = of("/imu");
    const accelerations = readings.flatMap(({ payload }) =>
      [0, 8, 16].map((offset) => viewOf(payload).getFloat64(offset, true)),
    );
    // The file has the source's three columns one after the other, cut into rows of three: the last third of all numbers is the
    // axis that points down, which feels gravity from below.
    const down = accelerations.slice(2 * readings.length);
    const mean = down.reduce((sum, value) => sum + value, 0) / down.length;
    expect(mean).toBeGreaterThan(-10);
    expect(mean).toBeLessThan(-9.6);
    const orientation = [48, 56, 64, 72].map((offset) =>
      viewOf(readings[0]?.payload ?? new Uint8Array(80)).getFloat64(offset, true),
    );
    expect(orientation).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect(readings[0]?.metadata).toBe('{"frame_id":"imu_frd","stamp_us":1533226488225651}');
  });

  test("radar targets lie ahead, and most of them on the road or beside it", () => {
    const [first] = of("/radar/front");
    const view = viewOf(first?.payload ?? new Uint8Array(0));
    const target = [0, 4, 8, 12, 16].map((offset) => view.getFloat32(offset, true));
    // x 74.54, y −2.76, range rate 3.6 as recorded
    expect(view.byteLength).toBe(13 * 20);
    expect(target[0]).toBeCloseTo(Math.hypot(74.54, -2.76), 1);
    expect(target[1]).toBeCloseTo(Math.atan2(-2.76, 74.54), 3);
    expect(target.slice(2)).toEqual([0, expect.closeTo(3.6, 4), Number.NaN]);
    for (const { payload } of of("/radar/front")) {
      const targets = viewOf(payload);
      for (let offset = 0; offset < payload.length; offset += 20) {
        expect(targets.getFloat32(offset, true)).toBeLessThan(250);
        expect(Math.abs(targets.getFloat32(offset + 4, true))).toBeLessThan(1.2);
      }
    }
  });
});

describe.skipIf(!existsSync(dashcam))("the dash-camera drive", () => {
  test("has JPEG pictures of 960×540 at 25 Hz", async () => {
    const { recording, readings } = await readAll(dashcam);
    expect(recording.sensors).toMatchObject([
      { name: "/camera/front/compressed", kind: "camera", count: 221 },
    ]);
    expect(recording.sensors[0]?.rateHz).toBeCloseTo(25, 6);
    for (const { payload, raw } of readings) {
      const view = viewOf(payload);
      expect([0, 4, 8, 12].map((offset) => view.getUint32(offset, true))).toEqual([0, 0, 0, 0]);
      expect([view.getUint16(16), view.getUint16(payload.length - 2)]).toEqual([0xffd8, 0xffd9]);
      expect(Buffer.from(raw).includes(Buffer.from(payload.subarray(16)))).toBe(true);
    }
    const picture = Buffer.from(readings[0]?.payload ?? []);
    const frame = picture.indexOf(Buffer.of(0xff, 0xc0));
    expect([picture.readUInt16BE(frame + 7), picture.readUInt16BE(frame + 5)]).toEqual([960, 540]);
  });
});

describe.skipIf(!existsSync(nissan))("the reductstore drive", () => {
  test("is on the recorder's clock, and keeps the sensors' own in the metadata", async () => {
    const { recording, readings, of } = await readAll(nissan);
    expect(recording.sensors.map(({ name, kind, count }) => `${name.slice(8)} ${kind} ${count}`)).toEqual([
      "gps/duro/current_pose other 314",
      "gps/duro/imu imu 1556",
      "gps/duro/mag other 389",
      "gps/duro/status_string other 314",
      "vehicle_speed other 470",
      "vehicle_steering other 470",
    ]);
    expect([readings.length, recording.problems]).toEqual([3513, []]);
    const [first] = of("/nissan/gps/duro/imu");
    const stampUs = (JSON.parse(first?.metadata ?? "{}") as { stamp_us: number }).stamp_us;
    expect(new Date((first?.timeUs ?? 0) / 1000).getUTCFullYear()).toBe(2026);
    expect(new Date(stampUs / 1000).getUTCFullYear()).toBe(2023);
  });
});

describe("equal times", () => {
  for (const path of [comma, ties]) {
    test.skipIf(!existsSync(path))(`keep the order of the file: ${path.split("/").at(-1)}`, async () => {
      await compressionReady();
      const { recording, readings } = await readAll(path);
      const inFile = await messagesInFile(path);
      const ordered = inFile.map((message, place) => ({ ...message, place }));
      ordered.sort((a, b) => Number(a.logTime - b.logTime) || a.place - b.place);
      const difference = readings.findIndex((reading, index) => {
        const message = ordered[index];
        return (
          recording.sensors[reading.sensor]?.name !== message?.topic ||
          nanosecondsOf(reading.timeUs, reading.remainderNs) !== message?.logTime ||
          Buffer.compare(reading.raw, message.data) !== 0
        );
      });
      expect([difference, readings.length]).toEqual([-1, inFile.length]);
      const tied = readings.filter(({ timeUs }, index) => timeUs === readings[index - 1]?.timeUs);
      expect(tied.length).toBeGreaterThan(1000);
    });
  }
});

/** With the library's plain stream reader, which knows no index and no order. */
async function messagesInFile(path: string) {
  const zstd = (source: Uint8Array, size: bigint) => decompress("zstd", source, Number(size));
  const reader = new McapStreamReader({ decompressHandlers: { zstd } });
  reader.append(await readFile(path));
  const topics = new Map<number, string>();
  const messages: { topic: string; logTime: bigint; data: Uint8Array }[] = [];
  for (let record = reader.nextRecord(); record !== undefined; record = reader.nextRecord()) {
    if (record.type === "Channel") topics.set(record.id, record.topic);
    if (record.type !== "Message") continue;
    messages.push({ topic: topics.get(record.channelId) ?? "", logTime: record.logTime, data: record.data });
  }
  return messages;
}
