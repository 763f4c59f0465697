import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createMessageConverter, RecordingError } from "@playhead/recording";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changedBytes, type ReadSource, readDamaged, readSource, testFolder } from "../source.case.ts";

const folder = testFolder();

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const OXTS = `49.0150 8.4343 116.43 0.1 -0.02 1.5 -1 2 3 4 5 0.5 0.25 9.81 0 0 0 0.01 0.02 0.03 0 0 0 0.5 0.1 4 10 5 5 6`;
const POINTS = Float32Array.of(1, 2, 3, 0.5, -4, 5, -6, 1);

const CAM_TO_CAM = `calib_time: 09-Jan-2012 13:57:47
R_rect_00: 1 0 0 0 1 0 0 0 1
P_rect_00: 700 0 600 0 0 700 180 0 0 0 1 0
P_rect_01: 700 0 600 -350 0 700 180 0 0 0 1 0
K_01: 980 0 690 0 975 240 0 0 1
R_01: 1 0 0 0 1 0 0 0 1
T_01: -0.5 0 0
`;
/** The camera 0.27 m before and 0.08 m below the scanner. */
const VELO_TO_CAM = "R: 0 -1 0 0 0 -1 1 0 0\nT: 0 -0.08 -0.27\ndelta_f: 0 0\n";
const IMU_TO_VELO = "R: 1 0 0 0 1 0 0 0 1\nT: -0.81 0.32 -0.8\n";

async function drive(
  day: string,
  name: string,
  files: Readonly<Record<string, Uint8Array | string>> = {},
): Promise<string> {
  const stamp = (second: number): string => `2011-09-26 13:02:${second}.964389445\n`;
  const all: Record<string, Uint8Array | string> = {
    "../calib_cam_to_cam.txt": CAM_TO_CAM,
    "../calib_velo_to_cam.txt": VELO_TO_CAM,
    "../calib_imu_to_velo.txt": IMU_TO_VELO,
    "image_01/timestamps.txt": stamp(25) + stamp(26) + stamp(27),
    "image_01/data/0000000000.png": PNG,
    "image_01/data/0000000002.png": PNG,
    "velodyne_points/timestamps.txt": stamp(26),
    "velodyne_points/data/0000000000.bin": new Uint8Array(POINTS.buffer),
    "oxts/timestamps.txt": stamp(25),
    "oxts/data/0000000000.txt": `${OXTS}\n`,
    "oxts/dataformat.txt": "lat: …",
    ...files,
  };
  const path = `${folder.path(day)}/${name}`;
  for (const [file, content] of Object.entries(all)) {
    await mkdir(dirname(`${path}/${file}`), { recursive: true });
    await writeFile(`${path}/${file}`, content);
  }
  return path;
}

function readingsOf({ channels, messages }: ReadSource) {
  return messages.map(({ channel, logTimeNs, data }) => {
    const declaration = channels[channel] as (typeof channels)[number];
    const converter = createMessageConverter(declaration, data);
    const payload = converter.convert(data);
    if (!(payload instanceof Uint8Array)) throw new Error(payload.reason);
    return { topic: declaration.topic, kind: converter.kind, timeNs: logTimeNs, payload: payload.slice() };
  });
}

function metadataOf({ channels }: ReadSource, topic: string): Record<string, number> {
  const metadata = channels.find((channel) => channel.topic === topic)?.metadata ?? {};
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, Number(value)]));
}

describe("a drive of KITTI's raw data", () => {
  test("has its pictures, clouds, motions and positions, each with its own time", async () => {
    const source = await readSource(await drive("a", "2011_09_26_drive_0001_sync"));
    const readings = readingsOf(source);
    expect(source.problems).toEqual([]);
    const base = BigInt(Date.UTC(2011, 8, 26, 13, 2, 25)) * 1_000_000n + 964389445n;
    expect(readings.map(({ topic, kind, timeNs }) => [topic, kind, Number(timeNs - base) / 1e9])).toEqual([
      ["/camera/image_01/compressed", "camera", 0],
      ["/oxts/imu", "imu", 0],
      ["/oxts/fix", "gps", 0],
      ["/oxts/data", "other", 0],
      ["/lidar/velodyne/points", "lidar", 1],
      ["/camera/image_01/compressed", "camera", 2],
    ]);
    expect(new Float32Array(readings[4]?.payload.buffer as ArrayBuffer)).toEqual(POINTS);
    const imu = new Float64Array(readings[1]?.payload.buffer as ArrayBuffer);
    expect(Array.from(imu.subarray(0, 6))).toEqual([0.5, 0.25, 9.81, 0.01, 0.02, 0.03]);
    expect(Math.hypot(...imu.subarray(6))).toBeCloseTo(1, 12);
    const fix = new DataView(readings[2]?.payload.buffer as ArrayBuffer);
    expect([0, 8, 16, 24].map((place) => fix.getFloat64(place, true))).toEqual([49.015, 8.4343, 116.43, 0.5]);
    expect(fix.getInt32(40, true)).toBe(2);
    expect(JSON.parse(Buffer.from(readings[3]?.payload ?? []).toString())).toMatchObject({
      vf: 3,
      orimode: 6,
    });
  });

  test("says how its sensors are mounted: rectified pictures and others", async () => {
    const synced = await readSource(await drive("b", "2011_09_26_drive_0002_sync"));
    const camera = metadataOf(synced, "/camera/image_01/compressed");
    expect(camera).toMatchObject({ "camera.fx": 700, "camera.fy": 700, "camera.cx": 600, "camera.cy": 180 });
    // Looks forward; 0.27 m before the scanner, half a metre to the right, 0.08 m below it.
    expect(camera).toMatchObject({ "mount.x": -2.57, "mount.y": -0.5, "mount.z": 1.65 });
    for (const angle of ["roll", "pitch", "yaw"]) expect(camera[`mount.${angle}`]).toBeCloseTo(0, 9);
    expect(metadataOf(synced, "/lidar/velodyne/points")).toMatchObject({ "mount.x": -2.84, "mount.z": 1.73 });
    expect(metadataOf(synced, "/oxts/imu")).toMatchObject({
      "mount.x": -3.65,
      "mount.y": 0.32,
      "mount.z": 0.93,
    });
    const raw = await readSource(await drive("c", "2011_09_26_drive_0002_extract"));
    expect(metadataOf(raw, "/camera/image_01/compressed")).toMatchObject({
      "camera.fx": 980,
      "camera.cy": 240,
      "mount.y": -0.5,
    });
  });

  test("may be given by the folder of its day", async () => {
    await drive("d", "2011_09_26_drive_0003_sync");
    expect((await readSource(folder.path("d"))).name).toBe("2011_09_26_drive_0003_sync");
  });

  test("names the files that are none, and what is missing", async () => {
    const path = await drive("e", "2011_09_26_drive_0004_sync", {
      "velodyne_points/data/0000000001.bin": new Uint8Array(POINTS.buffer),
      "velodyne_points/data/0000000000.bin": new Uint8Array(15),
      "oxts/data/0000000000.txt": "1 2 3",
      "image_01/timestamps.txt": "today\n",
    });
    const { problems, messages } = await readSource(path).catch((error) => ({
      problems: [error],
      messages: [],
    }));
    expect(messages).toEqual([]);
    expect(problems.map(({ message }) => message.replace(/^.*_sync\//, "")).sort()).toEqual([
      expect.stringMatching(/^image_01\/data\/0000000000.png: expected a time in line 1/),
      expect.stringMatching(/^image_01\/data\/0000000002.png: expected a time in line 3/),
      ...Array.from(
        { length: 1 },
        () => "oxts/data/0000000000.txt: expected 30 figures, found 3; it is left out",
      ),
      "velodyne_points/data/0000000000.bin: expected 16 bytes for each point, found 15 bytes; it is left out",
      expect.stringMatching(/^velodyne_points\/data\/0000000001.bin: expected a time in line 2/),
    ]);
  });

  test("gives problems or an error for damaged files of figures", async () => {
    const texts = {
      "oxts/data/0000000000.txt": OXTS,
      "../calib_cam_to_cam.txt": CAM_TO_CAM,
      "oxts/timestamps.txt": "2011-09-26 13:02:25.9\n",
    };
    const name = fc.constantFrom(...(Object.keys(texts) as (keyof typeof texts)[]));
    const change = fc.tuple(fc.nat(200), fc.uint8Array({ minLength: 1, maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(name, fc.array(change, { minLength: 1, maxLength: 4 }), async (file, changes) => {
        const damaged = changedBytes(Buffer.from(texts[file]), changes);
        const found = await readDamaged(await drive("f", "2011_09_26_drive_0005_sync", { [file]: damaged }));
        if (!(found instanceof RecordingError)) expect(found.messages.length).toBeGreaterThan(2);
      }),
      { numRuns: 15, seed: 1 },
    );
  });
});
