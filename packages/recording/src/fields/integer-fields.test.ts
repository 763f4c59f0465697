import { describe, expect, test } from "vitest";
import { protobufSchema } from "../messages/foxglove/foxglove-samples.case.ts";
import { integerFields } from "./integer-fields.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("fields that hold integers", () => {
  test.each([
    ["cdr", "ros2msg", "builtin_interfaces/Time"],
    ["ros1", "ros1msg", "time"],
  ])("of ROS, in %s", (messageEncoding, encoding, time) => {
    const more = `${"=".repeat(80)}\nMSG: my_msgs/Part\nint8 level\nfloat32 share`;
    const text = `uint8 LEVEL=1\nuint64 count\nfloat64 x\nbool ok\nint16[] list\nuint8[] data\n${time} at\nmy_msgs/Part part\nmy_msgs/Part[] parts\n${more}`;
    const isInteger = integerFields({
      ...{ topic: "/t", messageEncoding },
      schema: { name: "my_msgs/msg/Odd", encoding, data: bytes(text) },
    });
    const names = ["count", "list[3]", "data.length", "part.level", "parts[12].level"];
    expect(names.filter((name) => !isInteger(name))).toEqual([]);
    const others = ["LEVEL", "x", "x.length", "ok", "at", "part", "part.share", "parts[0].share", "none", ""];
    expect(others.filter(isInteger)).toEqual([]);
  });

  test("in Protocol Buffers", () => {
    const schema = { name: "foxglove.PointCloud", encoding: "protobuf", data: protobufSchema };
    const isInteger = integerFields({ topic: "/t", messageEncoding: "protobuf", schema });
    const names = ["point_stride", "fields[0].offset", "fields[1].type", "timestamp.nanos", "data.length"];
    expect(names.filter((name) => !isInteger(name))).toEqual([]);
    expect(["pose.position.x", "frame_id", "data", "fields[0].name", "none"].filter(isInteger)).toEqual([]);
  });

  test("in JSON, as its schema says", () => {
    const list = { type: "array", items: { type: "object", properties: { id: { type: "integer" } } } };
    const properties = { n: { type: "integer" }, x: { type: "number" }, list };
    const data = bytes(JSON.stringify({ type: "object", properties }));
    const isInteger = integerFields({
      ...{ topic: "/t", messageEncoding: "json" },
      schema: { name: "a", encoding: "jsonschema", data },
    });
    expect(["n", "list[0].id"].filter((name) => !isInteger(name))).toEqual([]);
    expect(["x", "list", "toString", "none"].filter(isInteger)).toEqual([]);
  });

  test.each([
    ["no schema", "cdr", undefined],
    ["a definition that cannot be read", "cdr", { name: "a", encoding: "ros2msg", data: bytes("{{{") }],
    ["a schema that is no JSON", "json", { name: "a", encoding: "jsonschema", data: bytes("{") }],
    ["a language that is not known", "flatbuffer", { name: "a", encoding: "flatbuffer", data: bytes("") }],
  ])("are none with %s", (_, messageEncoding, schema) => {
    expect(integerFields({ topic: "/t", messageEncoding, schema })("n")).toBe(false);
  });
});
