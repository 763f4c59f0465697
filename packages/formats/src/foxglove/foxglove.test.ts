import { createMessageConverter } from "@playhead/recording";
import protobuf from "protobufjs";
import { describe, expect, test } from "vitest";
import type { MessageSource, SourceMessage } from "../source.ts";
import { type FoxgloveSchema, foxgloveDefinition } from "./foxglove-schemas.ts";
import { inFoxgloveSchemas } from "./foxglove-source.ts";
import { official, rootOf, SCHEMAS } from "./official.case.ts";

/** What a reader makes of the definition in a file. */
function written(schema: FoxgloveSchema): protobuf.Root {
  return rootOf(foxgloveDefinition(schema));
}

function messageTypes(root: protobuf.NamespaceBase): protobuf.Type[] {
  return root.nestedArray.flatMap((found) => {
    if (found instanceof protobuf.Type) return [found, ...messageTypes(found)];
    return found instanceof protobuf.Namespace ? messageTypes(found) : [];
  });
}

describe.each(SCHEMAS)("the definition of %s", (schema) => {
  test("says of every field and value what Foxglove's says", () => {
    const theirs = official();
    const types = messageTypes(written(schema));
    expect(types.map(({ fullName }) => fullName)).toContain(`.foxglove.${schema}`);
    for (const type of types) {
      const reference = theirs.lookupType(type.fullName);
      for (const { name, id, type: own, repeated, resolvedType } of type.fieldsArray) {
        const field = reference.fields[name];
        expect([name, field?.id, field?.repeated]).toEqual([name, id, repeated]);
        expect(field?.resolvedType?.fullName ?? field?.type).toBe(resolvedType?.fullName ?? own);
        if (resolvedType instanceof protobuf.Enum)
          expect(resolvedType.values).toEqual(theirs.lookupEnum(resolvedType.fullName).values);
      }
    }
  });
});

const header = { sec: 1700000000, nsec: 123456789 };
const metadata = '{"frame_id":"front","stamp_us":1700000000123456}';
const timestamp = { seconds: 1700000000, nanos: 123456789 };

/** A recording with one channel. */
function recordingOf(channel: MessageSource["channels"][number], data: readonly Uint8Array[]): MessageSource {
  const messages = data.map((bytes, index): SourceMessage => {
    return { channel: 0, logTimeNs: BigInt(index), publishTimeNs: 5n, data: bytes };
  });
  return {
    ...{ name: "some", format: "a test", channels: [channel], metadata: {}, problems: [] },
    async *messages() {
      yield messages;
    },
    close: () => Promise.resolve(),
  };
}

const HEADER = "std_msgs/Header header\n";
const MORE = `\n${"=".repeat(80)}\nMSG: `;
const HEADER_TYPE = `${MORE}std_msgs/Header\nuint32 seq\ntime stamp\nstring frame_id`;

/** Values as ROS 1 has them: without any gap, little-endian. */
function ros1(
  ...values: readonly (
    | number
    | string
    | Uint8Array
    | readonly ["u32" | "u8" | "i8" | "u16" | "f64", number]
  )[]
): Uint8Array {
  return Buffer.concat(
    values.map((value) => {
      if (value instanceof Uint8Array) return value;
      if (typeof value === "number") return new Uint8Array(Uint32Array.of(value).buffer);
      if (typeof value === "string") return Buffer.concat([ros1(value.length), Buffer.from(value)]);
      const [type, number] = value;
      if (type === "u32") return ros1(number);
      if (type === "u16") return new Uint8Array(Uint16Array.of(number).buffer);
      if (type === "f64") return new Uint8Array(Float64Array.of(number).buffer);
      return Uint8Array.of(number & 255);
    }),
  );
}

const ros1Header = ros1(3, header.sec, header.nsec, "front");

function channelOf(type: string, definition: string, topic = "/sensor") {
  const data = new TextEncoder().encode(`${HEADER}${definition}${HEADER_TYPE}`);
  return {
    ...{ topic, messageEncoding: "ros1", metadata: { "playhead.role": "input" } },
    schema: { name: type, encoding: "ros1msg", data },
  };
}

/** Converts messages of a channel; gives the channel, the messages and the problems. */
async function convertedAll(channel: ReturnType<typeof channelOf>, data: readonly Uint8Array[]) {
  const source = await inFoxgloveSchemas(recordingOf(channel, data));
  const messages: SourceMessage[] = [];
  for await (const batch of source.messages()) messages.push(...batch);
  const [out] = source.channels;
  if (out?.schema === undefined) throw new Error("expected a schema");
  const { schema } = out;
  const type = out.messageEncoding === "protobuf" ? rootOf(schema.data).lookupType(schema.name) : undefined;
  const decoded = messages.map((message) =>
    type?.toObject(type.decode(message.data), { longs: Number, enums: String, defaults: true }),
  );
  return { out, messages, decoded, problems: source.problems };
}

/** Converts a message; gives what the reference reads of it. Both payloads are the same where it has one. */
async function converted(channel: ReturnType<typeof channelOf>, data: Uint8Array) {
  const { out, messages, decoded, problems } = await convertedAll(channel, [data]);
  const [message] = messages;
  if (message === undefined) throw new Error(problems.map((problem) => problem.message).join());
  expect(problems).toEqual([]);
  expect(out).toMatchObject({
    topic: channel.topic,
    messageEncoding: "protobuf",
    metadata: { "playhead.role": "input" },
  });
  const before = createMessageConverter(channel, data);
  const after = createMessageConverter(out, message.data);
  if (after.kind !== "other") {
    expect(after.kind).toBe(before.kind);
    expect(after.metadata(message.data)).toBe(metadata);
    expect(after.convert(message.data)).toEqual(before.convert(data));
  }
  expect(decoded[0]).toMatchObject({ timestamp, frame_id: "front" });
  return { schema: out.schema?.name, decoded: decoded[0] ?? {} };
}

/** What becomes of a channel that none of the schemas fits: nothing, and that is said. */
async function expectPassedOn(channel: ReturnType<typeof channelOf>, data: Uint8Array, reason: RegExp) {
  const { out, messages, problems } = await convertedAll(channel, [data, data]);
  expect(out).toEqual(channel);
  expect(messages.map((message) => message.data)).toEqual([data, data]);
  expect(problems).toMatchObject([{ code: "not-converted", message: expect.stringMatching(reason) }]);
  expect(problems[0]?.message).toMatch(/^\/sensor: .*; its messages are written as they are$/);
}

const COMPRESSED = channelOf("sensor_msgs/CompressedImage", "string format\nuint8[] data");
const compressed = (format: string, ...data: number[]): Uint8Array =>
  ros1(ros1Header, format, data.length, Uint8Array.from(data));
const JPEG = [0xff, 0xd8, 0xff, 1, 2];

describe("compressed images", () => {
  test("are what their bytes are, whatever they say", async () => {
    const { schema, decoded } = await converted(COMPRESSED, compressed("whatever", ...JPEG));
    expect(schema).toBe("foxglove.CompressedImage");
    expect(decoded).toMatchObject({ format: "jpeg", data: Uint8Array.from(JPEG) });
    const found = await convertedAll(COMPRESSED, [compressed("jpeg", ...Buffer.from("RIFF....WEBP"))]);
    expect(found.decoded).toMatchObject([{ format: "webp" }]);
  });

  // A sequence parameter set, a picture parameter set, and a picture of two slices.
  const SPS = [0, 0, 0, 1, 0x67, 9, 9];
  const SLICES = [0, 0, 1, 0x65, 0x88, 5, 0, 0, 1, 0x65, 0x40, 5];
  const H264 = [...SPS, 0, 0, 1, 0x68, 9, ...SLICES];

  test("that are pictures of a video become one", async () => {
    const { out, decoded, problems } = await convertedAll(COMPRESSED, [compressed("H.264", ...H264)]);
    expect(out.schema?.name).toBe("foxglove.CompressedVideo");
    expect(decoded).toMatchObject([
      { timestamp, frame_id: "front", format: "h264", data: Uint8Array.from(H264) },
    ]);
    expect(problems).toEqual([]);
    const h265 = [0, 0, 1, 0x42, 1, 9, 0, 0, 1, 0x26, 1, 0x80];
    const other = await convertedAll(COMPRESSED, [compressed("hevc", ...h265)]);
    expect(other.decoded).toMatchObject([{ format: "h265" }]);
  });

  test.each([
    ["of two pictures", "h264", [...H264, ...SLICES]],
    ["that start anew without parameters", "h264", SLICES],
    ["with lengths for start codes", "h264", [0, 0, 0, 4, 0x65, 0x88, 1, 1]],
    ["of an unknown format", "theora", H264],
    ["of depths behind a header", "16UC1; compressedDepth png", [0, 0, 0, 0, 0x89, 0x50, 0x4e, 0x47]],
    ["of nothing", "jpeg", []],
  ])("%s stay as they are", async (_, format, data) => {
    await expectPassedOn(COMPRESSED, compressed(format, ...data), /expected a JPEG, PNG, .* found .*format/);
  });

  test("that are something else among pictures are written all the same", async () => {
    const good = compressed("jpeg", ...JPEG);
    const found = await convertedAll(COMPRESSED, [good, compressed("h264", 1, 2), good]);
    expect(found.decoded).toMatchObject([{ format: "jpeg" }, { format: "h264" }, { format: "jpeg" }]);
    expect(found.problems).toMatchObject([
      {
        ...{ code: "not-converted", sensor: "/sensor" },
        message: expect.stringMatching(/at 1 ns: .*found 01 02 .*; it is written all the same/),
      },
    ]);
  });

  test("that are damaged are left out, and that is said; the first may be one", async () => {
    const good = compressed("jpeg", ...JPEG);
    const found = await convertedAll(COMPRESSED, [good.subarray(0, 30), good, good.subarray(0, 30), good]);
    expect(found.decoded).toMatchObject([{ format: "jpeg" }, { format: "jpeg" }]);
    expect(found.problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^\/sensor, message at 0 ns: .*; it is left out$/),
      expect.stringMatching(/^\/sensor, message at 2 ns: .*; it is left out$/),
    ]);
  });
});

describe("raw images", () => {
  const text = "uint32 height\nuint32 width\nstring encoding\nuint8 is_bigendian\nuint32 step\nuint8[] data";
  const channel = channelOf("sensor_msgs/Image", text);
  const pixels = Uint8Array.from({ length: 16 }, (_, index) => index);
  const picture = (encoding: string, isBigEndian = 0): Uint8Array =>
    ros1(ros1Header, 2, 2, encoding, ["u8", isBigEndian], 8, 16, pixels);

  test.each(["rgb8", "16UC1", "mono16", "32FC1", "bayer_rggb8", "yuv422_yuy2"])("in %s", async (encoding) => {
    const { decoded } = await converted(channel, picture(encoding));
    expect(decoded).toMatchObject({ width: 2, height: 2, step: 8, encoding, data: pixels });
  });

  test.each([
    ["mono8", 1],
    ["bayer_rggb8", 1],
    ["16UC1", 2],
    ["mono16", 2],
    ["32FC1", 4],
  ])("in %s of the other order of bytes", async (encoding, bytes) => {
    const { decoded } = await converted(channel, picture(encoding, 1));
    const turned = Uint8Array.from(pixels, (value) => value ^ (bytes - 1));
    expect(decoded).toMatchObject({ encoding, data: turned });
  });

  test("in an encoding that the schema lacks stay as they are", async () => {
    await expectPassedOn(channel, picture("bayer_rggb16"), /found "bayer_rggb16"/);
  });
});

const CLOUD = `uint32 height\nuint32 width\nsensor_msgs/PointField[] fields\nbool is_bigendian\nuint32 point_step\nuint32 row_step\nuint8[] data\nbool is_dense${MORE}sensor_msgs/PointField\nstring name\nuint32 offset\nuint8 datatype\nuint32 count`;
const POINTS = channelOf("sensor_msgs/PointCloud2", CLOUD);

/** Name, offset, datatype and count. */
type GivenField = readonly [name: string, offset: number, datatype: number, count?: number];

interface GivenCloud {
  readonly fields: readonly GivenField[];
  readonly data: Uint8Array;
  readonly pointBytes: number;
  readonly width: number;
  readonly height?: number;
  readonly rowBytes?: number;
  readonly isBigEndian?: boolean;
}

function cloud({ fields, data, pointBytes, width, height = 1, rowBytes, isBigEndian = false }: GivenCloud) {
  const list = fields.map(([name, offset, datatype, count = 1]) =>
    ros1(name, offset, ["u8", datatype], count),
  );
  return ros1(
    ...[ros1Header, height, width, list.length, ...list, ["u8", isBigEndian ? 1 : 0] as const],
    ...[pointBytes, rowBytes ?? pointBytes * width, data.length, data, ["u8", 1] as const],
  );
}

/** Of float32. */
function floatCloud(names: readonly string[], values: readonly number[]): Uint8Array {
  return cloud({
    fields: names.map((name, index) => [name, 4 * index, 7]),
    data: new Uint8Array(Float32Array.from(values).buffer),
    pointBytes: 4 * names.length,
    width: values.length / names.length,
  });
}

interface DecodedCloud {
  readonly point_stride: number;
  readonly fields: readonly { readonly name: string; readonly offset?: number; readonly type: string }[];
  readonly data: Uint8Array;
}

async function convertedCloud(message: Uint8Array, channel = POINTS): Promise<DecodedCloud> {
  const { decoded } = await converted(channel, message);
  return { ...decoded, data: Uint8Array.from(decoded.data as Uint8Array) } as unknown as DecodedCloud;
}

describe("clouds", () => {
  test("have all that was recorded of each point, in the same bytes", async () => {
    const data = Uint8Array.from({ length: 2 * 30 }, (_, index) => index);
    const fields: GivenField[] = [
      ["x", 0, 7],
      ["y", 4, 7],
      ["z", 8, 7],
      ["ring", 12, 4],
      ["time", 14, 8],
      ["tag", 22, 2, 2],
      ["signed", 24, 1],
    ];
    const found = await convertedCloud(cloud({ fields, data, pointBytes: 30, width: 2 }));
    expect(found).toMatchObject({ point_stride: 30, pose: { orientation: { w: 1 } }, data });
    expect(found.fields.map(({ name, offset, type }) => [name, offset, type])).toEqual([
      ["x", 0, "FLOAT32"],
      ["y", 4, "FLOAT32"],
      ["z", 8, "FLOAT32"],
      ["ring", 12, "UINT16"],
      ["time", 14, "FLOAT64"],
      ["tag[0]", 22, "UINT8"],
      ["tag[1]", 23, "UINT8"],
      ["signed", 24, "INT8"],
    ]);
  });

  test("lie without gaps between rows, little-endian", async () => {
    const fields: GivenField[] = [
      ["X", 0, 7],
      ["y", 4, 7],
      ["z", 8, 7],
      ["ring", 12, 4],
    ];
    const pointBytes = 14;
    const rowBytes = 2 * pointBytes + 6;
    const data = new Uint8Array(2 * rowBytes);
    const view = new DataView(data.buffer);
    for (let point = 0; point < 4; point++) {
      const start = Math.floor(point / 2) * rowBytes + (point % 2) * pointBytes;
      for (let axis = 0; axis < 3; axis++) view.setFloat32(start + 4 * axis, 10 * point + axis, false);
      view.setUint16(start + 12, point, false);
    }
    const message = cloud({
      ...{ fields, data, pointBytes, rowBytes },
      width: 2,
      height: 2,
      isBigEndian: true,
    });
    const found = await convertedCloud(message);
    expect(found.fields.map(({ name }) => name)).toEqual(["x", "y", "z", "ring"]);
    expect(found.data).toHaveLength(4 * pointBytes);
    const points = new DataView(found.data.buffer);
    for (let point = 0; point < 4; point++) {
      expect(points.getFloat32(point * pointBytes + 8, true)).toBe(10 * point + 2);
      expect(points.getUint16(point * pointBytes + 12, true)).toBe(point);
    }
  });

  test("of radars with x and y stay as they are recorded", async () => {
    const found = await convertedCloud(floatCloud(["x", "y", "range_rate", "track_id"], [10, 1, -3, 7]));
    expect(found.fields.map(({ name }) => name)).toEqual(["x", "y", "range_rate", "track_id"]);
  });

  test("of radars with a range and angles have x, y and z for those who look", async () => {
    const names = ["range", "azimuth", "elevation", "range_rate"];
    const values = [10, 0, 0, -3, 10, Math.PI / 2, Number.NaN, 4];
    const found = await convertedCloud(floatCloud(names, values));
    expect(found.fields.map(({ name }) => name)).toEqual([...names, "x", "y", "z"]);
    const points = new Float32Array(found.data.buffer);
    expect(points).toHaveLength(14);
    expect(points[3]).toBe(-3);
    for (const [index, value] of [10, 0, 0].entries()) expect(points[4 + index]).toBeCloseTo(value, 5);
    for (const [index, value] of [0, 10, 0].entries()) expect(points[11 + index]).toBeCloseTo(value, 5);
  });

  test("of no points are clouds too", async () => {
    expect(await convertedCloud(floatCloud(["x", "y", "z"], []))).toMatchObject({ data: new Uint8Array(0) });
  });

  test("without places stay as they are", async () => {
    await expectPassedOn(POINTS, floatCloud(["a", "b"], [1, 2]), /point field x, found a, b/);
  });

  test("that claim more than there is are left out", async () => {
    const good = floatCloud(["x", "y", "z"], [1, 2, 3]);
    const broken = cloud({ fields: [["x", 0, 7]], data: new Uint8Array(4), pointBytes: 4, width: 1_000_000 });
    const found = await convertedAll(POINTS, [good, broken]);
    expect(found.messages).toHaveLength(1);
    expect(found.problems).toMatchObject([
      { message: expect.stringMatching(/1000000 points.*; it is left out/) },
    ]);
  });
});

test("scans of a laser have their last angle, and no distances outside of their limits", async () => {
  const numbers = [
    "angle_min",
    "angle_max",
    "angle_increment",
    "time_increment",
    "scan_time",
    "range_min",
    "range_max",
  ];
  const text = `${numbers.map((name) => `float32 ${name}`).join("\n")}\nfloat32[] ranges\nfloat32[] intensities`;
  const floats = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
  const ranges = [2, 0.25, Number.POSITIVE_INFINITY, 8, 8.5];
  const scan = [floats(-0.5, 9, 0.25, 0, 0.1, 0.5, 8), 5, floats(...ranges), 5, floats(1, 2, 3, 4, 5)];
  const channel = channelOf("sensor_msgs/LaserScan", text);
  const { schema, decoded } = await converted(channel, ros1(ros1Header, ...scan));
  expect(schema).toBe("foxglove.LaserScan");
  const none = Number.NaN;
  expect(decoded).toMatchObject({
    ...{ start_angle: -0.5, end_angle: 0.5, ranges: [2, none, none, 8, none], intensities: [1, 2, 3, 4, 5] },
    pose: { position: { x: 0, y: 0, z: 0 }, orientation: { x: 0, y: 0, z: 0, w: 1 } },
  });
  const empty = await convertedAll(channel, [ros1(ros1Header, floats(0, 1, 1, 0, 0, 0, 1), 0, 0)]);
  expect(empty.decoded).toMatchObject([{ start_angle: 0, end_angle: 0, ranges: [], intensities: [] }]);
});

describe("positions", () => {
  const text = `sensor_msgs/NavSatStatus status\nfloat64 latitude\nfloat64 longitude\nfloat64 altitude\nfloat64[9] position_covariance\nuint8 position_covariance_type${MORE}sensor_msgs/NavSatStatus\nint8 status\nuint16 service`;
  const channel = channelOf("sensor_msgs/NavSatFix", text);

  test.each([
    [0, "UNKNOWN"],
    [1, "APPROXIMATED"],
    [2, "DIAGONAL_KNOWN"],
    [3, "KNOWN"],
  ])("have their whole covariance, of type %i", async (type, name) => {
    const covariance = [4, 0.5, 0.25, 0.5, 5, 0.125, 0.25, 0.125, 9];
    const numbers = [37.5, -122.25, 12.5, ...covariance].map((value) => ["f64", value] as const);
    const data = ros1(ros1Header, ["i8", 0], ["u16", 5], ...numbers, ["u8", type]);
    const { decoded } = await converted(channel, data);
    expect(decoded).toMatchObject({
      ...{ latitude: 37.5, longitude: -122.25, altitude: 12.5 },
      ...{ position_covariance: covariance, position_covariance_type: name },
      metadata: [
        { key: "status", value: "0" },
        { key: "service", value: "5" },
      ],
    });
  });
});

describe("channels", () => {
  test("without a schema, and with one of these already, are passed on as they are", async () => {
    for (const [name, messageEncoding] of [
      ["sensor_msgs/Imu", "ros1"],
      ["foxglove.RawImage", "protobuf"],
      ["anything", "json"],
    ] as const) {
      const channel = {
        topic: "/t",
        messageEncoding,
        schema: { name, encoding: "", data: new Uint8Array(1) },
      };
      const source = await inFoxgloveSchemas(recordingOf(channel, [Uint8Array.of(1, 2)]));
      expect(source.channels).toEqual([channel]);
      for await (const [message] of source.messages()) expect(message?.data).toEqual(Uint8Array.of(1, 2));
    }
  });

  test("whose definition cannot be used stay as they are", async () => {
    const channel = channelOf("sensor_msgs/CompressedImage", "Unknown what\n");
    await expectPassedOn(channel, compressed("jpeg", ...JPEG), /./);
    const schema = { ...channel.schema, encoding: "none" };
    await expectPassedOn({ ...channel, schema }, compressed("jpeg", ...JPEG), /expected a definition/);
  });

  test("without messages are what channels of their type usually become", async () => {
    const source = await inFoxgloveSchemas(recordingOf(COMPRESSED, []));
    expect(source.channels).toMatchObject([{ schema: { name: "foxglove.CompressedImage" } }]);
    expect(source.problems).toEqual([]);
  });
});
