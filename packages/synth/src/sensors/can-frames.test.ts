import { describe, expect, it } from "vitest";
import { brake, filler, kinematics, steering, vehicleSpeed, wheelSpeeds } from "./can-frames.ts";

/** An unsigned big-endian signal: `start` is the place of the highest bit as signal definitions count it (bit 7 of byte 0 is 7). */
function signal(data: Uint8Array, start: number, length: number): number {
  let value = 0;
  let place = start;
  for (let i = 0; i < length; i++) {
    value = 2 * value + (((data[place >> 3] ?? 0) >> (place & 7)) & 1);
    place = (place & 7) === 0 ? place + 15 : place - 1;
  }
  return value;
}

function signed(data: Uint8Array, start: number, length: number): number {
  const value = signal(data, start, length);
  return value >= 2 ** (length - 1) ? value - 2 ** length : value;
}

describe("CAN frames", () => {
  it("carry the wheel speeds front right, front left, rear right, rear left", () => {
    const data = wheelSpeeds(10, 11, 12, 0);
    const speeds = [6, 22, 38, 54].map((start) => (signal(data, start, 15) * 0.01 - 67.67) / 3.6);
    expect(speeds[0]).toBeCloseTo(10, 2);
    expect(speeds[1]).toBeCloseTo(11, 2);
    expect(speeds[2]).toBeCloseTo(12, 2);
    expect(speeds[3]).toBeCloseTo(0, 9);
    expect([7, 23, 39, 55].map((bit) => signal(data, bit, 1))).toEqual([0, 0, 0, 0]);
  });

  it.each([0, 0.4, -0.7, 12.3, -45.6, 359.9, -480])("carry a steering angle of %d°", (angle) => {
    const data = steering(angle, -17);
    expect(signed(data, 3, 12) * 1.5 + signed(data, 39, 4) * 0.1).toBeCloseTo(angle, 1);
    expect(signed(data, 35, 12)).toBe(-17);
  });

  it("carry yaw rate, accelerations, speed and brake", () => {
    const moving = kinematics(-3.2, -7.1, 1.4);
    expect(signal(moving, 1, 10) * 0.244 - 125).toBeCloseTo(-3.2, 0);
    expect(signal(moving, 17, 10) * 0.03589 - 18.375).toBeCloseTo(-7.1, 1);
    expect(signal(moving, 33, 10) * 0.03589 - 18.375).toBeCloseTo(1.4, 1);
    expect(signal(vehicleSpeed(20, 3), 47, 16) * 0.01).toBeCloseTo(72, 2);
    expect(signal(brake(99.7), 7, 8)).toBe(100);
  });

  it("end with the sum of what comes before", () => {
    const data = filler(0x2e6, 5, 0x1234);
    const sum = data.subarray(0, 7).reduce((total, byte) => total + byte, 0x02 + 0xe6 + 8);
    expect(data[7]).toBe(sum & 0xff);
  });
});
