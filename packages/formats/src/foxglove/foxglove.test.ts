import { foxgloveEnumSchemas, foxgloveMessageSchemas, generateProto } from "@foxglove/schemas/internal.js";
import { createMessageConverter, MalformedMessage } from "@playhead/recording";
import protobuf from "protobufjs";
import "protobufjs/ext/descriptor.js";
import { describe, expect, test } from "vitest";
import type { MessageSource, SourceMessage } from "../source.ts";
import { type FoxgloveSchema, foxgloveDefinition } from "./foxglove-schemas.ts";
import { inFoxgloveSchemas } from "./foxglove-source.ts";

const SCHEMAS: readonly FoxgloveSchema[] = ["CompressedImage", "RawImage", "PointCloud", "LocationFix"];
const NEEDED = ["PackedElementField", "Pose", "Vector3", "Quaternion", "Color", "KeyValuePair"] as const;

/** Foxglove's own definitions, read by the reference implementation. */
function official(): protobuf.Root {
  const root = new protobuf.Root();
  root.addJSON(protobuf.common.get("google/protobuf/timestamp.proto")?.nested ?? {});
  for (const name of [...SCHEMAS, ...NEEDED]) {
    const enums = Object.values(foxgloveEnumSchemas).filter((schema) => schema.parentSchemaName === name);
    protobuf.parse(generateProto(foxgloveMessageSchemas[name], enums), root, { keepCase: true });
  }
  root.resolveAll();
  return root;
}

/** What a reader makes of the definition in a file. */
function written(schema: FoxgloveSchema): protobuf.Root {
  return rootOf(foxgloveDefinition(schema));
}

function rootOf(definition: Uint8Array): protobuf.Root {
  const root = protobuf.Root.fromDescriptor(definition, { keepCase: true });
  root.resolveAll();
  return root;
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

const header = { sec: 1700000000, nsec: 123456000 };
const metadata = '{"frame_id":"front","stamp_us":1700000000123456}';
const timestamp = { seconds: 1700000000, nanos: 123456000 };

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
    ...{ topic, messageEncoding: "ros1", metadata: { "mount.x": "1" } },
    schema: { name: type, encoding: "ros1msg", data },
  };
}

/** Converts a message; gives what the reference reads of it, and both payloads. */
async function converted(channel: ReturnType<typeof channelOf>, data: Uint8Array) {
  const source = inFoxgloveSchemas(recordingOf(channel, [data]));
  const [out] = source.channels;
  if (out?.schema === undefined) throw new Error("expected a schema");
  const found: SourceMessage[] = [];
  for await (const batch of source.messages()) found.push(...batch);
  const [message] = found;
  if (message === undefined) throw new Error(source.problems.map((problem) => problem.message).join());
  const type = rootOf(out.schema.data).lookupType(out.schema.name);
  const before = createMessageConverter(channel, data);
  const after = createMessageConverter(out, message.data);
  expect(after.kind).toBe(before.kind);
  expect(after.metadata(message.data)).toBe(metadata);
  expect(out).toMatchObject({
    topic: channel.topic,
    messageEncoding: "protobuf",
    metadata: { "mount.x": "1" },
  });
  const decoded = type.toObject(type.decode(message.data), { longs: Number, enums: String });
  expect(decoded).toMatchObject({ timestamp, frame_id: "front" });
  return { decoded, before: before.convert(data), after: after.convert(message.data) };
}

describe("sensors", () => {
  test("compressed images", async () => {
    const channel = channelOf("sensor_msgs/CompressedImage", "string format\nuint8[] data");
    const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 1, 2);
    const { decoded, before, after } = await converted(
      channel,
      ros1(ros1Header, "whatever", jpeg.length, jpeg),
    );
    expect(decoded).toMatchObject({ format: "jpeg", data: jpeg });
    expect(after).toEqual(before);
  });

  test("raw images", async () => {
    const text =
      "uint32 height\nuint32 width\nstring encoding\nuint8 is_bigendian\nuint32 step\nuint8[] data";
    const channel = channelOf("sensor_msgs/Image", text);
    const pixels = Uint8Array.from({ length: 16 }, (_, index) => index);
    const data = ros1(ros1Header, 2, 2, "rgb8", ["u8", 0], 8, 16, pixels);
    const { decoded, before, after } = await converted(channel, data);
    expect(decoded).toMatchObject({
      width: 2,
      height: 2,
      step: 8,
      encoding: "rgb8",
      data: pixels,
    });
    expect(after).toEqual(before);
  });

  const CLOUD = `uint32 height\nuint32 width\nsensor_msgs/PointField[] fields\nbool is_bigendian\nuint32 point_step\nuint32 row_step\nuint8[] data\nbool is_dense${MORE}sensor_msgs/PointField\nstring name\nuint32 offset\nuint8 datatype\nuint32 count`;

  function cloud(fields: readonly string[], values: readonly number[]): Uint8Array {
    const list = fields.map((name, index) => ros1(name, 4 * index, ["u8", 7], 1));
    const step = 4 * fields.length;
    const bytes = new Uint8Array(Float32Array.from(values).buffer);
    const width = values.length / fields.length;
    return ros1(
      ros1Header,
      1,
      width,
      list.length,
      ...list,
      ["u8", 0],
      step,
      step * width,
      bytes.length,
      bytes,
      ["u8", 1],
    );
  }

  test("lidars", async () => {
    const data = cloud(["x", "y", "z", "ring", "intensity"], [1, 2, 3, 9, 0.5, 4, 5, 6, 9, 0.25]);
    const { decoded, before, after } = await converted(channelOf("sensor_msgs/PointCloud2", CLOUD), data);
    expect(decoded).toMatchObject({ point_stride: 16, pose: { orientation: { w: 1 } } });
    expect(decoded.fields.map(({ name }: { name: string }) => name)).toEqual(["x", "y", "z", "intensity"]);
    expect(after).toEqual(before);
  });

  test("radars have x, y and z for those who look, and their own coordinates", async () => {
    const data = cloud(
      ["range", "azimuth", "elevation", "range_rate"],
      [10, 0, 0, -3, 10, Math.PI / 2, Number.NaN, 4],
    );
    const { decoded, before, after } = await converted(channelOf("sensor_msgs/PointCloud2", CLOUD), data);
    const points = new Float32Array(Uint8Array.from(decoded.data as Uint8Array).buffer);
    expect(points).toHaveLength(16);
    for (const [index, value] of [10, 0, 0].entries()) expect(points[index]).toBeCloseTo(value, 5);
    for (const [index, value] of [0, 10, 0].entries()) expect(points[8 + index]).toBeCloseTo(value, 5);
    expect(after).toEqual(before);
  });

  test("positions", async () => {
    const text = `sensor_msgs/NavSatStatus status\nfloat64 latitude\nfloat64 longitude\nfloat64 altitude\nfloat64[9] position_covariance\nuint8 position_covariance_type${MORE}sensor_msgs/NavSatStatus\nint8 status\nuint16 service`;
    const channel = channelOf("sensor_msgs/NavSatFix", text);
    const numbers = [37.5, -122.25, 12.5, 4, 0, 0, 0, 4, 0, 0, 0, 9].map((value) => ["f64", value] as const);
    const data = ros1(ros1Header, ["i8", 0], ["u16", 1], ...numbers, ["u8", 2]);
    const { decoded, before, after } = await converted(channel, data);
    expect(decoded).toMatchObject({
      ...{ latitude: 37.5, longitude: -122.25, altitude: 12.5 },
      ...{ position_covariance: [4, 0, 0, 0, 4, 0, 0, 0, 9], position_covariance_type: "DIAGONAL_KNOWN" },
    });
    expect(after).toEqual(before);
  });

  test("what has no schema, and what has one already, is passed on as it is", async () => {
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
      const source = inFoxgloveSchemas(recordingOf(channel, [Uint8Array.of(1, 2)]));
      expect(source.channels).toEqual([channel]);
      for await (const [message] of source.messages()) expect(message?.data).toEqual(Uint8Array.of(1, 2));
    }
  });

  test("a message that cannot be converted is left out, and that is said", async () => {
    const channel = channelOf("sensor_msgs/CompressedImage", "string format\nuint8[] data");
    const good = ros1(ros1Header, "", 4, Uint8Array.of(0xff, 0xd8, 0xff, 1));
    const source = inFoxgloveSchemas(
      recordingOf(channel, [good, ros1(ros1Header, "h264", 2, Uint8Array.of(1, 2)), good]),
    );
    let count = 0;
    for await (const batch of source.messages()) count += batch.length;
    expect(count).toBe(2);
    expect(source.problems).toMatchObject([
      { code: "not-converted", sensor: "/sensor", message: expect.stringMatching(/at 1 ns: .*JPEG or PNG/) },
    ]);
    expect(createMessageConverter(channel).convert(good)).not.toBeInstanceOf(MalformedMessage);
  });
});
