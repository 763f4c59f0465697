import rosmsg from "@foxglove/rosmsg";
import { MessageReader, MessageWriter } from "@foxglove/rosmsg-serialization";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { messageValues } from "./message-value.ts";
import {
  encodeProtobuf,
  MESSAGES,
  protobufMessage,
  protobufSchema,
} from "./messages/foxglove/foxglove-samples.case.ts";

const SEPARATOR = `\n${"=".repeat(80)}\nMSG: `;

const DEFINITION = [
  "uint8 KIND=3\nHeader header\nbool ok\nint64 big\nuint64 huge\nfloat32[3] fixed\nint16[] some\nuint8[] data\nstring[] names\nduration[] waits\nPart[] parts\nPart last",
  "std_msgs/Header\nuint32 seq\ntime stamp\nstring frame_id",
  "my_msgs/Part\nstring name\nfloat64 value",
].join(SEPARATOR);

const message = {
  header: { seq: 7, stamp: { sec: 4_000_000_000, nsec: 5 }, frame_id: "größer" },
  ...{ ok: true, big: -5n, huge: 2n ** 63n, fixed: [1, 2, 3], some: [-1, 300], data: Uint8Array.of(1, 2) },
  ...{ names: ["", "a"], waits: [{ sec: -1, nsec: 3 }], parts: [{ name: "x", value: 0.5 }] },
  last: { name: "y", value: -2 },
};

function ros1Values(definition: string) {
  const schema = { name: "my_msgs/Whole", encoding: "ros1msg", data: new TextEncoder().encode(definition) };
  return messageValues({ topic: "/t", messageEncoding: "ros1", schema });
}

/** As JSON, so that lists of any kind compare. */
function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "bigint") return `${part}n`;
    return ArrayBuffer.isView(part) ? Array.from(part as Uint8Array) : part;
  });
  return JSON.parse(text);
}

describe("ROS 1", () => {
  const definitions = rosmsg.parse(DEFINITION);
  const bytes = new MessageWriter(definitions).writeMessage(message);

  test("gives what the reference gives", () => {
    const values = ros1Values(DEFINITION)?.(bytes);
    expect(plain(values)).toEqual(plain(message));
    expect(plain(values)).toEqual(plain(new MessageReader(definitions).readMessage(bytes)));
  });

  test("changed messages give values or an error that says what is wrong, and take no more memory than they have", () => {
    const read = ros1Values(DEFINITION);
    const outcomes = { values: 0, errors: 0 };
    fc.assert(
      fc.property(
        fc.nat(bytes.length - 1),
        fc.nat(255),
        fc.option(fc.nat(bytes.length)),
        (place, value, length) => {
          const changed = bytes.slice(0, length ?? bytes.length);
          if (place < changed.length) changed[place] = value;
          try {
            read?.(changed);
            outcomes.values++;
          } catch (error) {
            expect((error as Error).message).toMatch(/: expected .+, found /);
            outcomes.errors++;
          }
        },
      ),
      { numRuns: 400, seed: 2 },
    );
    expect(Math.min(outcomes.values, outcomes.errors)).toBeGreaterThan(20);
  });

  test("a definition that contains itself in a circle is an error and not the end; one that lacks a part has no values", () => {
    const circle = ["my_msgs/A a", "my_msgs/A\nmy_msgs/B b", "my_msgs/B\nuint8 z\nmy_msgs/A a"].join(
      SEPARATOR,
    );
    expect(() => ros1Values(circle)?.(bytes)).toThrow(/nested at most/);
    expect(ros1Values("my_msgs/Part part")).toBeUndefined();
  });
});

test("Protocol Buffers", () => {
  const schema = { name: "foxglove.LocationFix", encoding: "protobuf", data: protobufSchema };
  const read = messageValues({ topic: "/t", messageEncoding: "protobuf", schema });
  const values = read?.(encodeProtobuf("LocationFix", MESSAGES.LocationFix));
  expect(plain(values)).toMatchObject(MESSAGES.LocationFix);
  const unknown = { ...schema, name: "foxglove.Nothing" };
  expect(messageValues({ topic: "/t", messageEncoding: "protobuf", schema: unknown })).toBeUndefined();
});

test("64-bit integers of Protocol Buffers are exact, whatever their size and form", () => {
  const definition = `syntax = "proto3"; package my; message Big {
    int64 a = 1; uint64 b = 2; sint64 c = 3; fixed64 d = 4; sfixed64 e = 5; repeated uint64 list = 6; int64 small = 7; }`;
  const [least, most] = ["-9223372036854775808", { low: -1, high: -1, unsigned: true }];
  const given = { a: least, b: most, c: least, d: most, e: "9007199254740992", list: ["1", most], small: -5 };
  const { schema, data } = protobufMessage(definition, "my.Big", given);
  const read = messageValues({ topic: "/t", messageEncoding: "protobuf", schema });
  const [low, high] = [-(2n ** 63n), 2n ** 64n - 1n];
  expect({ ...(read?.(data) as object) }).toEqual({
    ...{ a: low, b: high, c: low, d: high, e: 2n ** 53n, list: [1, high], small: -5 },
  });
});

test("what is not known has no values", () => {
  expect(messageValues({ topic: "/t", messageEncoding: "flatbuffer", schema: undefined })).toBeUndefined();
  expect(messageValues({ topic: "/t", messageEncoding: "ros1", schema: undefined })).toBeUndefined();
});
