import rosmsg from "@foxglove/rosmsg";
import { MessageWriter } from "@foxglove/rosmsg-serialization";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMessageConverter, MalformedMessage } from "./message-converter.ts";
import { encode, textOf } from "./message-samples.case.ts";

const stamps = { ros1: { sec: 1700000000, nsec: 123456789 }, ros2: { sec: 1700000000, nanosec: 123456789 } };
const metadata = '{"frame_id":"front","stamp_us":1700000000123456}';
const vector = { x: 1, y: 2, z: 3 };
const covariance = Float64Array.of(4, 0, 0, 0, 4, 0, 0, 0, 9);
const floats = Float32Array.of(1, 2, 3, 0.5, 4, 5, 6, 0.25);

const MESSAGES: Readonly<Record<string, object>> = {
  "sensor_msgs/CompressedImage": { format: "jpeg", data: Uint8Array.of(0xff, 0xd8, 0xff, 1, 2, 3) },
  "sensor_msgs/Image": {
    ...{ height: 2, width: 2, encoding: "bgr8", is_bigendian: 0, step: 7 },
    data: Uint8Array.from({ length: 14 }, (_, index) => index),
  },
  "sensor_msgs/PointCloud2": {
    ...{ height: 1, width: 2, is_bigendian: false, point_step: 16, row_step: 32, is_dense: true },
    fields: ["x", "y", "z", "intensity"].map((name, index) => ({
      name,
      offset: 4 * index,
      datatype: 7,
      count: 1,
    })),
    data: new Uint8Array(floats.buffer),
  },
  "sensor_msgs/LaserScan": {
    ...{ angle_min: -1, angle_max: 1, angle_increment: 0.5, time_increment: 0, scan_time: 0.1 },
    ...{ range_min: 0.1, range_max: 30, ranges: [1, 2, Number.NaN, 4, 50], intensities: [] },
  },
  "sensor_msgs/Imu": {
    ...{ orientation: { ...vector, w: 1 }, angular_velocity: vector, linear_acceleration: vector },
    ...{ orientation_covariance: covariance, angular_velocity_covariance: covariance },
    linear_acceleration_covariance: covariance,
  },
  "sensor_msgs/NavSatFix": {
    ...{ status: { status: 2, service: 1 }, latitude: 1, longitude: 2, altitude: 3 },
    ...{ position_covariance: covariance, position_covariance_type: 2 },
  },
  "sensor_msgs/Range": { radiation_type: 0, field_of_view: 1, min_range: 0, max_range: 5, range: 2 },
  "can_msgs/Frame": {
    ...{ id: 291, is_rtr: false, is_extended: true, is_error: false, dlc: 3 },
    data: Uint8Array.of(1, 2, 3, 0, 0, 0, 0, 0),
  },
};

/** ROS 1 headers have a counter, and times are a type of their own. */
function ros1Text(type: string): string {
  return textOf(type).replace("builtin_interfaces/Time stamp", "uint32 seq\ntime stamp");
}

function ros1Converter(type: string, definition = ros1Text(type), first?: Uint8Array) {
  const schema = { name: type, encoding: "ros1msg", data: new TextEncoder().encode(definition) };
  return createMessageConverter({ topic: "/sensor", messageEncoding: "ros1", schema }, first);
}

function encodeRos1(type: string, message: object): Uint8Array {
  const header = { seq: 7, stamp: stamps.ros1, frame_id: "front" };
  return new MessageWriter(rosmsg.parse(ros1Text(type))).writeMessage({ header, ...message });
}

describe.each(Object.entries(MESSAGES))("%s", (type, message) => {
  const bytes = encodeRos1(type, message);

  test("gives the payload and the metadata of the same message in ROS 2", () => {
    const header = { stamp: stamps.ros2, frame_id: "front" };
    const schema = { name: type, encoding: "ros2msg", data: new TextEncoder().encode(textOf(type)) };
    const ros2 = createMessageConverter({ topic: "/sensor", messageEncoding: "cdr", schema });
    const ros1 = ros1Converter(type);
    expect(ros1).toMatchObject({ kind: ros2.kind, encoding: ros2.encoding, problem: undefined });
    expect(ros1.kind).not.toBe("other");
    expect(ros1.convert(bytes)).toEqual(ros2.convert(encode(textOf(type), { header, ...message })));
    expect(ros1.metadata(bytes)).toBe(metadata);
  });

  test("a message that lies within a larger buffer is the same", () => {
    const around = new Uint8Array(bytes.length + 24).fill(0xee);
    around.set(bytes, 13);
    const converter = ros1Converter(type);
    expect(converter.convert(around.subarray(13, 13 + bytes.length))).toEqual(converter.convert(bytes));
  });

  test("changed and shortened messages are payloads or malformed, nothing else", () => {
    const converter = ros1Converter(type);
    const outcomes = { payload: 0, malformed: 0 };
    const values = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 4 }), fc.constant([255, 255, 255, 255]));
    const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), values), { maxLength: 3 });
    fc.assert(
      fc.property(changes, fc.option(fc.nat(bytes.length), { freq: 2 }), (places, length) => {
        const changed = bytes.slice(0, length ?? bytes.length);
        for (const [place, value] of places)
          for (const [index, byte] of value.entries()) changed[place + index] = byte;
        const outcome = converter.convert(changed);
        if (outcome instanceof MalformedMessage) {
          expect(outcome.reason).toMatch(/: expected .+, found /);
          outcomes.malformed++;
        } else {
          JSON.parse(converter.metadata(changed) ?? "{}");
          outcomes.payload++;
        }
      }),
      { numRuns: 300, seed: 5 },
    );
    expect(Math.min(outcomes.payload, outcomes.malformed)).toBeGreaterThan(10);
  });
});

test("depth images are passed on as they are", () => {
  const type = "sensor_msgs/Image";
  const depth = encodeRos1(type, { ...MESSAGES[type], encoding: "16UC1" });
  const converter = ros1Converter(type, ros1Text(type), depth);
  expect(converter).toMatchObject({ kind: "other", encoding: "ros1", problemCode: "no-canonical-form" });
  expect(converter.convert(depth)).toBe(depth);
});

test("without a definition, messages are passed on with the reason", () => {
  expect(ros1Converter("sensor_msgs/Imu", "")).toMatchObject({
    kind: "other",
    encoding: "ros1",
    problem: expect.stringMatching(/definition of sensor_msgs\/Imu as ros1msg/),
  });
});
