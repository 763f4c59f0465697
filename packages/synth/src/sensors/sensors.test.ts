import { Random } from "@playhead/exact-math";
import { describe, expect, it } from "vitest";
import { closestPoint } from "../world/footprint.ts";
import { canBus } from "./can.ts";
import { geodetic, satelliteReceiver } from "./gps.ts";
import { inertialUnit } from "./imu.ts";
import { topLidar } from "./lidar.ts";
import { deviation, mean, measure, pointsOf, worldOf } from "./measure.case.ts";
import { frontRadar } from "./radar.ts";
import { frontUltrasonic } from "./ultrasonic.ts";

type Cloud = Parameters<typeof pointsOf>[0];
interface Vector {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

const cruise = worldOf({ seed: 3, scenario: "cruising" });
const braking = worldOf({ seed: 1 });

describe("the inertial unit", () => {
  const rows = measure<{
    linear_acceleration: Vector;
    angular_velocity: Vector;
    orientation_covariance: Float64Array;
  }>(braking, inertialUnit(Random.fromSeed(5)), 20);

  it("measures acceleration with gravity, and the yaw rate, with little bias and the stated noise", () => {
    const ahead = rows.map(
      ({ message, moment }) => message.linear_acceleration.x - moment.ego().acceleration,
    );
    expect(Math.abs(mean(ahead))).toBeLessThan(0.15);
    expect(deviation(ahead)).toBeGreaterThan(0.06);
    expect(deviation(ahead)).toBeLessThan(0.3);
    expect(mean(rows.map(({ message }) => message.linear_acceleration.z))).toBeCloseTo(9.8, 0);
    const turning = rows.map(({ message, moment }) => message.angular_velocity.z - moment.ego().yawRate);
    expect(Math.abs(mean(turning))).toBeLessThan(0.006);
    expect(deviation(turning)).toBeCloseTo(0.0025, 3);
    expect(rows[0]?.message.orientation_covariance[0]).toBe(-1);
  });

  it("feels the braking", () => {
    expect(Math.min(...rows.map(({ message }) => message.linear_acceleration.x))).toBeLessThan(-6);
  });
});

describe("the satellite receiver", () => {
  it("is about a metre off, and stays off for a while", () => {
    const rows = measure<{ latitude: number; longitude: number }>(
      cruise,
      satelliteReceiver(Random.fromSeed(2)),
      30,
    );
    const errors = rows.map(({ message, moment }) => {
      const ego = moment.ego();
      const x = ego.x - 2.6 * Math.cos(ego.heading);
      const y = ego.y - 2.6 * Math.sin(ego.heading);
      const exact = geodetic(x, y);
      return (message.latitude - exact.latitude) * 111_195;
    });
    const rms = Math.sqrt(mean(errors.map((error) => error * error)));
    expect(rms).toBeGreaterThan(0.1);
    expect(rms).toBeLessThan(4);
    const steps = errors.slice(1).map((error, i) => error - (errors[i] ?? 0));
    expect(deviation(steps)).toBeGreaterThan(0.25);
    expect(deviation(steps)).toBeLessThan(0.65);
  });

  it("knows how long a degree is", () => {
    const north = geodetic(0, 1000).latitude - geodetic(0, 0).latitude;
    const east = geodetic(1000, 0).longitude - geodetic(0, 0).longitude;
    expect(1 / north).toBeCloseTo(111.2, 0);
    expect(1 / east).toBeCloseTo(73.5, 0);
  });
});

describe("the CAN bus", () => {
  const bus = canBus(cruise, Random.fromSeed(4));
  interface Frame {
    readonly id: number;
    readonly dlc: number;
    readonly data: Uint8Array;
  }

  it("tells the speed of the wheels to a few hundredths", () => {
    const rows = measure<Frame>(cruise, bus, 10, 3);
    expect(rows).toHaveLength(500);
    const errors = rows.map(({ message, moment }) => {
      const wheel = (i: number) =>
        (((((message.data[i] ?? 0) & 0x7f) << 8) | (message.data[i + 1] ?? 0)) * 0.01 - 67.67) / 3.6;
      expect([message.id, message.dlc]).toEqual([0xaa, 8]);
      return (wheel(0) + wheel(2) + wheel(4) + wheel(6)) / 4 - moment.ego().speed;
    });
    expect(Math.abs(mean(errors))).toBeLessThan(0.2);
    expect(deviation(errors)).toBeLessThan(0.03);
  });

  it("steers as the road bends", () => {
    for (const { message, moment } of measure<Frame>(cruise, bus, 20, 1).filter((_, i) => i % 50 === 0)) {
      const raw = (((message.data[0] ?? 0) & 0x0f) << 8) | (message.data[1] ?? 0);
      const angle = (raw > 2047 ? raw - 4096 : raw) * 1.5;
      const expected = Math.atan(2.69 * moment.ego().curvature) * 14.8 * 57.3;
      expect(Math.abs(angle - expected)).toBeLessThan(1.2);
    }
  });
});

describe("the lidar", () => {
  const [first] = measure<Cloud>(cruise, topLidar(Random.fromSeed(6)), 0.05);
  if (!first) throw new Error("no sweep");
  const points = pointsOf(first.message);
  const scene = first.moment.scene();

  it("sees the road where it is, with noise of about 2 cm along the ray", () => {
    const ground = points.filter(({ x = 0, y = 0, z = 0 }) => Math.hypot(x, y) < 12 && z < -1.7);
    expect(ground.length).toBeGreaterThan(1000);
    const across = ground.map(({ x = 0, y = 0, z = 0 }) => {
      const range = Math.hypot(x, y, z);
      const slope = -z / Math.hypot(x, y) + scene.ego.pitch * (x / Math.hypot(x, y));
      return range - 1.85 * Math.sqrt(1 + 1 / (slope * slope));
    });
    expect(Math.abs(mean(across))).toBeLessThan(0.03);
    expect(deviation(across)).toBeGreaterThan(0.01);
    expect(deviation(across)).toBeLessThan(0.04);
  });

  it("sees the back of the lead vehicle", () => {
    const lead = scene.things.find((thing) => thing.body.id === cruise.leadId);
    if (!lead) throw new Error("no lead vehicle");
    const near = closestPoint(lead, 0, 0);
    const hits = points.filter(
      ({ x = 0, y = 0, z = 0 }) =>
        Math.abs(x - 1.9 - near.x) < 0.4 && Math.abs(y - lead.y) < 1 && z > -1.5 && z < -0.4,
    );
    expect(hits.length).toBeGreaterThan(20);
  });

  it("has points of a size that can be replayed", () => {
    expect(points.length).toBeGreaterThan(8000);
    expect(points.length).toBeLessThan(18_000);
    expect(points.every(({ intensity = -1 }) => intensity >= 0 && intensity <= 255)).toBe(true);
  });
});

describe("the radar", () => {
  it("measures the lead vehicle with the stated noise, and misses it now and then", () => {
    const rows = measure<Cloud>(cruise, frontRadar(Random.fromSeed(8)), 30);
    const errors: { range: number; rate: number }[] = [];
    let seen = 0;
    for (const { message, moment } of rows) {
      const lead = moment.scene().things.find((thing) => thing.body.id === cruise.leadId);
      if (!lead) continue;
      const near = closestPoint(lead, 0, 0);
      const range = Math.hypot(near.x + 0.05, near.y);
      const hits = pointsOf(message).filter(
        (point) => Math.abs((point.range ?? 0) - range) < 3 && Math.abs((point.y ?? 0) - lead.y) < 2.5,
      );
      if (hits.length > 0) seen++;
      for (const hit of hits.slice(0, 1)) {
        const rate = (near.x * lead.vx + near.y * lead.vy) / range;
        errors.push({ range: (hit.range ?? 0) - range, rate: (hit.range_rate ?? 0) - rate });
      }
    }
    expect(seen / rows.length).toBeGreaterThan(0.85);
    expect(seen / rows.length).toBeLessThan(1);
    expect(Math.abs(mean(errors.map((error) => error.range)))).toBeLessThan(0.5);
    expect(deviation(errors.map((error) => error.range))).toBeLessThan(0.6);
    const rates = errors.map((error) => error.rate).filter((rate) => Math.abs(rate) < 2);
    expect(Math.abs(mean(rates))).toBeLessThan(0.1);
    expect(deviation(rates)).toBeGreaterThan(0.06);
  });
});

describe("the ultrasonic sensor", () => {
  it("sees nothing on the open road, and what is close", () => {
    const open = measure<{ range: number }>(cruise, frontUltrasonic(Random.fromSeed(9)), 5);
    const free = open.filter(({ message }) => message.range === Number.POSITIVE_INFINITY);
    expect(free.length / open.length).toBeGreaterThan(0.8);
    const close = [1, 3, 6, 9, 16, 17, 18].flatMap((seed) =>
      measure<{ range: number; max_range: number }>(
        worldOf({ seed }),
        frontUltrasonic(Random.fromSeed(9)),
        30,
      ),
    );
    const ranges = close.map(({ message }) => message.range).filter((range) => range < 5.1);
    expect(ranges.length).toBeGreaterThan(0);
    expect(Math.max(...ranges)).toBeLessThanOrEqual(5);
  });
});
