import { cos, sin } from "@playhead/exact-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMessageConverter, MalformedMessage, type MessageConverter } from "../../message-converter.ts";
import { float32s, float64s, reasonOf } from "../../message-samples.case.ts";
import {
  encodeJson,
  encodeProtobuf,
  jsonConverter,
  MESSAGES,
  metadata,
  protobufConverter,
  protobufSchema,
  timestamp,
} from "./foxglove-samples.case.ts";

type Name = keyof typeof MESSAGES;

const ENCODINGS = {
  protobuf: { encode: encodeProtobuf, converter: protobufConverter },
  json: { encode: (_: string, message: object) => encodeJson(message), converter: jsonConverter },
};

describe.each(Object.entries(ENCODINGS))("Foxglove's schemas in %s", (_, { encode, converter }) => {
  function convert(name: Name, message: object = MESSAGES[name], topic?: string) {
    const bytes = encode(name, message);
    const made: MessageConverter = converter(name, topic, bytes);
    expect(made.problem).toBeUndefined();
    const payload = made.convert(bytes);
    if (payload instanceof MalformedMessage) throw new Error(payload.reason);
    expect(made.metadata(bytes)).toBe(metadata);
    return { kind: made.kind, payload };
  }

  test("compressed images", () => {
    const { kind, payload } = convert("CompressedImage");
    expect(kind).toBe("camera");
    expect(Array.from(payload)).toEqual([...new Array<number>(16).fill(0), ...MESSAGES.CompressedImage.data]);
  });

  test("raw images", () => {
    const { kind, payload } = convert("RawImage");
    expect(kind).toBe("camera");
    expect(Array.from(new Uint32Array(payload.slice(0, 16).buffer))).toEqual([3, 2, 2, 8]);
    expect(payload.slice(16)).toEqual(MESSAGES.RawImage.data);
  });

  test("point clouds of lidars, in the cloud's own frame", () => {
    const { kind, payload } = convert("PointCloud");
    expect(kind).toBe("lidar");
    expect(float32s(payload)).toEqual([1, 2, 3, 0.5, 4, 5, 6, 0.25]);
  });

  test("scans of lidars, in the scan's own frame", () => {
    const { kind, payload } = convert("LaserScan");
    expect(kind).toBe("lidar");
    const [tiny, tinier] = [Math.fround(3 * cos(Math.PI / 2)), Math.fround(4 * sin(Math.PI))];
    expect(float32s(payload)).toEqual([2, 0, 0, 7, tiny, 3, 0, 8, -4, tinier, 0, 9]);
    const one = { ...MESSAGES.LaserScan, ranges: [2], intensities: [] };
    expect(float32s(convert("LaserScan", one).payload)).toEqual([2, 0, 0, Number.NaN]);
    const none = { ...MESSAGES.LaserScan, ranges: [Number.NaN, -1, Infinity], intensities: [] };
    expect(convert("LaserScan", none, "/radar")).toMatchObject({ kind: "lidar", payload: { length: 0 } });
  });

  test("point clouds of radars are told by the fields of their points", () => {
    const fields = ["range", "azimuth", "elevation", "velocity"];
    const message = {
      ...MESSAGES.PointCloud,
      fields: fields.map((name, index) => ({ name, offset: 4 * index, type: 7 })),
    };
    const { kind, payload } = convert("PointCloud", message);
    expect(kind).toBe("radar");
    expect(float32s(payload)).toEqual([1, 2, 3, 0.5, Number.NaN, 4, 5, 6, 0.25, Number.NaN]);
  });

  test("positions", () => {
    const { kind, payload } = convert("LocationFix");
    expect(kind).toBe("gps");
    expect(float64s(payload, 5)).toEqual([37.5, -122.25, 12.5, 2, 3]);
    const unknown = convert("LocationFix", { ...MESSAGES.LocationFix, position_covariance_type: 0 });
    expect(float64s(unknown.payload, 5).slice(3)).toEqual([Number.NaN, Number.NaN]);
  });

  test("what a message claims and lacks is malformed, with the reason", () => {
    const reason = (name: Name, change: object): string => {
      return reasonOf(converter(name).convert(encode(name, { ...MESSAGES[name], ...change })));
    };
    expect(reason("RawImage", { height: 3 })).toBe("data: expected 24 bytes of image, found 16");
    expect(reason("RawImage", { encoding: "16UC1" })).toMatch(/found "16UC1"/);
    expect(reason("CompressedImage", { data: new Uint8Array(0) })).toMatch(/JPEG or PNG, found no data/);
    expect(reason("PointCloud", { point_stride: 15 })).toMatch(/points of 15 bytes, found 32 bytes/);
    expect(reason("PointCloud", { point_stride: 0 })).toMatch(/points of 0 bytes/);
    const [x] = MESSAGES.PointCloud.fields;
    expect(reason("PointCloud", { fields: [{ ...x, offset: 14 }] })).toMatch(/fields within 16 bytes, found/);
    expect(reason("PointCloud", { fields: [x] })).toMatch(/a point field y, found x/);
  });

  test("images in encodings that no canonical payload has are passed on, when the first is one", () => {
    const firsts = {
      RawImage: { ...MESSAGES.RawImage, encoding: "bayer_rggb8" },
      CompressedImage: { ...MESSAGES.CompressedImage, format: "webp", data: Uint8Array.of(82, 73, 70, 70) },
    };
    for (const [name, message] of Object.entries(firsts)) {
      const first = encode(name, message);
      const made: MessageConverter = converter(name, "/sensor", first);
      expect(made).toMatchObject({ kind: "other", problemCode: "no-canonical-form" });
      expect(made.problem).toMatch(/found ("bayer_rggb8"|52 49 46 46 \(format "webp"\))$/);
      expect(made.convert(first)).toBe(first);
    }
  });

  test("compressed video is passed on as it is", () => {
    expect(converter("CompressedVideo")).toMatchObject({ kind: "other", problem: undefined });
  });

  test.each(Object.keys(MESSAGES) as Name[])("changed and shortened messages: %s", (name) => {
    const bytes = encode(name, MESSAGES[name]);
    const made = converter(name, "/sensor", bytes);
    const outcomes = { payload: 0, malformed: 0 };
    const values = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 4 }),
      fc.constant(Uint8Array.of(255, 255, 255, 255)),
    );
    const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), values), { maxLength: 3 });
    fc.assert(
      fc.property(changes, fc.option(fc.nat(bytes.length), { freq: 3 }), (places, length) => {
        const changed = bytes.slice(0, length ?? bytes.length);
        for (const [place, value] of places)
          changed.set(value.slice(0, Math.max(0, changed.length - place)), Math.min(place, changed.length));
        const outcome = made.convert(changed);
        if (outcome instanceof MalformedMessage) {
          expect(outcome.reason).toMatch(/expected .+, found /);
          outcomes.malformed++;
        } else {
          expect(outcome.length).toBeLessThanOrEqual(20 * changed.length + 80);
          JSON.parse(made.metadata(changed) ?? "{}");
          outcomes.payload++;
        }
      }),
      { numRuns: 500, seed: 8 },
    );
    expect(Math.min(outcomes.payload, outcomes.malformed)).toBeGreaterThan(5);
  });
});

describe("schemas that do not serve", () => {
  const make = (data: Uint8Array, encoding = "protobuf") => {
    const schema = { name: "foxglove.RawImage", encoding, data };
    return createMessageConverter({ topic: "/t", messageEncoding: "protobuf", schema });
  };

  test("are said, and messages passed on", () => {
    expect(make(protobufSchema).problem).toBeUndefined();
    expect(make(new Uint8Array(0))).toMatchObject({
      kind: "other",
      problem: expect.stringMatching(/found none in the schema/),
    });
    expect(make(protobufSchema, "flatbuffer").problem).toMatch(/as protobuf, found encoding "flatbuffer"/);
    expect(make(new Uint8Array(2_000_000)).problem).toMatch(/at most 1048576 bytes/);
  });

  test("any change to a schema gives a converter that works, or passes on with a reason", () => {
    const message = encodeProtobuf("RawImage", { ...MESSAGES.RawImage, timestamp });
    let passedOn = 0;
    fc.assert(
      fc.property(
        fc.nat(protobufSchema.length - 1),
        fc.nat(255),
        fc.option(fc.nat(protobufSchema.length)),
        (place, value, length) => {
          const data = protobufSchema.slice(0, length ?? protobufSchema.length);
          if (place < data.length) data[place] = value;
          const made = make(data);
          expect(made.kind === "other").toBe(made.problem !== undefined);
          if (made.kind === "other") passedOn++;
          const outcome = made.convert(message);
          expect(outcome instanceof Uint8Array || outcome instanceof MalformedMessage).toBe(true);
        },
      ),
      { numRuns: 500, seed: 9 },
    );
    expect(passedOn).toBeGreaterThan(50);
    expect(passedOn).toBeLessThan(450);
  });
});
