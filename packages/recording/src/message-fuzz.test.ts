import rosmsg from "@foxglove/rosmsg";
import { MessageWriter } from "@foxglove/rosmsg2-serialization";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMessageConverter, MalformedMessage } from "./message-converter.ts";
import { standardDefinition } from "./messages/standard-definitions.ts";

const header = { stamp: { sec: 17, nanosec: 5 }, frame_id: "frame" };
const vector = { x: 1, y: 2, z: 3 };
const covariance = new Float64Array(9);
const pointFields = ["x", "y", "z", "intensity"].map((name, index) => ({
  name,
  offset: 4 * index,
  datatype: 7,
  count: 1,
}));

/** A message of each type that is converted. */
const MESSAGES: Readonly<Record<string, object>> = {
  "sensor_msgs/CompressedImage": { header, format: "jpeg", data: Uint8Array.of(0xff, 0xd8, 0xff, 1, 2, 3) },
  "sensor_msgs/Image": {
    header,
    height: 2,
    width: 2,
    encoding: "rgb8",
    is_bigendian: 0,
    step: 6,
    data: new Uint8Array(12),
  },
  "sensor_msgs/PointCloud2": {
    ...{
      header,
      height: 1,
      width: 2,
      fields: pointFields,
      is_bigendian: false,
      point_step: 16,
      row_step: 32,
    },
    ...{ data: new Uint8Array(32), is_dense: true },
  },
  "sensor_msgs/LaserScan": {
    ...{ header, angle_min: -1, angle_max: 1, angle_increment: 0.5, time_increment: 0, scan_time: 0.1 },
    ...{ range_min: 0.1, range_max: 30, ranges: [1, 2, 3, 4, 5], intensities: [5, 4, 3, 2, 1] },
  },
  "sensor_msgs/Imu": {
    ...{ header, orientation: { ...vector, w: 1 }, angular_velocity: vector, linear_acceleration: vector },
    ...{ orientation_covariance: covariance, angular_velocity_covariance: covariance },
    linear_acceleration_covariance: covariance,
  },
  "sensor_msgs/NavSatFix": {
    ...{ header, status: { status: 0, service: 1 }, latitude: 1, longitude: 2, altitude: 3 },
    ...{ position_covariance: covariance, position_covariance_type: 1 },
  },
  "sensor_msgs/Range": { header, radiation_type: 0, field_of_view: 1, min_range: 0, max_range: 5, range: 2 },
  "can_msgs/Frame": {
    header,
    id: 1,
    is_rtr: false,
    is_extended: false,
    is_error: false,
    dlc: 8,
    data: new Uint8Array(8),
  },
};

/** Bytes that lie: lengths and counts that are far too large, and ones off by one. */
const value = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 127, 128, 255));
const changes = fc.array(
  fc.tuple(
    fc.nat(),
    fc.uint8Array({ minLength: 1, maxLength: 4 }).chain((own) =>
      fc.oneof(
        fc.constant([...own]),
        value.map((byte) => new Array<number>(4).fill(byte)),
      ),
    ),
  ),
  { maxLength: 4 },
);

describe.each(Object.entries(MESSAGES))("%s", (type, message) => {
  const definition = standardDefinition(type) ?? "";
  const bytes = new MessageWriter(rosmsg.parse(definition, { ros2: true })).writeMessage(message);

  test.each(["/sensor", "/radar"])(
    "changed and shortened messages are payloads or malformed, nothing else (%s)",
    (topic) => {
      const schema = { name: type, encoding: "ros2msg", data: new TextEncoder().encode(definition) };
      const converter = createMessageConverter({ topic, messageEncoding: "cdr", schema });
      const outcomes = { payload: 0, malformed: 0 };
      fc.assert(
        fc.property(changes, fc.nat(bytes.length), fc.boolean(), (places, length, cut) => {
          const changed = bytes.slice(0, cut ? length : bytes.length);
          for (const [place, values] of places)
            changed.set(
              values.slice(0, Math.max(changed.length - (place % (changed.length || 1)), 0)),
              place % (changed.length || 1),
            );
          const outcome = converter.convert(changed);
          if (outcome instanceof MalformedMessage) {
            expect(outcome.reason).toMatch(/: expected .+, found /);
            outcomes.malformed++;
          } else {
            expect(outcome.length).toBeLessThanOrEqual(20 * changed.length + 80);
            expect(JSON.parse(converter.metadata(changed) ?? "{}")).toHaveProperty("stamp_us");
            outcomes.payload++;
          }
        }),
        { numRuns: 600, seed: 6 },
      );
      expect(Math.min(outcomes.payload, outcomes.malformed)).toBeGreaterThan(10);
    },
  );

  test("changed definitions give a converter, and a reason where it is not the usual one", () => {
    fc.assert(
      fc.property(
        fc.nat(definition.length),
        fc.nat(20),
        fc.string({ maxLength: 6 }),
        (place, removed, inserted) => {
          const text = definition.slice(0, place) + inserted + definition.slice(place + removed);
          const schema = { name: type, encoding: "ros2msg", data: new TextEncoder().encode(text) };
          const converter = createMessageConverter({ topic: "/t", messageEncoding: "cdr", schema }, bytes);
          expect(converter.kind === "other").toBe(converter.problem !== undefined);
          const outcome = converter.convert(bytes);
          expect(outcome instanceof Uint8Array || outcome instanceof MalformedMessage).toBe(true);
        },
      ),
      { numRuns: 300, seed: 7 },
    );
  });
});
