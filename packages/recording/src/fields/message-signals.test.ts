import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor.js";
import { describe, expect, test } from "vitest";
import { MessageSignals } from "./message-signals.ts";

const JSON_CHANNEL = { topic: "/state", messageEncoding: "json", schema: undefined };

function signalsOf(signals: MessageSignals, message: Uint8Array): Record<string, number> {
  const found: [number, number][] = [];
  signals.read(message, (place, value) => found.push([place, value]));
  return Object.fromEntries(found.map(([place, value]) => [signals.names[place], value]));
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

describe("the signals of messages", () => {
  test("are the numbers of JSON, by their paths; texts, long lists and headers are none", () => {
    const signals = new MessageSignals(JSON_CHANNEL);
    const message = {
      header: { seq: 3, stamp: { sec: 1 } },
      timestamp: { sec: 7, nsec: 5 },
      speed: 4.5,
      gear: "D",
      braking: true,
      wheels: [1, 2, { rpm: 3 }],
      long: Array.from({ length: 17 }, () => 1),
      nothing: null,
    };
    expect(signalsOf(signals, json(message))).toEqual({
      speed: 4.5,
      braking: 1,
      "wheels[0]": 1,
      "wheels[1]": 2,
      "wheels[2].rpm": 3,
    });
    expect(signalsOf(signals, json({ timestamp: 5, braking: false }))).toEqual({ timestamp: 5, braking: 0 });
    expect(signalsOf(signals, json(12))).toEqual({ value: 12 });
    expect(signalsOf(signals, json("12"))).toEqual({});
  });

  test("of sensors are those of their canonical payload", () => {
    const schema = {
      name: "foxglove.LocationFix",
      encoding: "jsonschema",
      data: new Uint8Array(),
    };
    const signals = new MessageSignals({ topic: "/gps", messageEncoding: "json", schema });
    const fix = {
      timestamp: { sec: 1, nsec: 2 },
      frame_id: "gps",
      latitude: 48.5,
      longitude: 9,
      altitude: 300,
    };
    expect(signalsOf(signals, json(fix))).toMatchObject({ latitude: 48.5, longitude: 9, altitude: 300 });
  });

  test("of Protocol Buffers are there when they are zero, which writers leave out", () => {
    const text = `syntax = "proto3"; package car; message State { double speed = 1; bool braking = 2; }`;
    const { root } = protobuf.parse(text, new protobuf.Root());
    root.resolveAll();
    const data = descriptor.FileDescriptorSet.encode(root.toDescriptor("proto3")).finish();
    const schema = { name: "car.State", encoding: "protobuf", data: Uint8Array.from(data) };
    const signals = new MessageSignals({ topic: "/state", messageEncoding: "protobuf", schema });
    expect(signalsOf(signals, new Uint8Array(0))).toEqual({ speed: 0, braking: 0 });
    const type = root.lookupType("car.State");
    const moving = Uint8Array.from(type.encode({ speed: 2.5, braking: true }).finish());
    expect(signalsOf(signals, moving)).toEqual({ speed: 2.5, braking: 1 });
  });

  test("keep their places, also those that were found before", () => {
    const signals = new MessageSignals(JSON_CHANNEL, ["b", "a"]);
    signals.read(json({ a: 1, c: 2, b: 3 }), () => {});
    expect(signals.names).toEqual(["b", "a", "c"]);
  });

  test("are none where a message is not what its channel says, or nothing is known of it", () => {
    const bytes = { topic: "/bytes", messageEncoding: "bytes", schema: undefined };
    expect(signalsOf(new MessageSignals(bytes), Uint8Array.of(1, 2, 3))).toEqual({});
    expect(signalsOf(new MessageSignals(JSON_CHANNEL), Uint8Array.of(0x7b, 0x22))).toEqual({});
    const schema = { name: "demo/Pair", encoding: "ros2msg", data: new TextEncoder().encode("float64 a") };
    const pair = new MessageSignals({ topic: "/pair", messageEncoding: "cdr", schema });
    expect(signalsOf(pair, Uint8Array.of(0, 1, 0, 0, 1))).toEqual({});
    const message = new DataView(new ArrayBuffer(12));
    message.setUint8(1, 1);
    message.setFloat64(4, 2.5, true);
    expect(signalsOf(pair, new Uint8Array(message.buffer))).toEqual({ a: 2.5 });
  });

  test("are none where a list claims to be longer than its message, whatever lies behind that", () => {
    const schema = { name: "demo/List", encoding: "ros2msg", data: new TextEncoder().encode("float32[] a") };
    const list = new MessageSignals({ topic: "/list", messageEncoding: "cdr", schema });
    const bytes = new Uint8Array(64).fill(0x40);
    bytes.set([0, 1, 0, 0, 4, 0, 0, 0]);
    expect(signalsOf(list, bytes.subarray(0, 16))).toEqual({});
    expect(Object.keys(signalsOf(list, bytes.subarray(0, 24)))).toEqual(["a[0]", "a[1]", "a[2]", "a[3]"]);
  });

  test("are there beside values that lie deep inside of others", () => {
    const lists = `${"[".repeat(4000)}${"]".repeat(4000)}`;
    const signals = new MessageSignals(JSON_CHANNEL);
    expect(signalsOf(signals, Buffer.from(`{"a":1,"deep":${lists},"b":2}`))).toEqual({ a: 1, b: 2 });
  });

  test("are bounded in number and in the length of their names", () => {
    const signals = new MessageSignals(JSON_CHANNEL);
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`s${index}`, index]));
    const odd = { ["x".repeat(257)]: 1, "a\0b": 1 };
    expect(signalsOf(signals, json(odd))).toEqual({});
    expect(Object.keys(signalsOf(signals, json(many)))).toHaveLength(256);
  });
});
