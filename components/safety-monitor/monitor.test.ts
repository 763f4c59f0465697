import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Probe, startProbe } from "../testing/wasm.ts";

interface MonitorProbe extends Probe {
  collisionTime(gap: number, speed: number, acceleration: number, leadSpeed: number, leadAcceleration: number): number;
  deceleration(gap: number, speed: number, leadSpeed: number, leadAcceleration: number): number;
  offset(speed: number, yawRate: number, x: number, y: number): number;
  restart(): void;
  step(nowUs: bigint, speed: number, yawRate: number, acceleration: number, values: number, count: number, near: number): void;
  event(kind: number): number;
  severity(kind: number): number;
  threatTime(kind: number): number;
  threatTrack(kind: number): number;
  raised(): number;
  activeKind(place: number): number;
}

const FORWARD = 0;
const VULNERABLE = 1;
const PROXIMITY = 2;
const UNKNOWN = 0;
const CAR = 1;
const PEDESTRIAN = 3;
const EVENTS = ["", "raised", "changed", "cleared"];

/** An object in the vehicle frame, with speeds over ground. */
interface Thing {
  id?: number;
  kind?: number;
  x: number;
  y: number;
  vx?: number;
  vy?: number;
  ax?: number;
}

interface Ego {
  speed: number;
  yawRate?: number;
  acceleration?: number;
}

let probe: MonitorProbe;
let buffer = 0;
beforeAll(async () => {
  probe = await startProbe<MonitorProbe>("safety-monitor/probe.ts");
  buffer = probe.alloc(64 * 64);
});
beforeEach(() => probe.restart());

/** Runs steps of 50 ms; returns what happened: seconds, kind, event, severity. */
function run(seconds: number, scene: (t: number) => { ego: Ego; things: Thing[]; near?: number }): [number, number, string, number][] {
  const happened: [number, number, string, number][] = [];
  for (let i = 0; i * 0.05 < seconds; i++) {
    const t = i * 0.05;
    const { ego, things, near } = scene(t);
    const known = Number.isNaN(ego.speed) ? 0 : ego.speed;
    const values = new Float32Array(probe.memory.buffer, buffer, things.length * 16);
    things.forEach((thing, n) => {
      const relative = [(thing.vx ?? 0) - known, thing.vy ?? 0, (thing.ax ?? 0) - (ego.acceleration ?? 0)];
      values.set([thing.id ?? n + 1, thing.kind ?? CAR, 0.95, 1, thing.x, thing.y, ...relative, 0.2, 0.2, 0.3, 0.3, 4.5, 1.8, 1.5], n * 16);
    });
    const nowUs = BigInt(Math.round(1e6 * (1000 + t)));
    probe.step(nowUs, ego.speed, ego.yawRate ?? 0, ego.acceleration ?? 0, buffer, things.length, near ?? Number.NaN);
    for (let kind = 0; kind < 3; kind++) {
      if (probe.event(kind) > 0) happened.push([t, kind, EVENTS[probe.event(kind)]!, probe.severity(kind)]);
    }
  }
  return happened;
}

describe("time to collision", () => {
  it("solves for constant speeds and accelerations", () => {
    expect(probe.collisionTime(30, 20, 0, 10, 0)).toBeCloseTo(3, 9);
    expect(probe.collisionTime(30, 10, 0, 10, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(probe.collisionTime(30, 10, 0, 20, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(probe.collisionTime(12, 20, 0, 20, -6)).toBeCloseTo(2, 9);
    expect(probe.collisionTime(0, 0, 0, 0, 0)).toBe(0);
    expect(probe.collisionTime(30, 20, -8, 10, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it("lets a lead that brakes stop where it comes to a halt", () => {
    // It halts after 1 s and 5 m; we need 25 m at 10 m/s.
    expect(probe.collisionTime(20, 10, 0, 10, -10)).toBeCloseTo(2.5, 9);
  });

  it("knows the braking that avoids it", () => {
    expect(probe.deceleration(25, 20, 10, 0)).toBeCloseTo(2, 9);
    expect(probe.deceleration(25, 10, 20, 0)).toBe(0);
    expect(probe.deceleration(30, 20, 20, -10)).toBeCloseTo(4, 9);
  });
});

describe("path", () => {
  it("measures beside the arc", () => {
    expect(probe.offset(10, 0, 40, 1.5)).toBeCloseTo(1.5, 9);
    // On a circle of radius 50 to the left: a point on it, and one 3 m inside.
    expect(probe.offset(10, 0.2, 50 * Math.sin(0.8), 50 - 50 * Math.cos(0.8))).toBeCloseTo(0, 6);
    expect(probe.offset(10, 0.2, 47 * Math.sin(0.8), 50 - 47 * Math.cos(0.8))).toBeCloseTo(3, 6);
    expect(probe.offset(10, -0.2, 47 * Math.sin(0.8), -50 + 47 * Math.cos(0.8))).toBeCloseTo(-3, 6);
    expect(probe.offset(Number.NaN, 0.2, 30, 1)).toBeCloseTo(1, 9);
  });
});

describe("forward collision warning", () => {
  it("comes when the car ahead brakes hard, rises, and is over when it is", () => {
    // 15 m/s, 22 m behind; the lead brakes with 7 m/s² from 1 s on, we with 7 m/s² from 2.2 s on.
    const braking = (from: number, t: number) => Math.max(0, t - from);
    const speed = (from: number, t: number) => Math.max(0, 15 - 7 * braking(from, t));
    const way = (from: number, t: number) => 15 * Math.min(t, from) + (225 - speed(from, t) ** 2) / 14;
    const happened = run(12, (t) => {
      const ego = { speed: speed(2.2, t), acceleration: t > 2.2 && speed(2.2, t) > 0 ? -7 : 0 };
      const lead = { x: 22 + way(1, t) - way(2.2, t), y: 0.2, vx: speed(1, t), ax: t > 1 && speed(1, t) > 0 ? -7 : 0 };
      return { ego, things: [lead] };
    });
    const raised = happened[0]!;
    expect(raised.slice(1, 3)).toEqual([FORWARD, "raised"]);
    expect(raised[0]).toBeGreaterThan(1);
    expect(raised[0]).toBeLessThan(1.8);
    expect(Math.max(...happened.map(([, , , severity]) => severity))).toBeGreaterThanOrEqual(2);
    expect(happened.at(-1)!.slice(1, 3)).toEqual([FORWARD, "cleared"]);
    expect(happened.filter(([, , event]) => event === "raised")).toHaveLength(1);
  });

  it("comes for a car that stands in the lane", () => {
    const happened = run(3, (t) => ({ ego: { speed: 14 }, things: [{ x: 60 - 14 * t, y: -0.3 }] }));
    expect(happened[0]?.slice(1, 3)).toEqual([FORWARD, "raised"]);
    expect(probe.threatTrack(FORWARD)).toBe(1);
  });

  it("works from relative speeds where the vehicle's own is not known", () => {
    const happened = run(3, (t) => ({ ego: { speed: Number.NaN }, things: [{ x: 40 - 10 * t, y: 0, vx: -10 }] }));
    expect(happened[0]?.slice(1, 3)).toEqual([FORWARD, "raised"]);
  });

  it("stays silent when cruising behind a car that speeds up and slows down a little", () => {
    const happened = run(20, (t) => ({
      ego: { speed: 15 },
      things: [{ x: 25 + 3 * Math.sin(t), y: 0.3 * Math.sin(3 * t), vx: 15 + 3 * Math.cos(t), ax: -3 * Math.sin(t) }],
    }));
    expect(happened).toEqual([]);
  });

  it("stays silent for oncoming traffic in its lane, straight on and in a curve", () => {
    expect(run(4, (t) => ({ ego: { speed: 15 }, things: [{ x: 100 - 30 * t, y: 3.4, vx: -15 }] }))).toEqual([]);
    const radius = 120;
    const yawRate = 15 / radius;
    const curve = run(4, (t) => {
      const angle = Math.max((90 - 30 * t) / radius, 0);
      const lane = radius - 3.4;
      const velocity = { vx: -15 * Math.cos(angle), vy: -15 * Math.sin(angle) };
      return { ego: { speed: 15, yawRate }, things: [{ x: lane * Math.sin(angle), y: radius - lane * Math.cos(angle), ...velocity }] };
    });
    expect(curve).toEqual([]);
  });

  it("stays silent for parked cars, signs and what only radar sees standing over the lane", () => {
    const things = (t: number): Thing[] => [
      { id: 1, x: 50 - 14 * t, y: -2.8 },
      { id: 2, x: 70 - 14 * t, y: 3.6, kind: UNKNOWN },
      { id: 3, x: 60 - 14 * t, y: 0.1, kind: UNKNOWN },
      { id: 4, x: 45 - 14 * t, y: -3.2, kind: PEDESTRIAN },
    ];
    expect(run(6, (t) => ({ ego: { speed: 14 }, things: things(t) }))).toEqual([]);
  });

  it("does not take a swerve within the lane for a curve into the cars parked beside it", () => {
    const things = (t: number): Thing[] => [30, 36, 42, 48].map((x, id) => ({ id: id + 1, x: x + 16 - 16 * t, y: -3.2 }));
    expect(run(3, (t) => ({ ego: { speed: 16, yawRate: 0.04 * Math.sin(3 * t + 3) }, things: things(t) }))).toEqual([]);
  });

  it("does not take a single wild step for a threat", () => {
    const happened = run(5, (t) => ({ ego: { speed: 15 }, things: [{ x: 25, y: 0, vx: Math.abs(t - 2) < 0.01 ? 0 : 15 }] }));
    expect(happened).toEqual([]);
  });
});

describe("people in the way", () => {
  it("warns of one who will be in the corridor when we are there, and not of one who will have passed", () => {
    const meets = run(4, (t) => ({ ego: { speed: 12 }, things: [{ kind: PEDESTRIAN, x: 45 - 12 * t, y: -5.3 + 1.4 * t, vy: 1.4 }] }));
    expect(meets[0]?.slice(1, 3)).toEqual([VULNERABLE, "raised"]);
    expect(meets[0]![0]).toBeLessThan(1.5);
    probe.restart();
    const passed = run(1.5, (t) => ({ ego: { speed: 12 }, things: [{ kind: PEDESTRIAN, x: 45 - 12 * t, y: 0.5 + 1.4 * t, vy: 1.4 }] }));
    expect(passed).toEqual([]);
    probe.restart();
    const late = run(1.5, (t) => ({ ego: { speed: 12 }, things: [{ kind: PEDESTRIAN, x: 24 - 12 * t, y: 0.3 + 1.4 * t, vy: 1.4 }] }));
    expect(late[0]?.slice(1, 3)).toEqual([VULNERABLE, "raised"]);
  });

  it("puts the most urgent first", () => {
    run(1, (t) => ({ ego: { speed: 12 }, things: [{ x: 30 - 12 * t, y: 0 }, { kind: PEDESTRIAN, x: 14 - 12 * t, y: 0 }] }));
    expect(probe.activeKind(0)).toBe(VULNERABLE);
    expect(probe.activeKind(1)).toBe(FORWARD);
    expect(probe.activeKind(2)).toBe(-1);
  });
});

describe("proximity", () => {
  it("warns while creeping, not while driving or standing", () => {
    const creeping = run(2, (t) => ({ ego: { speed: 0.5 }, things: [], near: 1.5 - 0.5 * t }));
    expect(creeping[0]?.slice(1, 3)).toEqual([PROXIMITY, "raised"]);
    probe.restart();
    expect(run(2, () => ({ ego: { speed: 8 }, things: [], near: 0.4 }))).toEqual([]);
    expect(run(2, () => ({ ego: { speed: 0 }, things: [], near: 0.4 }))).toEqual([]);
    expect(run(2, () => ({ ego: { speed: Number.NaN }, things: [], near: 0.4 }))).toEqual([]);
  });
});

describe("rows that say nothing", () => {
  it("are passed over", () => {
    const values = new Float32Array(probe.memory.buffer, buffer, 64).fill(Number.NaN);
    values[0] = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 10; i++) probe.step(BigInt(i * 50_000), Number.NaN, Number.NaN, Number.NaN, buffer, 4, Number.NaN);
    expect(probe.raised()).toBe(0);
  });
});
