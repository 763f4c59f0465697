import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reading, Recording, Sensor } from "@playhead/recording";
import { createMcapWriter, messagesOf, openMcapMessages, openRecording } from "@playhead/store";
import { writeDrive } from "@playhead/synth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runMain } from "../run-main.case.ts";

let folder: string;
const at = (name: string): string => join(folder, name);

const LOG = `(1700000000.000100) can0 123#0102
(1700000000.000200) can0 1F334455#112233
(1700000001.000300) can0 124#
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-import-"));
  await writeFile(at("candump.log"), LOG);
  const writer = await createMcapWriter(at("drive.mcap"));
  await writeDrive(writer, { seed: 3, durationS: 0.3 });
  await writer.close();
});

afterAll(() => rm(folder, { recursive: true }));

describe("playhead import", () => {
  test("writes an MCAP file, and tells what was read", async () => {
    const ran = await runMain("import", at("candump.log"), "-o", at("can.mcap"));
    expect(ran).toMatchObject({ exitCode: 0, errors: "" });
    expect(ran.text).toMatch(/can\.mcap: 3 messages in 1\.000 s, from /);
    const recording = await openRecording(at("can.mcap"));
    expect(recording.sensors).toMatchObject([{ kind: "can", count: 3, firstUs: 1700000000000100 }]);
    await recording.close();
  });

  test("as JSON, compressed, and the same bytes every time", async () => {
    const args = [at("candump.log"), "--compression", "zstd", "--json"];
    const ran = await runMain("import", ...args, "-o", at("first.mcap"));
    await runMain("import", ...args, "-o", at("second.mcap"));
    expect(JSON.parse(ran.text)).toMatchObject({ messages: 3, startNs: "1700000000000100000", problems: [] });
    expect(await readFile(at("first.mcap"))).toEqual(await readFile(at("second.mcap")));
  });

  test("of an MCAP file keeps its profile and the recorder's numbers, and every source that it was made from", async () => {
    const writer = await createMcapWriter(at("ros.mcap"), { profile: "ros2" });
    await writer.addMetadata("vehicle", { name: "blue" });
    const channel = await writer.addChannel({ topic: "/a", messageEncoding: "cdr", schema: undefined });
    for (const sequence of [7, 9, 4_000_000_000])
      await writer.write(channel, 5n, 5n, Uint8Array.of(1), sequence);
    await writer.close();
    let from = "ros";
    for (const to of ["ros1", "ros2", "ros3"]) {
      expect((await runMain("import", at(`${from}.mcap`), "-o", at(`${to}.mcap`))).exitCode).toBe(0);
      from = to;
    }
    const file = await openMcapMessages(at("ros3.mcap"));
    const sequences: (number | undefined)[] = [];
    for await (const batch of messagesOf(file)) sequences.push(...batch.map(({ sequence }) => sequence));
    await file.close();
    expect(sequences).toEqual([7, 9, 4_000_000_000]);
    expect(file.profile).toBe("ros2");
    const entries = (name: string) => ({ name, format: "MCAP" });
    expect(file.metadata).toEqual([
      { name: "source", entries: entries("ros2.mcap") },
      { name: "source.2", entries: entries("ros1.mcap") },
      { name: "source.1", entries: entries("ros.mcap") },
      { name: "vehicle", entries: { name: "blue" } },
    ]);
  });

  test("replaces a file only when it is told to, and never its input", async () => {
    await writeFile(at("there.mcap"), "something");
    const refused = await runMain("import", at("candump.log"), "-o", at("there.mcap"));
    expect(refused).toMatchObject({ exitCode: 2, errors: expect.stringMatching(/there already.*--force/) });
    expect(await readFile(at("there.mcap"), "utf8")).toBe("something");
    const onFolder = await runMain("import", at("candump.log"), "-o", at("."));
    expect(onFolder).toMatchObject({ exitCode: 2, errors: expect.stringMatching(/found a folder$/m) });
    expect((await runMain("import", at("candump.log"), "-o", at("there.mcap"), "--force")).exitCode).toBe(0);
    const itself = await runMain("import", at("candump.log"), "-o", at("candump.log"), "--force");
    expect(itself).toMatchObject({ exitCode: 2, errors: expect.stringMatching(/found the input/) });
    expect(await readFile(at("candump.log"), "utf8")).toBe(LOG);
  });

  test("says what it can read where it cannot, and writes nothing", async () => {
    await writeFile(at("notes.bin"), Uint8Array.of(1, 2, 3, 4));
    const ran = await runMain("import", at("notes.bin"), "-o", at("none.mcap"));
    expect(ran).toMatchObject({ exitCode: 3, errors: expect.stringMatching(/a ROS 1 bag, .*begins with/) });
    await expect(readFile(at("none.mcap"))).rejects.toThrow(/ENOENT/);
    expect((await runMain("import", at("missing"), "-o", at("none.mcap"))).exitCode).toBe(3);
    expect((await runMain("import", at("candump.log"))).exitCode).toBe(2);
    expect((await runMain("import", at("candump.log"), "-o", at("x.mcap"), "--rate", "fast")).exitCode).toBe(
      2,
    );
    const unwritable = await runMain("import", at("candump.log"), "-o", at("no/folder/x.mcap"));
    expect(unwritable).toMatchObject({ exitCode: 5 });
  });
});

describe("playhead convert", () => {
  test("in Foxglove's schemas sensors give the payloads that they gave before", async () => {
    const ran = await runMain(
      "convert",
      at("drive.mcap"),
      "-o",
      at("foxglove.mcap"),
      "--schemas",
      "foxglove",
    );
    expect(ran).toMatchObject({ exitCode: 0, errors: "" });
    const [before, after] = [await payloads(at("drive.mcap")), await payloads(at("foxglove.mcap"))];
    expect(after.schemas).toMatchObject({
      "/camera/front/compressed": "foxglove.CompressedImage",
      "/lidar/top": "foxglove.PointCloud",
      "/radar/front": "foxglove.PointCloud",
      "/gps/fix": "foxglove.LocationFix",
      "/imu/data": "sensor_msgs/msg/Imu",
    });
    expect(after.kinds).toEqual({
      ...before.kinds,
      ...{ "/camera/front/calibration": "other", "/tf_static": "other" },
    });
    const sensors = after.readings.filter(([name]) => String(name) in before.kinds);
    expect(sensors).toEqual(before.readings);
    expect(sensors.length).toBeGreaterThan(100);
  });

  test("with some of the topics; one that is not there is named", async () => {
    const ran = await runMain(
      "convert",
      at("drive.mcap"),
      "-o",
      at("some.mcap"),
      "--topics",
      "/gps/fix, /imu/data",
      "--json",
    );
    const { channels } = JSON.parse(ran.text) as { channels: { topic: string }[] };
    expect(channels.map(({ topic }) => topic).sort()).toEqual(["/gps/fix", "/imu/data"]);
    const none = await runMain("convert", at("drive.mcap"), "-o", at("none.mcap"), "--topics", "/nothing");
    expect(none).toMatchObject({
      exitCode: 3,
      errors: expect.stringMatching(/expected topics of .*found \/nothing/),
    });
  });

  async function payloads(path: string) {
    const recording = await openRecording(path);
    try {
      const names = recording.sensors.map(({ name }) => name);
      return {
        schemas: Object.fromEntries(recording.sensors.map(({ name, schema }) => [name, schema])),
        kinds: Object.fromEntries(recording.sensors.map(({ name, kind }) => [name, kind])),
        readings: (await readingsOf(recording)).map(({ sensor, timeUs, payload, metadata }) => {
          return [names[sensor], timeUs, Buffer.from(payload).toString("base64"), metadata];
        }),
      };
    } finally {
      await recording.close();
    }
  }
});

const bags = join(
  process.env.PLAYHEAD_DATA ?? join(import.meta.dirname, "../../../../../shared/data"),
  "bags",
);
const real = join(bags, "rosbag2_wbag_0");

describe.skipIf(!existsSync(`${real}.db3`))("real bags (skipped where the recordings are not there)", () => {
  async function messages(path: string) {
    const recording = await openRecording(path);
    try {
      return (await readingsOf(recording)).map(({ sensor, timeUs, remainderNs, raw }) => {
        const { name, schema } = recording.sensors[sensor] as Sensor;
        return [name, schema, timeUs, remainderNs, Buffer.from(raw).toString("hex")].join();
      });
    } finally {
      await recording.close();
    }
  }

  test("a ROS 2 bag in SQLite gives what it gives as MCAP, in the same order", async () => {
    expect((await runMain("import", `${real}.db3`, "-o", at("bag.mcap"))).exitCode).toBe(0);
    const found = await messages(at("bag.mcap"));
    expect(found).toHaveLength(1246);
    expect(found).toEqual(await messages(`${real}.mcap`));
  });

  test("and so does the MCAP file as a folder", async () => {
    await mkdir(at("bag"));
    await copyFile(`${real}.mcap`, at("bag/bag_0.mcap"));
    const said = "rosbag2_bagfile_information: { message_count: 1246, relative_file_paths: [bag_0.mcap] }";
    await writeFile(at("bag/metadata.yaml"), said);
    const ran = await runMain("import", at("bag"), "-o", at("folder.mcap"), "--json");
    expect(JSON.parse(ran.text)).toMatchObject({ messages: 1246, problems: [] });
    expect(await messages(at("folder.mcap"))).toEqual(await messages(`${real}.mcap`));
    for (const name of ["bag.mcap", "folder.mcap"]) {
      const file = await openMcapMessages(at(name));
      await file.close();
      expect(file.profile).toBe("ros2");
    }
  });
});

async function readingsOf(recording: Recording): Promise<Reading[]> {
  const readings: Reading[] = [];
  for await (const batch of recording.read()) readings.push(...batch);
  return readings;
}
