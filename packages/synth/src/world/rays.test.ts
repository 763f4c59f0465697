import { describe, expect, it } from "vitest";
import type { Body } from "./body.ts";
import { closestPoint, nearSide } from "./footprint.ts";
import { meet, passThrough, placeSolids } from "./rays.ts";
import type { Scene, Thing } from "./scene.ts";
import { Visibility } from "./visibility.ts";

function body(id: number, kind: Body["kind"], length: number, width: number, height: number): Body {
  return { id, kind, length, width, height, colour: [200, 200, 200], second: [0, 0, 0], variety: 0.5 };
}

function thing(what: Body, x: number, y: number, yaw = 0): Thing {
  const cosYaw = Math.cos(yaw);
  const sinYaw = Math.sin(yaw);
  return { body: what, x, y, yaw, cosYaw, sinYaw, vx: 0, vy: 0, speed: 0, brakeLights: false, walked: 0 };
}

function scene(...things: Thing[]): Scene {
  const ego = {
    x: 0,
    y: 0,
    heading: 0,
    station: 0,
    speed: 0,
    acceleration: 0,
    yawRate: 0,
    curvature: 0,
    pitch: 0,
    pitchRate: 0,
  };
  return { timeS: 0, ego, things };
}

describe("rays", () => {
  const passage = { enter: 0, leave: 0 };

  it("enter and leave a box and a cylinder where they should", () => {
    const [box] = placeSolids(scene(thing(body(1, "van", 4, 2, 2), 10, 0)));
    const [pole] = placeSolids(scene(thing(body(2, "lamp", 0.2, 0.2, 7), 10, 0)));
    if (!box || !pole) throw new Error("no solids");
    expect(passThrough(box, 0, 0, 1, 0, passage)).toBe(true);
    expect(passage).toEqual({ enter: 8, leave: 12 });
    expect(passThrough(box, 0, 1.1, 1, 0, passage)).toBe(false);
    expect(passThrough(pole, 0, 0, 1, 0, passage)).toBe(true);
    expect(passage.enter).toBeCloseTo(9.9, 9);
    expect(passThrough(pole, 20, 0, 1, 0, passage)).toBe(false);
  });

  it("hit the front, the top, or nothing", () => {
    const [box] = placeSolids(scene(thing(body(1, "van", 4, 2, 2), 10, 0)));
    if (!box) throw new Error("no solids");
    passThrough(box, 0, 0, 1, 0, passage);
    expect(meet(box.solid, passage, 1, 0)).toBe(8);
    expect(meet(box.solid, passage, 3, -0.1)).toBeCloseTo(10, 9);
    expect(meet(box.solid, passage, 3, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(meet(box.solid, passage, 3, -0.02)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("the footprint", () => {
  it("has a closest point and a side that faces the vehicle", () => {
    const car = thing(body(1, "car", 4, 2, 1.5), 20, 3);
    expect(closestPoint(car, 0, 0)).toEqual({ x: 18, y: 2 });
    expect(nearSide(car, 0, 0)).toEqual({ x: 18, y: 3 });
    const beside = thing(body(1, "car", 4, 2, 1.5), 0.5, -5);
    expect(nearSide(beside, 0, 0)).toEqual({ x: 0.5, y: -4 });
    const across = thing(body(1, "car", 4, 2, 1.5), 20, 0, Math.PI / 2);
    expect(closestPoint(across, 0, 0).x).toBeCloseTo(19, 9);
  });
});

describe("visibility", () => {
  const eye = { x: 0, y: 0, z: 1.3 };

  it("is 1 in the open, 0 behind a wall, and between where a car hides a part", () => {
    const person = thing(body(2, "pedestrian", 0.5, 0.5, 1.75), 20, 0);
    const wall = thing(body(1, "building", 2, 20, 6), 10, 0);
    const car = thing(body(1, "car", 4.4, 1.8, 1.45), 15, 0.85);
    expect(new Visibility(scene(person), eye).share(0)).toBe(1);
    expect(new Visibility(scene(wall, person), eye).share(1)).toBe(0);
    const behindCar = new Visibility(scene(car, person), eye).share(1);
    expect(behindCar).toBeGreaterThan(0);
    expect(behindCar).toBeLessThan(0.7);
    expect(new Visibility(scene(car, person), eye).share(0)).toBe(1);
  });

  it("is a half where half is hidden", () => {
    const van = thing(body(2, "van", 5, 2, 2.2), 20, 0);
    const wall = thing(body(1, "building", 2, 10, 6), 10, 5);
    expect(new Visibility(scene(wall, van), eye).share(1)).toBeCloseTo(0.5, 0);
  });
});
