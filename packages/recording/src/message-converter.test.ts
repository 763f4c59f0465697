import { describe, expect, test } from "vitest";
import { createMessageConverter, MalformedMessage } from "./message-converter.ts";
import {
  convert,
  converterFor,
  encode,
  float32s,
  float64s,
  header,
  malformed,
  metadata,
  reasonOf,
  textOf,
} from "./message-samples.case.ts";

describe("cameras", () => {
  test("a compressed image is told by its first bytes", () => {
    const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3);
    const camera = convert("sensor_msgs/CompressedImage", { header, format: "whatever", data: jpeg });
    expect(camera.converter).toMatchObject({ kind: "camera", encoding: "playhead/camera" });
    expect(Array.from(camera.payload)).toEqual([...new Array<number>(16).fill(0), ...jpeg]);
    expect(camera.metadata).toBe(metadata);
    const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 9);
    expect(convert("sensor_msgs/CompressedImage", { header, format: "jpeg", data: png }).payload[0]).toBe(1);
    const neither = { header, format: "jpeg", data: Uint8Array.of(1, 2, 3, 4) };
    expect(malformed("sensor_msgs/CompressedImage", neither)).toMatch(
      /expected the start of a JPEG or PNG, found 01 02 03 04/,
    );
  });

  test("a raw image keeps its size, its stride and the order of its channels", () => {
    const encodings = { mono8: 2, rgb8: 3, bgr8: 4, rgba8: 5, bgra8: 6 };
    for (const [encoding, format] of Object.entries(encodings)) {
      const data = Uint8Array.from({ length: 2 * 20 }, (_, index) => index);
      const message = { header, height: 2, width: 4, encoding, is_bigendian: 0, step: 20, data };
      const { payload, view } = convert("sensor_msgs/Image", message);
      expect([0, 4, 8, 12].map((offset) => view.getUint32(offset, true))).toEqual([format, 4, 2, 20]);
      expect(Array.from(payload.subarray(16))).toEqual(Array.from(data));
    }
  });

  test("a raw image that is unknown or too small is refused with the reason", () => {
    const message = {
      header,
      height: 2,
      width: 4,
      encoding: "rgb8",
      is_bigendian: 0,
      step: 12,
      data: new Uint8Array(23),
    };
    expect(malformed("sensor_msgs/Image", message)).toBe("data: expected 24 bytes of image, found 23");
    expect(malformed("sensor_msgs/Image", { ...message, step: 11 })).toBe(
      "step: expected rows of 12 bytes, found 11",
    );
    const odd = encode(textOf("sensor_msgs/Image"), { ...message, encoding: "constructor" });
    expect(reasonOf(converterFor("sensor_msgs/Image").convert(odd))).toMatch(/found "constructor"/);
  });
});

describe("images that no canonical payload has", () => {
  const raw = { header, height: 1, width: 2, encoding: "16UC1", is_bigendian: 0, step: 4 };
  const depth = encode(textOf("sensor_msgs/Image"), { ...raw, data: new Uint8Array(4) });
  const video = { header, format: "h264", data: Uint8Array.of(0, 0, 0, 1, 0x67) };

  test("the first message decides: the channel is passed on as it is, with the reason once", () => {
    const converter = converterFor("sensor_msgs/Image", "/depth", depth);
    expect(converter).toMatchObject({ kind: "other", encoding: "cdr", problemCode: "no-canonical-form" });
    expect(converter.problem).toMatch(/^\/depth: encoding: expected .*mono8.*, found "16UC1"$/);
    expect(converter.convert(depth)).toBe(depth);
    for (const format of ["h264", "", "16UC1; compressedDepth png"]) {
      const bytes = encode(textOf("sensor_msgs/CompressedImage"), { ...video, format });
      const passed = converterFor("sensor_msgs/CompressedImage", "/video", bytes);
      expect(passed).toMatchObject({ kind: "other", problemCode: "no-canonical-form" });
      expect(passed.problem).toMatch(/start of a JPEG or PNG, found 00 00 00 01 \(format "/);
      expect(passed.convert(bytes)).toBe(bytes);
    }
  });

  test("a camera whose first message is damaged stays one, and its later messages are malformed one by one", () => {
    const short = encode(textOf("sensor_msgs/Image"), { ...raw, encoding: "mono8", data: new Uint8Array(3) });
    for (const first of [short, short.subarray(0, 9), undefined]) {
      const converter = converterFor("sensor_msgs/Image", "/camera", first);
      expect(converter).toMatchObject({ kind: "camera", problem: undefined });
      expect(reasonOf(converter.convert(depth))).toMatch(/found "16UC1"/);
    }
    for (const format of ["jpeg", "bgr8; jpeg compressed bgr8", "PNG"]) {
      const damaged = encode(textOf("sensor_msgs/CompressedImage"), { ...video, format });
      const converter = converterFor("sensor_msgs/CompressedImage", "/camera", damaged);
      expect(converter).toMatchObject({ kind: "camera", problem: undefined });
    }
  });
});

describe("inertial units", () => {
  const xyz = (x: number, y: number, z: number) => ({ x, y, z });
  const message = {
    header,
    orientation: { x: 0, y: 0, z: 0.6, w: 0.8 },
    orientation_covariance: new Float64Array(9),
    angular_velocity: xyz(0.1, 0.2, 0.3),
    angular_velocity_covariance: new Float64Array(9),
    linear_acceleration: xyz(1, 2, 9.8),
    linear_acceleration_covariance: new Float64Array(9),
  };
  const absent = Float64Array.from([-1, 0, 0, 0, 0, 0, 0, 0, 0]);

  test("acceleration, angular rate, orientation", () => {
    const imu = convert("sensor_msgs/Imu", message);
    expect(float64s(imu.payload)).toEqual([1, 2, 9.8, 0.1, 0.2, 0.3, 0, 0, 0.6, 0.8]);
    expect(imu.metadata).toBe(metadata);
  });

  test("what a covariance marks as absent is NaN, and so is an orientation of zeros", () => {
    const nan = Number.NaN;
    const without = { ...message, orientation_covariance: absent, angular_velocity_covariance: absent };
    expect(float64s(convert("sensor_msgs/Imu", without).payload)).toEqual([
      1,
      2,
      9.8,
      nan,
      nan,
      nan,
      nan,
      nan,
      nan,
      nan,
    ]);
    const zero = { ...message, orientation: { x: 0, y: 0, z: 0, w: 0 } };
    expect(float64s(convert("sensor_msgs/Imu", zero).payload).slice(6)).toEqual([nan, nan, nan, nan]);
  });
});

describe("satellite navigation", () => {
  const message = {
    header,
    status: { status: 1, service: 1 },
    latitude: 37.5,
    longitude: -122.25,
    altitude: 20,
    position_covariance: Float64Array.from([4, 0, 0, 0, 12, 0, 0, 0, 9]),
    position_covariance_type: 2,
  };

  test("position, standard deviations, status", () => {
    const { payload, view } = convert("sensor_msgs/NavSatFix", message);
    expect(float64s(payload, 5)).toEqual([37.5, -122.25, 20, Math.sqrt(8), 3]);
    expect([view.getInt32(40, true), view.getUint32(44, true), payload.length]).toEqual([1, 0, 48]);
  });

  test("unknown covariance is NaN, no fix is -1", () => {
    const unknown = { ...message, position_covariance_type: 0, status: { status: -1, service: 0 } };
    const { payload, view } = convert("sensor_msgs/NavSatFix", unknown);
    expect(float64s(payload, 5).slice(3)).toEqual([Number.NaN, Number.NaN]);
    expect(view.getInt32(40, true)).toBe(-1);
  });
});

test("an ultrasonic range", () => {
  const message = {
    header,
    radiation_type: 0,
    field_of_view: 0.5,
    min_range: 0.25,
    max_range: 4,
    range: Infinity,
  };
  expect(float32s(convert("sensor_msgs/Range", message).payload)).toEqual([Infinity, 0.25, 4, 0.5]);
});

describe("CAN", () => {
  const frame = { header, id: 0xaa, is_rtr: false, is_extended: false, is_error: false, dlc: 3 };
  const data = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

  test("a frame has as many bytes as it says", () => {
    const can = convert("can_msgs/Frame", { ...frame, data });
    expect(Array.from(can.payload)).toEqual([0xaa, 0, 0, 0, 0, 3, 0, 0, 1, 2, 3]);
    const flags = { ...frame, id: 0x18fef100, is_extended: true, is_rtr: true, is_error: true, dlc: 0, data };
    expect(Array.from(convert("can_msgs/Frame", flags).payload)).toEqual([0, 0xf1, 0xfe, 0x18, 7, 0, 0, 0]);
  });

  test("a length beyond eight is refused", () => {
    expect(malformed("can_msgs/Frame", { ...frame, dlc: 9, data })).toBe(
      "length: expected at most 8 bytes of data, found 9",
    );
  });

  test("CAN FD", () => {
    const message = {
      header,
      id: 5,
      is_extended: false,
      is_error: false,
      len: 12,
      data: new Uint8Array(12).fill(7),
    };
    const { payload } = convert("ros2_socketcan_msgs/FdFrame", message);
    expect([payload[4], payload[5], payload.length]).toEqual([8, 12, 20]);
  });
});

describe("channels", () => {
  test("both forms of a type's name, and a schema that the recording leaves out", () => {
    const message = {
      header,
      radiation_type: 0,
      field_of_view: 0.5,
      min_range: 0.25,
      max_range: 4,
      range: 1,
    };
    const bytes = encode(textOf("sensor_msgs/Range"), message);
    for (const name of ["sensor_msgs/Range", "sensor_msgs/msg/Range"]) {
      for (const encoding of ["ros2msg", "ros2idl"]) {
        const schema = { name, encoding, data: new Uint8Array(0) };
        const converter = createMessageConverter({ topic: "/r", messageEncoding: "cdr", schema });
        expect(converter.kind).toBe("ultrasonic");
        expect(converter.convert(bytes)).toBeInstanceOf(Uint8Array);
      }
    }
  });

  test("a definition with more around the fields still gives them", () => {
    const definition = textOf("sensor_msgs/Range")
      .replace(
        "uint8 radiation_type",
        "string[] notes\nuint16[3] spare\nfloat64[] more\ngeometry_msgs/Point[] places\nuint8 radiation_type",
      )
      .concat(`\n${"=".repeat(80)}\nMSG: geometry_msgs/Point\nfloat64 x\nfloat64 y`);
    const message = {
      header,
      notes: ["a", "", "ccc"],
      spare: Uint16Array.of(1, 2, 3),
      more: Float64Array.of(1, 2),
      places: [
        { x: 1, y: 2 },
        { x: 3, y: 4 },
      ],
      ...{ radiation_type: 0, field_of_view: 0.5, min_range: 0.25, max_range: 4, range: 1 },
    };
    const converted = converterFor("sensor_msgs/Range", "/r", undefined, definition).convert(
      encode(definition, message),
    );
    expect(float32s(converted as Uint8Array)).toEqual([1, 0.25, 4, 0.5]);
  });

  test("what is not ours passes through as it is", () => {
    const message = Uint8Array.of(1, 2, 3);
    const schema = {
      name: "std_msgs/msg/String",
      encoding: "ros2msg",
      data: new TextEncoder().encode("string data"),
    };
    for (const [messageEncoding, channel] of [
      ["cdr", schema],
      ["json", { ...schema, name: "sensor_msgs/Imu" }],
      ["ros1", undefined],
    ] as const) {
      const converter = createMessageConverter({ topic: "/radar/x", messageEncoding, schema: channel });
      expect(converter).toMatchObject({ kind: "other", encoding: messageEncoding, problem: undefined });
      expect(converter.convert(message)).toBe(message);
      expect(converter.metadata(message)).toBeUndefined();
    }
  });

  test("names that every JavaScript object has mean nothing", () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      const schema = { name, encoding: "ros2msg", data: new TextEncoder().encode("uint8 x") };
      expect(createMessageConverter({ topic: "/t", messageEncoding: "cdr", schema })).toMatchObject({
        kind: "other",
        problem: undefined,
      });
      const odd = converterFor("sensor_msgs/Range", "/r", undefined, `${name} range`);
      expect(odd.problem).toMatch(/expected/i);
    }
  });

  test("a known type with a definition that is not its own passes through with the reason", () => {
    const broken = converterFor("sensor_msgs/Imu", "/imu", undefined, "float64 speed");
    expect(broken).toMatchObject({ kind: "other", encoding: "cdr" });
    expect(broken.problem).toMatch(/^\/imu: expected a field orientation.x, found none/);
    expect(converterFor("sensor_msgs/Imu", "/imu", undefined, "what is ( this").problem).toBeDefined();
    const recursive = `loop/A a\n${"=".repeat(80)}\nMSG: loop/A\nloop/A a\nloop/A b`;
    expect(converterFor("sensor_msgs/Range", "/r", undefined, recursive).problem).toMatch(/nested|fields/);
    const long = `float64 x # ${"a".repeat(2000)}`;
    expect(converterFor("sensor_msgs/Range", "/r", undefined, long).problem).toMatch(/lines of at most/);
  });
});

describe("malformed bytes", () => {
  const bytes = encode(textOf("can_msgs/Frame"), {
    ...{ header, id: 1, is_rtr: false, is_extended: false, is_error: false, dlc: 8 },
    data: new Uint8Array(8),
  });

  test("every shortening says what is missing and where", () => {
    const converter = converterFor("can_msgs/Frame");
    for (let length = 0; length < bytes.length; length++) {
      expect(converter.convert(bytes.subarray(0, length)), `${length} bytes`).toBeInstanceOf(
        MalformedMessage,
      );
    }
    const short = converter.convert(bytes.subarray(0, bytes.length - 1));
    expect(reasonOf(short)).toBe("byte 32: expected 8 bytes for data, found 7 before the end");
    expect(converter.convert(bytes)).toBeInstanceOf(Uint8Array);
  });

  test("a list that claims four billion values costs nothing", () => {
    const definition =
      "std_msgs/Header header\nfloat64[] many\nstring[] texts\nuint8 radiation_type\nfloat32 field_of_view\nfloat32 min_range\nfloat32 max_range\nfloat32 range";
    const text = textOf("sensor_msgs/Range").replace(/^[^=]*/, `${definition}\n`);
    const converter = converterFor("sensor_msgs/Range", "/r", undefined, text);
    expect(converter.kind).toBe("ultrasonic");
    const base = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
    const many = Uint8Array.from([...base, 255, 255, 255, 255, 0, 0, 0, 0]);
    expect(reasonOf(converter.convert(many))).toMatch(/many/);
    const texts = Uint8Array.from([...base, 0, 0, 0, 0, 255, 255, 255, 127, 0, 0, 0, 0]);
    expect(reasonOf(converter.convert(texts))).toMatch(/2147483647 elements of texts/);
  });

  test("forms that are not plain CDR are named", () => {
    expect(reasonOf(converterFor("can_msgs/Frame").convert(Uint8Array.of(0, 3, 0, 0)))).toBe(
      "the start of the message: expected plain CDR (0, 1, 6 or 7), found form 3",
    );
  });
});
