import { cos, sin } from "@playhead/exact-math";
import { describe, expect, test } from "vitest";
import { MalformedMessage } from "../message-converter.ts";
import {
  convert,
  converterFor,
  encode,
  float32s,
  header,
  malformed,
  metadata,
  textOf,
} from "../message-samples.case.ts";

const TYPE = "sensor_msgs/LaserScan";
const scan = {
  ...{ header, angle_min: -0.5, angle_max: 1, angle_increment: 0.5, time_increment: 0, scan_time: 0.1 },
  ...{ range_min: 0.5, range_max: 30, ranges: [1, 2, 3, 30], intensities: [9, 8, 7, 6] },
};

/** The point of a beam. */
function point(range: number, angle: number, intensity: number): number[] {
  return [Math.fround(range * cos(angle)), Math.fround(range * sin(angle)), 0, intensity];
}

describe("scans in a plane", () => {
  test("are points of a lidar, by the angles of the beams", () => {
    const lidar = convert(TYPE, scan);
    expect(lidar.converter).toMatchObject({ kind: "lidar", encoding: "playhead/lidar" });
    expect(float32s(lidar.payload)).toEqual([
      ...point(1, -0.5, 9),
      ...[2, 0, 0, 8],
      ...point(3, 0.5, 7),
      ...point(30, 1, 6),
    ]);
    expect(lidar.metadata).toBe(metadata);
    expect(convert(TYPE, scan, "/radar/scan").converter.kind).toBe("lidar");
  });

  test("have no points where nothing was measured, and no intensity where none was", () => {
    const ranges = [0.25, Number.NaN, Infinity, 31, -Infinity, 0.5];
    const { payload } = convert(TYPE, { ...scan, angle_increment: 0, ranges, intensities: [1, 2] });
    expect(float32s(payload)).toEqual(point(0.5, -0.5, Number.NaN));
    expect(convert(TYPE, { ...scan, ranges: [], intensities: [] }).payload).toHaveLength(0);
  });

  test("follow a scanner whose angles change", () => {
    const converter = converterFor(TYPE);
    for (const change of [{}, { angle_min: 0.25 }, { angle_increment: 0.25 }, { ranges: [5] }, {}]) {
      const message = { ...scan, ...change };
      const payload = converter.convert(encode(textOf(TYPE), message));
      if (payload instanceof MalformedMessage) throw new Error(payload.reason);
      const { angle_min: first, angle_increment: step, intensities } = message;
      const points = message.ranges.flatMap((range, index) =>
        point(range, first + index * step, intensities[index] as number),
      );
      expect(float32s(payload)).toEqual(points);
    }
  });

  test("without angles are refused", () => {
    expect(malformed(TYPE, { ...scan, angle_min: Number.NaN })).toBe(
      "the scan: expected angles that are numbers, found NaN, step 0.5",
    );
    expect(malformed(TYPE, { ...scan, angle_increment: -Infinity })).toMatch(/step -Infinity/);
  });
});
