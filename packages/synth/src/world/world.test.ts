import { describe, expect, it } from "vitest";
import { completeOptions, type Scenario } from "../options.ts";
import type { Scene, Thing } from "./scene.ts";
import { World } from "./world.ts";

const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
const egoLength = 4.6;
const egoHalfWidth = 0.92;

function world(seed: number, scenario: Scenario): World {
  return new World(completeOptions({ seed, scenario }));
}

/** Whether an outline point of the thing lies within the own vehicle, which reaches back from the origin. */
function touches(thing: Thing): boolean {
  if (Math.abs(thing.x) > 12 || Math.abs(thing.y) > 6) return false;
  for (let i = 0; i <= 8; i++) {
    for (const [along, across] of [
      [i / 8 - 0.5, 0.5],
      [i / 8 - 0.5, -0.5],
      [0.5, i / 8 - 0.5],
      [-0.5, i / 8 - 0.5],
    ] as const) {
      const dx = along * thing.body.length;
      const dy = across * thing.body.width;
      const x = thing.x + dx * thing.cosYaw - dy * thing.sinYaw;
      const y = thing.y + dx * thing.sinYaw + dy * thing.cosYaw;
      if (x < 0 && x > -egoLength && Math.abs(y) < egoHalfWidth) return true;
    }
  }
  return false;
}

function lead(drive: World, scene: Scene): Thing {
  const found = scene.things.find((thing) => thing.body.id === drive.leadId);
  if (!found) throw new Error("the lead vehicle is out of reach");
  return found;
}

/** The least time to collision with the lead vehicle over the drive, s, and whether anything was touched. */
function driveThrough(drive: World): {
  leastTtc: number;
  hardestLead: number;
  hardestEgo: number;
  touched: string[];
} {
  let leastTtc = Number.POSITIVE_INFINITY;
  let hardestLead = 0;
  let hardestEgo = 0;
  const touched: string[] = [];
  for (let timeS = 0; timeS < drive.options.durationS; timeS += 0.2) {
    const scene = drive.look(timeS);
    for (const thing of scene.things)
      if (touches(thing)) touched.push(`${thing.body.kind} at ${timeS.toFixed(1)} s`);
    const gap = drive.story.lead.at(timeS).distance - drive.story.ego.at(timeS).distance;
    const closing = scene.ego.speed - drive.story.lead.at(timeS).speed;
    if (closing > 0.1) leastTtc = Math.min(leastTtc, gap / closing);
    hardestLead = Math.min(hardestLead, drive.story.lead.at(timeS).acceleration);
    hardestEgo = Math.min(hardestEgo, scene.ego.acceleration);
  }
  return { leastTtc, hardestLead, hardestEgo, touched };
}

describe("the world of a drive", () => {
  it.each(seeds)("braking, seed %i: the lead vehicle brakes hard, it gets close, nobody is hit", (seed) => {
    const drive = world(seed, "braking");
    const { leastTtc, hardestLead, hardestEgo, touched } = driveThrough(drive);
    expect(touched).toEqual([]);
    expect(hardestLead).toBeLessThan(-6);
    expect(hardestLead).toBeGreaterThan(-8);
    expect(hardestEgo).toBeGreaterThan(-9);
    expect(leastTtc).toBeLessThan(2.5);
    expect(leastTtc).toBeGreaterThan(0.6);
    expect(drive.story.crossings).toHaveLength(1);
  });

  it.each(seeds)("cruising, seed %i: nothing gets close", (seed) => {
    const drive = world(seed, "cruising");
    const { leastTtc, hardestLead, touched } = driveThrough(drive);
    expect(touched).toEqual([]);
    expect(hardestLead).toBeGreaterThan(-1.5);
    expect(leastTtc).toBeGreaterThan(5);
    expect(drive.story.crossings).toEqual([]);
  });

  it("lets the own vehicle wait for the pedestrian", () => {
    for (const seed of [1, 2, 3]) {
      const drive = world(seed, "braking");
      const crossing = drive.story.crossings[0];
      if (!crossing) throw new Error("nobody crosses");
      const id = drive.pedestrianIds[0];
      let inLane = 0;
      for (let timeS = crossing.startS; timeS < 30; timeS += 0.1) {
        const scene = drive.look(timeS);
        const person = scene.things.find((thing) => thing.body.id === id);
        const offset = person ? drive.offsetOf(scene.ego, person) : 9;
        if (!person || offset > 0.2 || offset < -3.7) continue;
        inLane++;
        expect(person.x).toBeGreaterThan(2.5);
      }
      expect(inLane).toBeGreaterThan(15);
    }
  });

  it("moves bodies as fast as it says", () => {
    const drive = world(4, "braking");
    const dt = 1e-3;
    for (const timeS of [0.7, 5.123, 9.4, 17, 25.5]) {
      const before = drive.ego(timeS - dt);
      const now = drive.ego(timeS);
      const after = drive.ego(timeS + dt);
      const speed = Math.hypot(after.x - before.x, after.y - before.y) / (2 * dt);
      expect(speed).toBeCloseTo(now.speed, 2);
      expect((after.heading - before.heading) / (2 * dt)).toBeCloseTo(now.yawRate, 2);
      expect((after.speed - before.speed) / (2 * dt)).toBeCloseTo(now.acceleration, 0);
      // Position in the world from position relative to the vehicle: its rate is the velocity over ground.
      const ground = (at: number) => {
        const scene = drive.look(at);
        const thing = lead(drive, scene);
        const c = Math.cos(scene.ego.heading);
        const s = Math.sin(scene.ego.heading);
        return { x: scene.ego.x + thing.x * c - thing.y * s, y: scene.ego.y + thing.x * s + thing.y * c };
      };
      const from = ground(timeS - dt);
      const to = ground(timeS + dt);
      const thing = lead(drive, drive.look(timeS));
      expect(Math.hypot(to.x - from.x, to.y - from.y) / (2 * dt)).toBeCloseTo(thing.speed, 2);
      expect(Math.hypot(thing.vx + now.speed, thing.vy)).toBeCloseTo(thing.speed, 6);
    }
  });

  it("keeps the own vehicle in its lane, on a road that bends", () => {
    const drive = world(5, "cruising");
    let widest = 0;
    for (let timeS = 0; timeS < 30; timeS += 0.5) {
      const ego = drive.ego(timeS);
      const point = drive.road.besideAt(ego.station, -1.75);
      expect(Math.hypot(point.x - ego.x, point.y - ego.y)).toBeLessThan(0.35);
      widest = Math.max(widest, Math.abs(ego.yawRate));
    }
    expect(widest).toBeGreaterThan(0.02);
    expect(widest).toBeLessThan(0.15);
  });

  it("brings further brakings and crossings on a long drive", () => {
    const drive = new World(completeOptions({ seed: 2, durationS: 180 }));
    const kinds = drive.story.events.map((event) => event.kind);
    expect(kinds.filter((kind) => kind === "braking-start").length).toBeGreaterThanOrEqual(3);
    expect(drive.story.crossings.length).toBeGreaterThanOrEqual(2);
  });
});
