import type { ChannelDeclaration } from "@playhead/recording";
import { parse } from "csv-parse/sync";
import { parquetMetadata, parquetReadObjects, parquetSchema } from "hyparquet";
import { describe, expect, test } from "vitest";
import { canEntry } from "../can/can-frame.ts";
import { kindChannel, kindMessage } from "../csv/kinds.ts";
import { foxgloveChannel } from "../foxglove/foxglove-channel.ts";
import { ProtobufWriter } from "../foxglove/protobuf-writer.ts";
import { ItemSource } from "../items/item-source.ts";
import { ProblemList } from "../problem-list.ts";
import { jsonBytes, jsonChannel } from "../ros2/json-channel.ts";
import { POINT_CLOUD, pointCloudMessage } from "../ros2/point-cloud.ts";
import { Ros2Type } from "../ros2/ros2-type.ts";
import { type TableFormat, type TableSummary, writeTable } from "./write-table.ts";

const MORE = `\n${"=".repeat(80)}\nMSG: `;

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
  5_001n,
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
      ["time_ns", "frame_id", "stamp_ns", "acceleration.x", "acceleration.y", "acceleration.z"],
      ["1700000000000000000", "imu", "5001", "1", "-0.1", "9.81"],
      ["1700000000001000000", "imu", "5001", "1", "-0.1", "9.81"],
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

  test("has times of messages as one integer each, ns", async () => {
    const type = new Ros2Type(
      "my_msgs/msg/Timed",
      `builtin_interfaces/Time at\nbuiltin_interfaces/Duration[2] took\nint32 sec${MORE}builtin_interfaces/Time\nint32 sec\nuint32 nanosec${MORE}builtin_interfaces/Duration\nint32 sec\nuint32 nanosec`,
    );
    const took = [
      { sec: 1, nanosec: 2 },
      { sec: -1, nanosec: 0 },
    ];
    const message = type.write({ at: { sec: 1_700_000_000, nanosec: 123_456_789 }, took, sec: 5 });
    expect(await csvRows([[type.channel("/timed"), [message]]])).toEqual([
      ["time_ns", "at_ns", "took_ns[0]", "took_ns[1]", "sec"],
      ["1700000000000000000", "1700000000123456789", "1000000002", "-1000000000", "5"],
    ]);
  });

  test("has the zeros that Protocol Buffers leave out", async () => {
    const transform = new ProtobufWriter().text(3, "lidar").message(4, new ProtobufWriter().double(1, 2));
    const channel = foxgloveChannel({ topic: "/tf" }, "FrameTransforms");
    const rows = await csvRows([[channel, [new ProtobufWriter().message(1, transform).finish()]]]);
    expect(rows[0]?.slice(1)).toEqual([
      ...["parent_frame_id", "child_frame_id", "translation.x", "translation.y", "translation.z"].map(
        (name) => `transforms[0].${name}`,
      ),
    ]);
    expect(rows[1]?.slice(1)).toEqual(["", "lidar", "2", "0", "0"]);
  });

  test("has the columns of a topic together, those of a list in its order", async () => {
    const rows = await csvRows([
      state("/a", { x: 1, l: [1], z: 3 }, { x: 1, y: 2, l: [1, 2], z: 3 }, { w: 0, x: 1 }),
      state("/b", { x: 1 }),
    ]);
    expect(rows[0]).toEqual(["time_ns", "topic", "a.w", "a.x", "a.y", "a.l[0]", "a.l[1]", "a.z", "b.x"]);
  });

  test("has its own columns beside those of a message that have their names", async () => {
    expect(await csvRows([state("/a", { time_ns: 5, x: 1 })])).toEqual([
      ["time_ns", "message.time_ns", "x"],
      ["1700000000000000000", "5", "1"],
    ]);
  });

  test("tells an empty text from nothing", async () => {
    const { bytes } = await written("csv", [state("/a", { t: "", x: 1 }, { x: 2 })]);
    const lines = Buffer.from(bytes).toString().split("\r\n");
    expect(lines.slice(1, 3)).toEqual(['1700000000000000000,"",1', "1700000000001000000,,2"]);
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

  test("goes on behind messages whose values lie too deep inside of others", async () => {
    const deep = `{"x":2,"deep":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
    const messages = [jsonBytes({ x: 1 }), Buffer.from(deep), jsonBytes({ x: 3 })];
    const { summary } = await written("csv", [[jsonChannel("/a", "a", {}), messages]]);
    expect(summary).toMatchObject({ rows: 2, topics: [{ topic: "/a", rows: 2 }] });
    expect(summary.problems).toMatchObject([
      {
        code: "malformed-message",
        message: expect.stringMatching(
          /^drive, \/a, message at 1700000000001000000 ns: deep\[0\].*…: expected values that can be written/,
        ),
      },
    ]);
  });

  test("of too many columns is refused", async () => {
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`c${index}`, index]));
    await expect(written("csv", [state("/wide", wide)])).rejects.toThrow(/at most 4096 columns/);
  });
});

describe("a table of sensors", () => {
  test("has the size of pictures, which JPEG says itself, and pictures that have no canonical form", async () => {
    const raw = Ros2Type.standard("sensor_msgs/msg/Image");
    const header = { stamp: { sec: 1, nanosec: 2 }, frame_id: "cam" };
    const image = (encoding: string, step: number): Uint8Array =>
      raw.write({ header, height: 1, width: 2, encoding, step, is_bigendian: 0, data: new Uint8Array(step) });
    const images: TestChannel = [raw.channel("/raw"), [image("16UC1", 4), image("mono8", 2)]];
    expect((await csvRows([images])).map((row) => row.slice(1))).toEqual([
      ["frame_id", "stamp_ns", "format", "width", "height", "bytes"],
      ["cam", "1000000002", "16UC1", "2", "1", "4"],
      ["cam", "1000000002", "mono8", "2", "1", "2"],
    ]);
    const jpeg = Ros2Type.standard("sensor_msgs/msg/CompressedImage");
    const data = Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 2, 28, 3, 192, 3);
    const messages = [
      jpeg.write({ header, format: "some", data }),
      jpeg.write({ header, format: "h264", data: new Uint8Array(3) }),
    ];
    expect((await csvRows([[jpeg.channel("/jpeg"), messages]])).map((row) => row.slice(3))).toEqual([
      ["format", "width", "height", "bytes"],
      ["jpeg", "960", "540", "12"],
      ["h264", "", "", "3"],
    ]);
  });

  test("has the whole covariance of positions where it is known", async () => {
    const type = Ros2Type.standard("sensor_msgs/msg/NavSatFix");
    const covariance = [4, 0.5, 0.25, 0.5, 4, 0.125, 0.25, 0.125, 9];
    const fix = (position_covariance_type: number): Uint8Array =>
      type.write({
        ...{ latitude: 1, longitude: 2, altitude: 3, position_covariance_type },
        position_covariance: Float64Array.from(covariance),
      });
    const rows = await csvRows([[type.channel("/gps"), [fix(3), fix(0)]]]);
    expect(rows[0]?.slice(3, 10)).toEqual([
      ...["latitude", "longitude", "altitude", "horizontal_deviation", "vertical_deviation", "status"],
      "position_covariance_type",
    ]);
    expect(rows[0]?.slice(10)).toEqual(covariance.map((_, index) => `position_covariance[${index}]`));
    expect(rows.slice(1).map((row) => row.slice(6))).toEqual([
      ["2", "3", "0", "3", ...covariance.map(String)],
      ["", "", "0", "0", ...covariance.map(() => "")],
    ]);
  });
});

/** x, y and z in double precision, in other letters, a ring, and a list. */
const CLOUD_FIELDS = [
  { name: "X", offset: 0, datatype: 8, count: 1 },
  { name: "y", offset: 8, datatype: 7, count: 1 },
  { name: "z", offset: 12, datatype: 7, count: 1 },
  { name: "ring", offset: 16, datatype: 4, count: 1 },
  { name: "tag", offset: 18, datatype: 2, count: 2 },
];
const CLOUD_POINT_BYTES = 20;

function lidar(): TestChannel {
  const data = new Uint8Array(2 * CLOUD_POINT_BYTES);
  const view = new DataView(data.buffer);
  for (const point of [0, 1]) {
    view.setFloat64(point * CLOUD_POINT_BYTES, 691_234.567 + point, true);
    view.setFloat32(point * CLOUD_POINT_BYTES + 8, 0.5, true);
    view.setFloat32(point * CLOUD_POINT_BYTES + 12, Number.NaN, true);
    view.setUint16(point * CLOUD_POINT_BYTES + 16, 31 + point, true);
    view.setUint16(point * CLOUD_POINT_BYTES + 18, 0x0201, true);
  }
  const shape = { width: 2, height: 1, pointBytes: CLOUD_POINT_BYTES };
  const cloud = pointCloudMessage(5n, "lidar", { ...shape, fields: CLOUD_FIELDS, data });
  return [POINT_CLOUD.channel("/lidar"), [cloud]];
}

/** A cloud of `foxglove.PointCloud`, in JSON. */
function foxgloveRadar(...clouds: readonly (readonly number[])[]): TestChannel {
  const names = ["range", "azimuth", "Doppler", "id"];
  const messages = clouds.map((values) => {
    return jsonBytes({
      ...{ timestamp: { sec: 1, nsec: 7 }, frame_id: "radar", point_stride: 16 },
      fields: names.map((name, index) => ({ name, offset: 4 * index, type: 7 })),
      data: Buffer.from(Float32Array.from(values).buffer).toString("base64"),
    });
  });
  return [jsonChannel("/radar", "foxglove.PointCloud", {}), messages];
}

describe("a table of clouds", () => {
  test("has a row for each", async () => {
    expect(await csvRows([lidar()])).toEqual([
      ["time_ns", "frame_id", "stamp_ns", "points"],
      ["1700000000000000000", "lidar", "5", "2"],
    ]);
  });

  test("has a row for each point: its canonical fields, then those recorded, each once and as precise as it was", async () => {
    const rows = await csvRows([lidar()], true);
    expect(rows.map((row) => row.slice(2))).toEqual([
      ["stamp_ns", "x", "y", "ring", "tag[0]", "tag[1]"],
      ["5", "691234.567", "0.5", "31", "1", "2"],
      ["5", "691235.567", "0.5", "32", "1", "2"],
    ]);
  });

  test("has points of radars with what was recorded beside the canonical fields", async () => {
    const rows = await csvRows([foxgloveRadar([10, 0.5, -3, 7], [], [20, 0.25, 4, 8, 30, 1, 5, 9])], true);
    expect(rows.map((row) => row.slice(2))).toEqual([
      ["stamp_ns", "range", "azimuth", "range_rate", "Doppler", "id"],
      ["1000000007", "10", "0.5", "-3", "-3", "7"],
      ["1000000007", "20", "0.25", "4", "4", "8"],
      ["1000000007", "30", "1", "5", "5", "9"],
    ]);
  });

  test("leaves out clouds whose points cannot lie as they say, and says so", async () => {
    const good = { frame_id: "radar", point_stride: 4, data: Buffer.alloc(8).toString("base64") };
    const fields = [{ name: "range", offset: 0, type: 7 }];
    const bad = [
      { fields: [{ name: "range", offset: -4, type: 7 }] },
      { fields: [{ name: "range", offset: -0.5, type: 7 }] },
      { fields: [], point_stride: 0.001 },
    ];
    const messages = [{ fields }, ...bad].map((more) => jsonBytes({ ...good, ...more }));
    const channel: TestChannel = [jsonChannel("/radar", "foxglove.PointCloud", {}), messages];
    const { summary } = await written("csv", [channel], true);
    expect(summary.rows).toBe(2);
    expect(summary.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining("expected it within 4 bytes, found it from byte -4 on; it is left out"),
      expect.stringContaining("expected it within 4 bytes, found it from byte -0.5 on; it is left out"),
      expect.stringContaining("expected 1 × 8000 points of 0.001 bytes"),
    ]);
  });

  test("has points that have no canonical form as they are recorded", async () => {
    const fields = ["a", "b"].map((name, index) => ({ name, offset: 4 * index, datatype: 6, count: 1 }));
    const data = new Uint8Array(Uint32Array.of(4_000_000_000, 2).buffer);
    const cloud = pointCloudMessage(0n, "", { width: 1, height: 1, pointBytes: 8, fields, data });
    const rows = await csvRows([[POINT_CLOUD.channel("/odd"), [cloud]]], true);
    expect(rows.map((row) => row.slice(3))).toEqual([
      ["a", "b"],
      ["4000000000", "2"],
    ]);
  });

  test("has scans in a plane as they are recorded, and their beams as points", async () => {
    const type = Ros2Type.standard("sensor_msgs/msg/LaserScan");
    const scan = type.write({
      header: { stamp: { sec: 0, nanosec: 3 }, frame_id: "scan" },
      ...{ angle_min: -0.5, angle_max: 0.5, angle_increment: 0.5, time_increment: 0, scan_time: 0.5 },
      ...{ range_min: 0.5, range_max: 30, ranges: Float32Array.of(2, 40, 4) },
      intensities: Float32Array.of(7, 8, 9),
    });
    const channel: TestChannel = [type.channel("/scan"), [scan]];
    const [names, row] = await csvRows([channel]);
    expect(names?.slice(1, 6)).toEqual(["frame_id", "stamp_ns", "points", "angle_min", "angle_max"]);
    expect(names?.slice(-3)).toEqual(["intensities[0]", "intensities[1]", "intensities[2]"]);
    expect(row?.slice(1, 6)).toEqual(["scan", "3", "2", "-0.5", "0.5"]);
    const [heading, ...beams] = await csvRows([channel], true);
    expect(heading?.slice(3)).toEqual(["x", "y", "z", "intensity", "range", "angle"]);
    expect(beams.map((beam) => beam.slice(6))).toEqual([
      ["7", "2", "-0.5"],
      ["9", "4", "0.5"],
    ]);
    const foxglove = jsonBytes({
      ...{ timestamp: { sec: 0, nsec: 3 }, frame_id: "scan", start_angle: 0, end_angle: 1 },
      ...{ ranges: [1, null, 3], intensities: [5, 6, 7] },
    });
    const other: TestChannel = [jsonChannel("/scan", "foxglove.LaserScan", {}), [foxglove]];
    expect((await csvRows([other], true)).map((beam) => beam.slice(6))).toEqual([
      ["intensity", "range", "angle"],
      ["5", "1", "0"],
      ["7", "3", "1"],
    ]);
  });

  test("goes on behind clouds that claim more points than there are", async () => {
    const [channel, [good]] = lidar();
    const broken = pointCloudMessage(0n, "", {
      ...{ width: 1_000_000, height: 1, pointBytes: CLOUD_POINT_BYTES },
      ...{ fields: CLOUD_FIELDS, data: new Uint8Array(CLOUD_POINT_BYTES) },
    });
    const { summary } = await written("csv", [[channel, [broken, good as Uint8Array]]], true);
    expect(summary).toMatchObject({ rows: 2, problems: [{ code: "malformed-message" }] });
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

  test("has integers where the definition has them, of whatever they are in one recording", async () => {
    const type = new Ros2Type("my_msgs/msg/Mixed", "uint8 level\nfloat32 whole\nint64[] list\nuint8[] data");
    const message = { level: 3, whole: 3, list: BigInt64Array.of(1n), data: new Uint8Array(2) };
    const { bytes } = await written("parquet", [[type.channel("/m"), [type.write(message)]], lidar()], true);
    const types = parquetSchema(parquetMetadata(fileOf(bytes))).children.map(({ element }) => {
      return [element.name, element.type];
    });
    expect(Object.fromEntries(types)).toMatchObject({
      ...{ "m.level": "INT64", "m.whole": "DOUBLE", "m.list[0]": "INT64", "m.data.length": "INT64" },
      ...{ "lidar.stamp_ns": "INT64", "lidar.ring": "INT64", "lidar.x": "DOUBLE" },
    });
    const [first] = await parquetReadObjects({ file: fileOf(bytes) });
    expect(first).toMatchObject({ "m.level": 3n, "m.whole": 3, "m.list[0]": 1n, "m.data.length": 2n });
  });

  test("tells 0 from −0, as CSV does", async () => {
    const type = new Ros2Type("my_msgs/msg/Signed", "float64 x");
    const values = [0, -0, 0, -0, 1, 1, 1, 1, 1, 1];
    const channel: TestChannel = [type.channel("/s"), values.map((x) => type.write({ x }))];
    const { bytes } = await written("parquet", [channel]);
    const rows = await parquetReadObjects({ file: fileOf(bytes), columns: ["x"] });
    expect(rows.map(({ x }) => x)).toEqual(values);
    expect((await csvRows([channel])).slice(1, 3).map(([, x]) => x)).toEqual(["0", "-0"]);
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
