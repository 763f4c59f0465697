import { describe, expect, it } from "vitest";
import { completeOptions } from "../options.ts";
import { World } from "../world/world.ts";
import { observe } from "./observe.ts";
import { truthFrameSchema } from "./truth-frame.ts";

const world = new World(completeOptions({ seed: 1 }));
const frame = observe(world, world.look(6), 6_000_000);

describe("the ground truth", () => {
  it("has the lead vehicle ahead in the own lane, in view", () => {
    const lead = frame.objects.find((object) => object.id === world.leadId);
    expect(lead).toMatchObject({ in_lane: true, in_view: true, moving: true });
    expect(["car", "van"]).toContain(lead?.kind);
    expect(lead?.nearest[0]).toBeGreaterThan(10);
    expect(lead?.near_side[0]).toBeCloseTo((lead?.x ?? 0) - (lead?.length ?? 0) / 2, 0);
    expect(lead?.visible).toBeGreaterThan(0.9);
  });

  it("says that what stands still comes nearer as fast as the vehicle goes", () => {
    const standing = frame.objects.filter((object) => !object.moving);
    expect(standing.length).toBeGreaterThan(5);
    for (const object of standing) {
      expect(object.vx).toBeCloseTo(-frame.ego.speed, 2);
      expect(object.vy).toBe(0);
    }
  });

  it("lists scenery as static, parked cars as cars outside of the lane", () => {
    const classes = new Map(frame.objects.map((object) => [object.kind, object.class]));
    expect(classes.get("tree")).toBe("static");
    expect(classes.get("building")).toBe("static");
    for (const object of frame.objects) {
      if (object.class === "car" && !object.moving) expect(object.in_lane).toBe(false);
    }
  });

  it("has the fields of its schema", () => {
    const { objects, ego } = truthFrameSchema.properties;
    expect(Object.keys(frame)).toEqual(truthFrameSchema.required);
    expect(Object.keys(frame.ego)).toEqual(Object.keys(ego.properties));
    for (const object of frame.objects)
      expect(Object.keys(object)).toEqual(Object.keys(objects.items.properties));
  });
});
