import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createMcapWriter } from "@playhead/store";
import { writeDrive } from "@playhead/synth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runMain } from "../run-main.case.ts";

let folder: string;
const at = (name: string): string => join(folder, name);

const DBC = `BO_ 291 STATE: 2 X
 SG_ SPEED : 7|16@0+ (0.5,1) [0|0] "m/s" X
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-table-"));
  await writeFile(at("candump.log"), "(1.5) can0 123#0102\n(2.0) can0 124#\n(2.5) can0 123#0002\n");
  await writeFile(at("car.dbc"), DBC);
  const writer = await createMcapWriter(at("drive.mcap"));
  await writeDrive(writer, { seed: 3, durationS: 0.3 });
  await writer.close();
});

afterAll(() => rm(folder, { recursive: true }));

async function linesOf(name: string): Promise<string[]> {
  return (await readFile(at(name), "utf8")).trimEnd().split("\r\n");
}

describe("playhead table", () => {
  test("writes chosen topics of a recording as CSV", async () => {
    const ran = await runMain(
      "table",
      at("drive.mcap"),
      "--topics",
      "/imu/data,/gps/fix",
      "-o",
      at("drive.csv"),
      "--json",
    );
    expect(ran).toMatchObject({ exitCode: 0, errors: "" });
    const summary = JSON.parse(ran.text) as { rows: number; topics: { topic: string; rows: number }[] };
    expect(summary.topics.map(({ topic }) => topic).sort()).toEqual(["/gps/fix", "/imu/data"]);
    const lines = await linesOf("drive.csv");
    expect(lines).toHaveLength(summary.rows + 1);
    expect(lines[0]).toMatch(/^time_ns,topic,.*imu\/data\.acceleration\.x/);
  });

  test("decodes CAN frames by DBC files, of any recording", async () => {
    const ran = await runMain(
      "table",
      at("candump.log"),
      "--dbc",
      at("car.dbc"),
      "--topics",
      "/can/can0/STATE",
      "-o",
      at("state.csv"),
    );
    expect(ran).toMatchObject({ exitCode: 0, text: expect.stringMatching(/state\.csv: 2 rows, 2 columns/) });
    expect(await linesOf("state.csv")).toEqual(["time_ns,SPEED", "1500000000,130", "2500000000,2"]);
  });

  test("writes Parquet by the name, or when told to", async () => {
    for (const args of [
      ["-o", at("can.parquet")],
      ["-o", at("can.table"), "--format", "parquet"],
    ]) {
      expect(await runMain("table", at("candump.log"), ...args)).toMatchObject({ exitCode: 0 });
      expect((await readFile(args[1] ?? "")).subarray(0, 4).toString()).toBe("PAR1");
    }
  });

  test.each([
    [
      "a topic that is not there",
      ["--topics", "/none", "-o", "x.csv"],
      /expected topics of .*, found \/none/,
    ],
    [
      "a name that says no format",
      ["-o", "x.txt"],
      /expected a name that ends in .csv or .parquet, or --format, found ".txt"/,
    ],
    ["a file that is there", ["-o", "car.dbc", "--format", "csv"], /found one that is there already/],
  ])("refuses %s, and writes nothing", async (_, [...args], message) => {
    args[args.indexOf("-o") + 1] = at(args[args.indexOf("-o") + 1] ?? "");
    const ran = await runMain("table", at("drive.mcap"), ...args);
    expect(ran.errors).toMatch(message);
    expect(ran.exitCode).toBeGreaterThan(0);
    expect(existsSync(at("x.csv")) || existsSync(at("x.txt"))).toBe(false);
    expect(await readFile(at("car.dbc"), "utf8")).toBe(DBC);
  });
});

const data =
  process.env.PLAYHEAD_DATA ?? fileURLToPath(new URL("../../../../../shared/data", import.meta.url));
const drive = join(data, "drives/comma2k19.mcap");

/** A table's rows by the names of its columns. */
async function rowsOf(name: string): Promise<Record<string, string>[]> {
  const [heading = "", ...lines] = await linesOf(name);
  const names = heading.split(",");
  return lines.map((line) =>
    Object.fromEntries(line.split(",").map((cell, place) => [names[place] ?? "", cell])),
  );
}

describe.skipIf(!existsSync(drive))("a real drive, decoded by its car's DBC file", () => {
  const WHEEL_SPEEDS = 0xaa;
  const STEER_ANGLE = 0x25;
  const WHEELS = ["FR", "FL", "RR", "RL"];
  let frames: Map<string, Buffer[]>;
  let decoded: Record<string, string>[];

  beforeAll(async () => {
    const dbc = ["--dbc", join(data, "can/_toyota_2017.dbc")];
    const wanted = [
      ["--topics", "/can/0/WHEEL_SPEEDS,/can/0/STEER_ANGLE_SENSOR", "-o", at("decoded.csv"), ...dbc],
      ["--topics", "/can/0", "-o", at("frames.csv")],
      ["--topics", "/reference/pose", "-o", at("pose.csv")],
    ];
    for (const args of wanted) expect(await runMain("table", drive, ...args)).toMatchObject({ exitCode: 0 });
    decoded = await rowsOf("decoded.csv");
    frames = new Map([WHEEL_SPEEDS, STEER_ANGLE].map((id) => [String(id), []]));
    for (const { id = "", data: hex = "" } of await rowsOf("frames.csv"))
      frames.get(id)?.push(Buffer.from(hex, "hex"));
  });

  /** The rows of a message, by the names of its signals. */
  const rowsOfMessage = (name: string): Record<string, string>[] =>
    decoded
      .filter(({ topic }) => topic === `/can/0/${name}`)
      .map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([key, cell]) => [key.replace(`can/0/${name}.`, ""), cell]),
        ),
      );

  test("has the wheel speeds that its frames say", async () => {
    const rows = rowsOfMessage("WHEEL_SPEEDS");
    const raw = frames.get(String(WHEEL_SPEEDS)) ?? [];
    expect(rows).toHaveLength(raw.length);
    expect(rows.length).toBeGreaterThan(4_000);
    for (const [index, row] of rows.entries()) {
      for (const [place, wheel] of WHEELS.entries()) {
        const bits = (raw[index]?.readUInt16BE(2 * place) ?? 0) & 0x7fff;
        expect(Number(row[`WHEEL_SPEED_${wheel}`])).toBe(bits * 0.01 - 67.67);
      }
    }
  });

  test("has the steering angle that its frames say", async () => {
    const rows = rowsOfMessage("STEER_ANGLE_SENSOR");
    const raw = frames.get(String(STEER_ANGLE)) ?? [];
    expect(rows).toHaveLength(raw.length);
    for (const [index, row] of rows.entries()) {
      const bytes = raw[index] ?? Buffer.alloc(8);
      const angle = ((bytes.readUInt16BE(0) & 0xfff) << 20) >> 20;
      const fraction = ((bytes.readUInt8(4) >> 4) << 28) >> 28;
      expect(Number(row.STEER_ANGLE) + Number(row.STEER_FRACTION)).toBeCloseTo(
        angle * 1.5 + fraction * 0.1,
        9,
      );
    }
  });

  test("has a speed that agrees with the reference to 0.156 m/s", async () => {
    const wheels = rowsOfMessage("WHEEL_SPEEDS").map((row) => {
      const sum = WHEELS.reduce((total, wheel) => total + Number(row[`WHEEL_SPEED_${wheel}`]), 0);
      return { timeS: Number(BigInt(row.time_ns ?? 0) / 1000n) / 1e6, speed: sum / WHEELS.length / 3.6 };
    });
    const poses = (await rowsOf("pose.csv")).map((row) => ({
      timeS: Number(BigInt(row.time_ns ?? 0) / 1000n) / 1e6,
      place: ["x", "y", "z"].map((axis) => Number(row[`pose.position.${axis}`])),
    }));
    let sum = 0;
    let count = 0;
    for (let index = 1; index + 1 < poses.length; index++) {
      const [before, now, after] = poses.slice(index - 1, index + 2) as [
        (typeof poses)[0],
        (typeof poses)[0],
        (typeof poses)[0],
      ];
      const way = Math.hypot(...before.place.map((value, axis) => (after.place[axis] ?? 0) - value));
      const next = wheels.findIndex(({ timeS }) => timeS > now.timeS);
      const [left, right] = [wheels[next - 1], wheels[next]];
      if (left === undefined || right === undefined) continue;
      const share = (now.timeS - left.timeS) / (right.timeS - left.timeS);
      const speed = left.speed + share * (right.speed - left.speed);
      sum += (speed - way / (after.timeS - before.timeS)) ** 2;
      count++;
    }
    expect(count).toBeGreaterThan(1_100);
    expect(Math.sqrt(sum / count)).toBeCloseTo(0.156, 2);
  });
});

describe.skipIf(!existsSync(drive))("the radar of a real drive, point by point", () => {
  test("has what was recorded beside the canonical fields, and they agree", async () => {
    const args = ["--topics", "/radar/front", "--points", "-o", at("radar.csv")];
    expect(await runMain("table", drive, ...args)).toMatchObject({ exitCode: 0 });
    const rows = await rowsOf("radar.csv");
    expect(rows).toHaveLength(10_100);
    expect(Object.keys(rows[0] ?? {})).toEqual([
      ...["time_ns", "frame_id", "stamp_ns", "range", "azimuth", "elevation", "range_rate"],
      ...["x", "y", "z", "track_id"],
    ]);
    for (const { range, azimuth, x, y, track_id } of rows) {
      expect(Number(range) * Math.cos(Number(azimuth))).toBeCloseTo(Number(x), 3);
      expect(Number(range) * Math.sin(Number(azimuth))).toBeCloseTo(Number(y), 3);
      expect(Number.isInteger(Number(track_id))).toBe(true);
    }
  });
});
