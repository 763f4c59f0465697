import type { Reading } from "@playhead/recording";
import { expect, it } from "vitest";
import { interpolate, slerp } from "./interpolate.ts";

function reading(timeUs: number, numbers: number[], size: 4 | 8 = 8, bytes = numbers.length * size): Reading {
  const payload = new Uint8Array(bytes);
  const view = new DataView(payload.buffer);
  numbers.forEach((value, i) => {
    if (size === 8) view.setFloat64(i * 8, value, true);
    else view.setFloat32(i * 4, value, true);
  });
  return {
    sensor: 0,
    timeUs,
    remainderNs: 0,
    publishTimeNs: 0n,
    sequence: 7,
    position: 0,
    raw: payload,
    payload,
    metadata: undefined,
  };
}

const doubles = (payload: Uint8Array) => Array.from(new Float64Array(payload.slice().buffer));

it("goes linearly between GPS fixes and keeps their status", () => {
  const a = reading(0, [10, 20, 100, 1, 2], 8, 48);
  const b = reading(100, [11, 22, 110, 3, 4], 8, 48);
  const sample = interpolate("gps", "linear", a, b, 25);
  expect(doubles(sample.payload).slice(0, 5)).toEqual([10.25, 20.5, 102.5, 1.5, 2.5]);
  expect(sample).toMatchObject({ timeUs: 25, sequence: 7, interpolated: true, quality: 0.75 });
});

it("turns orientations the shorter way round", () => {
  const half = Math.SQRT1_2;
  const q = slerp([0, 0, 0, 1], [0, 0, -half, -half], 0.5);
  expect(q[2]).toBeCloseTo(0.38268, 5);
  expect(q[3]).toBeCloseTo(0.92388, 5);
  expect(Math.hypot(...q)).toBeCloseTo(1, 12);
  expect(slerp([0, 0, 0, 1], [0, 0, 0, 1], 0.3)).toEqual([0, 0, 0, 1]);
});

it("interpolates IMU numbers, and leaves an unknown orientation unknown", () => {
  const nan = [Number.NaN, Number.NaN, Number.NaN, Number.NaN];
  const sample = interpolate(
    "imu",
    "slerp",
    reading(0, [0, 0, 9, 0, 0, 1, ...nan]),
    reading(10, [1, 0, 9, 0, 0, 3, ...nan]),
    5,
  );
  expect(doubles(sample.payload).slice(0, 6)).toEqual([0.5, 0, 9, 0, 0, 2]);
  expect(doubles(sample.payload).slice(6)).toEqual(nan);
});

it("holds images, clouds and frames, and says how old they are", () => {
  const [a, b] = [reading(0, [1]), reading(10, [2])];
  const sample = interpolate("camera", "hold", a, b, 9);
  expect(sample.payload).toBe(a.payload);
  expect(sample.quality).toBeCloseTo(0.1);
});

it("does not blend a range with infinity", () => {
  const far = reading(0, [Number.POSITIVE_INFINITY, 0, 5, 1], 4);
  const near = reading(10, [2, 0, 5, 1], 4);
  const sample = interpolate("ultrasonic", "linear", far, near, 5);
  expect(new Float32Array(sample.payload.buffer)[0]).toBe(Number.POSITIVE_INFINITY);
});

it("goes along the great circle, also over the antimeridian and past a pole", () => {
  const place = (a: number[], b: number[], share: number) => {
    const [from, to] = [a, b].map((numbers, i) => reading(i * 100, [...numbers, 0, 0, 0], 8, 48));
    if (from === undefined || to === undefined) throw new Error("no reading");
    return doubles(interpolate("gps", "geodetic", from, to, share * 100).payload).slice(0, 2);
  };
  const near = (found: number[], wanted: number[]) =>
    wanted.forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 9);
    });
  near(place([0, 0], [0, 90], 0.5), [0, 45]);
  near(place([50, 179.9], [50, -179.9], 0), [50, 179.9]);
  const [latitude, longitude] = place([50, 179.9], [50, -179.9], 0.5);
  expect(Math.abs(longitude ?? 0)).toBeCloseTo(180, 9);
  expect(latitude).toBeGreaterThan(50);
  near(place([89, 0], [89, 180], 0.5).slice(0, 1), [90]);
  near(place([52.5, 13.4], [52.500_01, 13.400_02], 0.25), [52.500_002_5, 13.400_005]);
  expect(place([10, -179.999_999], [10, 179.999_999], 0.5).map(Math.abs)).toEqual([10, 180]);
  expect(place([Number.NaN, 1], [2, 3], 0.5)[0]).toBeNaN();
});
