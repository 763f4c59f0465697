import type { ChannelDeclaration } from "@playhead/recording";
import { parse } from "csv-parse/sync";
import { parquetMetadata, parquetReadObjects, parquetSchema } from "hyparquet";
import { describe, expect, test } from "vitest";
import { canEntry } from "../can/can-frame.ts";
import { kindChannel, kindMessage } from "../csv/kinds.ts";
import { ItemSource } from "../items/item-source.ts";
import { ProblemList } from "../problem-list.ts";
import { jsonBytes, jsonChannel } from "../ros2/json-channel.ts";
import { POINT_CLOUD, pointCloudMessage } from "../ros2/point-cloud.ts";
import { Ros2Type } from "../ros2/ros2-type.ts";
import { type TableFormat, type TableSummary, writeTable } from "./write-table.ts";

/** A channel and its messages, each 1 ms behind the one before. */
type TestChannel = readonly [channel: ChannelDeclaration, messages: readonly Uint8Array[]];

async function written(
  format: TableFormat,
  channels: readonly TestChannel[],
  points = false,
): Promise<{ bytes: Uint8Array; summary: TableSummary }> {
  const items = channels.flatMap(([, messages], channel) =>
    messages.map((data, index) => {
      const timeNs = 1_700_000_000_000_000_000n + BigInt(index) * 1_000_000n + BigInt(channel);
      return { channel, timeNs, where: "", read: () => Promise.resolve(data) };
    }),
  );
  const source = new ItemSource(items, {
    ...{ name: "drive", format: "test", problems: new ProblemList() },
    channels: channels.map(([channel]) => channel),
  });
  const parts: Uint8Array[] = [];
  const append = async (bytes: Uint8Array): Promise<void> => void parts.push(bytes);
  const summary = await writeTable(source, append, { format, points });
  return { bytes: Buffer.concat(parts), summary };
}

async function csvRows(channels: readonly TestChannel[], points?: boolean): Promise<string[][]> {
  const { bytes } = await written("csv", channels, points);
  return parse(Buffer.from(bytes));
}

/** The bytes as a file of their own, as readers of Parquet want them. */
function fileOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

const IMU = kindMessage(
  "imu",
  { "acceleration.x": 1, "acceleration.y": -0.1, "acceleration.z": 9.81 },
  5_000n,
  "imu",
);
const imu: TestChannel = [kindChannel("imu", "/imu", [], {}), [IMU, IMU]];

const state = (topic: string, ...values: readonly object[]): TestChannel => [
  jsonChannel(topic, "state", {}),
  values.map(jsonBytes),
];

describe("a table", () => {
  test("of one sensor has the fields of its canonical payload; what is not known is empty", async () => {
    expect(await csvRows([imu])).toEqual([
      ["time_ns", "frame_id", "stamp_us", "acceleration.x", "acceleration.y", "acceleration.z"],
      ["1700000000000000000", "imu", "5", "1", "-0.1", "9.81"],
      ["1700000000001000000", "imu", "5", "1", "-0.1", "9.81"],
    ]);
  });

  test("of several topics names the topic of each row, in order of time", async () => {
    const rows = await csvRows([state("/a", { x: 1 }, { x: 2 }), state("/b", { x: 'one, "two"\n' })]);
    expect(rows).toEqual([
      ["time_ns", "topic", "a.x", "b.x"],
      ["1700000000000000000", "/a", "1", ""],
      ["1700000000000000001", "/b", "", 'one, "two"\n'],
      ["1700000000001000000", "/a", "2", ""],
    ]);
  });

  test("has a column for each value of short lists, and long ones as JSON", async () => {
    const long = Array.from({ length: 17 }, (_, index) => index);
    const rows = await csvRows([state("/a", { s: [1, { y: [true] }], l: [1] }, { s: [], l: long, n: null })]);
    expect(rows).toEqual([
      ["time_ns", "s[0]", "s[1].y[0]", "l"],
      ["1700000000000000000", "1", "true", "[1]"],
      ["1700000000001000000", "", "", JSON.stringify(long)],
    ]);
  });

  test("has messages of other types by their definition: times, 64-bit integers, bytes", async () => {
    const type = new Ros2Type(
      "my_msgs/msg/Odd",
      "uint64 big\nint64[2] pair\nuint8[] bytes\nbool ok\nfloat32 f",
    );
    const write = (bytes: number): Uint8Array =>
      type.write({
        big: 2n ** 64n - 1n,
        pair: BigInt64Array.of(-(2n ** 63n), 1n),
        bytes: new Uint8Array(bytes),
        ok: true,
        f: 0.5,
      });
    expect(await csvRows([[type.channel("/odd"), [write(2), write(65)]]])).toEqual([
      ["time_ns", "big", "pair[0]", "pair[1]", "bytes", "bytes.length", "ok", "f"],
      [
        "1700000000000000000",
        "18446744073709551615",
        "-9223372036854775808",
        "1",
        "0000",
        "2",
        "true",
        "0.5",
      ],
      ["1700000000001000000", "18446744073709551615", "-9223372036854775808", "1", "", "65", "true", "0.5"],
    ]);
  });

  test("has a row for each cloud, or for each of its points", async () => {
    const fields = ["x", "y", "z"].map((name, index) => ({ name, offset: 4 * index, datatype: 7, count: 1 }));
    const data = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);
    const cloud = pointCloudMessage(0n, "lidar", { width: 2, height: 1, fields, pointBytes: 12, data });
    const channel: TestChannel = [POINT_CLOUD.channel("/lidar"), [cloud]];
    expect((await csvRows([channel]))[1]?.slice(1)).toEqual(["lidar", "0", "2"]);
    const rows = await csvRows([channel], true);
    expect(rows.map((row) => row.slice(3))).toEqual([
      ["x", "y", "z"],
      ["1", "2", "3"],
      ["4", "5", "6"],
    ]);
  });

  test("has CAN frames with their data", async () => {
    const entry = canEntry({
      timeNs: 0n,
      bus: "1",
      id: 0x12,
      isExtended: false,
      length: 2,
      data: Uint8Array.of(1, 255),
    });
    const rows = await csvRows([[entry.declare(), [entry.write()]]]);
    expect(rows[0]?.slice(3)).toEqual(["id", "extended", "remote", "error", "fd", "length", "data"]);
    expect(rows[1]?.slice(3)).toEqual(["18", "false", "false", "false", "false", "2", "01ff"]);
  });

  test("goes on behind messages that are not what they should be", async () => {
    const broken: TestChannel = [
      jsonChannel("/a", "a", {}),
      [jsonBytes({ x: 1 }), Buffer.from("{"), jsonBytes({ x: 3 })],
    ];
    const { summary } = await written("csv", [broken]);
    expect(summary).toMatchObject({ rows: 2, topics: [{ topic: "/a", rows: 2 }] });
    expect(summary.problems).toMatchObject([
      {
        code: "malformed-message",
        message: expect.stringMatching(/^drive, \/a, message at 1700000000001000000 ns/),
      },
    ]);
  });

  test("of too many columns is refused", async () => {
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`c${index}`, index]));
    await expect(written("csv", [state("/wide", wide)])).rejects.toThrow(/at most 4096 columns/);
  });
});

describe("Parquet", () => {
  test("reads back with its types: exact times, numbers, texts, nothing where nothing is", async () => {
    const { bytes } = await written("parquet", [
      imu,
      state("/s", { ok: true, n: 0.1, t: "ä", mixed: 1 }, { mixed: "x" }),
    ]);
    const file = fileOf(bytes);
    const types = parquetSchema(parquetMetadata(file)).children.map(({ element }) => [
      element.name,
      element.type,
    ]);
    expect(types).toContainEqual(["time_ns", "INT64"]);
    expect(types).toContainEqual(["imu.acceleration.x", "DOUBLE"]);
    expect(types).toContainEqual(["s.ok", "BOOLEAN"]);
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatchObject({
      time_ns: 1_700_000_000_000_000_000n,
      topic: "/imu",
      "imu.acceleration.y": -0.1,
      "s.ok": null,
    });
    expect(rows[1]).toMatchObject({
      topic: "/s",
      "s.ok": true,
      "s.n": 0.1,
      "s.t": "ä",
      "s.mixed": "1",
      "imu.frame_id": null,
    });
    expect(rows[3]).toMatchObject({ time_ns: 1_700_000_000_001_000_001n, "s.mixed": "x", "s.n": null });
  });

  test("is written group by group, so memory does not follow the file", async () => {
    const values = Array.from({ length: 20 }, (_, index) => ({ index, text: `${index} `.repeat(800_000) }));
    const { bytes } = await written("parquet", [state("/many", ...values)]);
    const metadata = parquetMetadata(fileOf(bytes));
    expect(metadata.row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([11, 7, 2]);
    const rows = await parquetReadObjects({ file: fileOf(bytes), columns: ["index"] });
    expect(rows).toEqual(values.map(({ index }) => ({ index })));
  });

  test("of nothing is a file too", async () => {
    const { bytes } = await written("parquet", [state("/none")]);
    expect(await parquetReadObjects({ file: fileOf(bytes) })).toEqual([]);
  });
});
