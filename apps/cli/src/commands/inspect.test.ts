import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMcapWriter } from "@playhead/store";
import { writeDrive } from "@playhead/synth";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runMain } from "../run-main.case.ts";

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-inspect-"));
  vi.stubEnv("XDG_CACHE_HOME", at("cache"));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const POSITION = { timestamp: { sec: 1, nsec: 5 }, frame_id: "antenna", latitude: 1, longitude: 2 };

describe("playhead inspect shows of a recording", () => {
  beforeAll(async () => {
    const writer = await createMcapWriter(at("drive.mcap"));
    await writeDrive(writer, { seed: 3, durationS: 0.3 });
    const channel = (topic: string, metadata: Record<string, string>) => ({
      ...{ topic, messageEncoding: "json", metadata },
      schema: { name: "foxglove.LocationFix", encoding: "jsonschema", data: new Uint8Array() },
    });
    await writer.addMetadata("vehicle", { plate: "M-X 1", note: "long ".repeat(100) });
    const lastNs = 2_000_000_000_000_000_000n;
    const mount = { "mount.x": "1.23456", "mount.yaw": "1.570796", "mount.frame": "base_link" };
    for (const added of [channel("/gps/rear", mount), channel("/gps/odd", { "mount.x": "far" })]) {
      const number = await writer.addChannel(added);
      await writer.write(number, lastNs, lastNs, Buffer.from(JSON.stringify(POSITION)));
    }
    await writer.close();
  });

  test("frames, intrinsics, mountings and metadata, in lines of at most 100 characters", async () => {
    const { text, errors } = await runMain("inspect", at("drive.mcap"));
    expect(errors).toBe("");
    const sections = text.slice(text.indexOf("Cameras"));
    expect(sections.split("\n").filter((line) => line.length > 100)).toEqual([]);
    expect(sections).toMatchInlineSnapshot(`
      "Cameras (px)
        name                       fx   fy   cx   cy
        /camera/front/compressed  560  560  320  180
      Mounted in the vehicle's frame (m, °)
        name                      frame                 x  y     z  roll  pitch  yaw
        /camera/front/compressed  camera_front      -1.55  0  1.36     0   1.83    0
        /gps/fix                  gps                -2.6  0   1.5     0      0    0
        /gps/odd                  antenna           far
        /imu/data                 imu                -2.2  0   0.5     0      0    0
        /lidar/top                lidar_top          -1.9  0  1.85     0      0    0
        /radar/front              radar_front       -0.05  0   0.5     0      0    0
        /ultrasonic/front         ultrasonic_front      0  0   0.5     0      0    0
      Mounted in base_link (m, °)
        name       frame        x  y  z  roll  pitch  yaw
        /gps/rear  antenna  1.235                      90
      Frames
        name    frame
        /can/0  can0
      Metadata
        name            key         value
        playhead.synth  seed        3
        playhead.synth  scenario    braking
        playhead.synth  duration_s  0.3
        playhead.synth  start_us    1715679000000000
        vehicle         plate       M-X 1
        vehicle         note        long long long long long long long long long long long long long long…
      "
    `);
  });

  test("the same as JSON, with all of it", async () => {
    const { text } = await runMain("inspect", at("drive.mcap"), "--json");
    const shown = JSON.parse(text) as {
      sensors: { name: string; frameId?: string; metadata: Record<string, string> }[];
      metadata: { name: string; entries: Record<string, string> }[];
    };
    const frames = Object.fromEntries(shown.sensors.map(({ name, frameId }) => [name, frameId]));
    expect(frames).toMatchObject({ "/lidar/top": "lidar_top", "/gps/rear": "antenna", "/can/0": "can0" });
    expect(frames["/ground_truth/objects"]).toBeUndefined();
    const rear = shown.sensors.find(({ name }) => name === "/gps/rear");
    expect(rear?.metadata).toMatchObject({ "mount.yaw": "1.570796", "mount.frame": "base_link" });
    const { entries } = shown.metadata.find(({ name }) => name === "vehicle") ?? {};
    expect(entries).toEqual({ plate: "M-X 1", note: "long ".repeat(100) });
  });

  test("in another format the metadata that it has as MCAP", async () => {
    await writeFile(at("candump.log"), "(1700000000.000100) can0 123#0102\n");
    const { text } = await runMain("inspect", at("candump.log"));
    expect(text).toMatch(/Frames\n {2}name {7}frame\n {2}\/can\/can0 {2}can0\n/);
    expect(text).toMatch(/ {2}source {2}format {2}candump log\n/);
  });
});
