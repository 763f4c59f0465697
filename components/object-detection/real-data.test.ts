import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GuestUnderTest, loadGuest } from "@playhead/guest/test-kit";
import { openRecording } from "@playhead/store";
import { describe, expect, it } from "vitest";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const data = process.env["PLAYHEAD_DATA"] ?? join(repository, "../shared/data");
const missing = !existsSync(join(data, "drives"));
const STEP_US = 50_000;

interface Batch {
  readonly source: string;
  readonly count: number;
  readonly values: Float32Array;
}

interface Reading {
  readonly sensor: string;
  readonly timeUs: number;
  readonly payload: Uint8Array;
}

/** The readings of the first seconds of a real drive. */
async function readDrive(name: string, sensors: readonly string[], seconds: number) {
  const recording = await openRecording(join(data, "drives", name));
  const kept = recording.sensors.filter((sensor) => sensors.includes(sensor.name));
  const readings: Reading[] = [];
  const toUs = recording.startUs + seconds * 1e6;
  for await (const batch of recording.read({ sensors: kept.map((sensor) => sensor.handle), toUs })) {
    for (const { sensor, timeUs, payload } of batch) {
      readings.push({ sensor: recording.sensors[sensor]?.name ?? "", timeUs, payload: payload.slice() });
    }
  }
  await recording.close();
  return { startUs: recording.startUs, endUs: Math.min(toUs, recording.endUs), readings, sensors: kept.map(({ name, kind, metadata }) => ({ name, kind, metadata })) };
}

const rows = (batch: Batch) => Array.from({ length: batch.count }, (_, i) => batch.values.subarray(i * 16, i * 16 + 16));

describe.skipIf(missing)("object detection on real drives (needs the folder of real recordings)", () => {
  it("follows traffic by a production car's radar and wheel speeds", async () => {
    const drive = await readDrive("comma2k19.mcap", ["/radar/front", "/can/0"], 10);
    const guest = new GuestUnderTest(await loadGuest(new URL(".", import.meta.url)), {
      sensors: drive.sensors,
      publishes: ["/detections"],
      imports: { "adas:perception/frames@0.1.0": { cameras: () => new Uint32Array(0), latest: () => undefined } },
    });
    expect(guest.init()).toBeUndefined();
    guest.add(...drive.readings);
    let scans = 0;
    let objects = 0;
    let standing = 0;
    for (let now = drive.startUs; now <= drive.endUs; now += STEP_US) {
      expect(guest.step(now)).toBeUndefined();
      for (const batch of guest.function("detections", "latest")() as Batch[]) {
        // The speed is believed after some frames.
        if (now - drive.startUs < 1e6) continue;
        scans++;
        objects += batch.count;
        // The car drives 8 to 19 m/s: what closes in that fast aside of the lane mostly stands still.
        standing += rows(batch).filter((row) => (row[6] ?? 0) < -7.5 && Math.abs(row[3] ?? 0) > 4).length;
      }
    }
    expect(scans).toBeGreaterThan(170);
    expect(objects / scans).toBeGreaterThan(2);
    expect(objects / scans).toBeLessThan(8);
    expect(standing / scans).toBeLessThan(0.15);
  });

  it("finds the cars ahead in a dash camera's pictures, and none on the bank beside the road", async () => {
    const drive = await readDrive("dashcam.mcap", ["/camera/front/compressed"], 9);
    const decoder = new GuestUnderTest(await loadGuest(new URL("../video-decoder", import.meta.url)), { sensors: drive.sensors });
    const frames = { cameras: decoder.function("frames", "cameras"), latest: decoder.function("frames", "latest") };
    const guest = new GuestUnderTest(await loadGuest(new URL(".", import.meta.url)), {
      sensors: drive.sensors,
      publishes: ["/detections"],
      imports: { "adas:perception/frames@0.1.0": frames },
    });
    expect(decoder.init()).toBeUndefined();
    expect(guest.init()).toBeUndefined();
    decoder.add(...drive.readings);
    let pictures = 0;
    let white = 0;
    let cars = 0;
    let bank = 0;
    for (let now = drive.startUs; now <= drive.endUs; now += STEP_US) {
      decoder.step(now);
      expect(guest.step(now)).toBeUndefined();
      for (const batch of guest.function("detections", "latest")() as Batch[]) {
        if (now - drive.startUs < 1e6) continue;
        pictures++;
        const boxes = rows(batch).map((row) => ({ x: ((row[12] ?? 0) + (row[14] ?? 0)) / 2, bottom: row[15] ?? 0 }));
        cars += boxes.length;
        // The white car in the next lane stays where it is in the picture for the whole drive.
        if (boxes.some(({ x, bottom }) => x > 405 && x < 455 && bottom > 312 && bottom < 334)) white++;
        bank += boxes.filter(({ x, bottom }) => x > 640 && bottom > 330).length;
      }
    }
    expect(pictures).toBeGreaterThan(90);
    expect(white / pictures).toBeGreaterThan(0.8);
    expect(cars / pictures).toBeGreaterThan(2.5);
    expect(bank / pictures).toBeLessThan(0.1);
  });
});
