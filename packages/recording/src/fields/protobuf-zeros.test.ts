import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor.js";
import { describe, expect, test } from "vitest";
import { messageValues } from "../message-value.ts";
import { protobufZeros } from "./protobuf-zeros.ts";

const TEXT = `
package car;
message State {
  double speed = 1;
  optional double maybe = 2;
  oneof one { int32 first = 3; int32 second = 4; }
  string name = 5;
  bool ok = 6;
  Inner inner = 7;
  repeated Inner list = 8;
  Kind kind = 9;
  bytes data = 10;
  repeated bool flags = 11;
  message Inner { int32 level = 1; Inner more = 2; }
  enum Kind { NONE = 0; SOME = 1; }
}`;

/** What stands before a field of a single value, outside of `oneof`. */
const SINGLE = /(^ {2}|Inner \{ |; )(?=(double|string|bool|bytes|int32 level|Inner|Kind) )/gm;

function channelOf(syntax: "proto2" | "proto3") {
  const text = syntax === "proto3" ? TEXT : TEXT.replaceAll(SINGLE, "$1optional ");
  const { root } = protobuf.parse(`syntax = "${syntax}";${text}`, new protobuf.Root(), { keepCase: true });
  root.resolveAll();
  const set = descriptor.FileDescriptorSet.encode(root.toDescriptor(syntax)).finish();
  const schema = { name: "car.State", encoding: "protobuf", data: Uint8Array.from(set) };
  const channel = { topic: "/state", messageEncoding: "protobuf", schema };
  const type = root.lookupType("car.State");
  const [values, zeros] = [messageValues(channel), protobufZeros(channel)];
  return (message: object): unknown =>
    zeros(values?.(Uint8Array.from(type.encode(type.fromObject(message)).finish())));
}

describe("what messages in Protocol Buffers leave out", () => {
  test("is zero, empty or false, in the order of the definition", () => {
    const found = channelOf("proto3")({ name: "x" });
    const zeros = { speed: 0, name: "x", ok: false, list: [], kind: 0, data: new Uint8Array(0), flags: [] };
    expect(found).toEqual(zeros);
    expect(Object.keys(found as object)).toEqual(Object.keys(zeros));
  });

  test("is so in messages inside, where those are there", () => {
    expect(
      channelOf("proto3")({ inner: { more: {} }, list: [{}, { level: 2 }], flags: [true, false] }),
    ).toMatchObject({
      inner: { level: 0, more: { level: 0 } },
      list: [{ level: 0 }, { level: 2 }],
      flags: [true, false],
    });
  });

  test("is nothing where absence means something", () => {
    expect(channelOf("proto3")({ maybe: 0, second: 0 })).toMatchObject({ maybe: 0, second: 0 });
    const found = channelOf("proto3")({});
    for (const name of ["maybe", "first", "second", "inner"]) expect(found).not.toHaveProperty(name);
    expect(channelOf("proto2")({ name: "x" })).toEqual({ name: "x", list: [], flags: [] });
  });

  test("stays in other encodings", () => {
    const message = { a: 1 };
    const json = { topic: "/t", messageEncoding: "json", schema: undefined };
    expect(protobufZeros(json)(message)).toBe(message);
    const broken = { name: "a", encoding: "protobuf", data: Uint8Array.of(10, 200) };
    expect(protobufZeros({ ...json, messageEncoding: "protobuf", schema: broken })(message)).toBe(message);
  });
});
