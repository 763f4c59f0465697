import { type Component, type ComponentType, decodeComponent } from "@playhead/component-model";
import { beforeAll, describe, expect, test } from "vitest";
import { dummyOf } from "./components.case.ts";
import { WitPackages } from "./wit/wit-packages.ts";
import { worldMisfits, worldsOf } from "./world-fit.ts";

const source = (result: string): string => `package a:b;
  interface clock { resource timer { get: func() -> u64; } now: func() -> u64; }
  interface frames { use clock.{timer}; latest: func(of: borrow<timer>) -> ${result}; }
  interface extra { more: func(); }
  world w { import clock; export frames; export run: func(); }
  world wider { import clock; import extra; import own-thing: func(); export frames; }`;

let component: Component;
let worlds: ReadonlyMap<string, ComponentType>;

beforeAll(async () => {
  component = decodeComponent(await dummyOf(source("u32"), "w"));
  worlds = worldsIn(source("u32"));
});

function worldsIn(text: string): ReadonlyMap<string, ComponentType> {
  const packages = new WitPackages();
  return worldsOf(decodeComponent(packages.compile(packages.add([{ file: "a.wit", text }]))));
}

function misfits(of: Component, world: string, among = worlds): readonly (readonly [string, string])[] {
  const type = among.get(world);
  if (type === undefined) {
    throw new Error(`no world ${world}`);
  }
  return worldMisfits(of.type, type).map(({ code, name }) => [code, name]);
}

describe("a component and a world", () => {
  test("fit where the component was made for the world, or needs less than it", () => {
    expect(misfits(component, "w")).toEqual([]);
    expect(misfits(component, "wider")).toEqual([]);
  });

  test("do not fit where an import is not there or an export is missing", async () => {
    const wider = decodeComponent(await dummyOf(source("u32"), "wider"));
    expect(misfits(wider, "w")).toEqual([
      ["target-import", "a:b/extra"],
      ["target-import", "own-thing"],
      ["target-export", "run"],
    ]);
  });

  test("do not fit where types differ, and it is said where", () => {
    const other = worldsIn(source("string"));
    expect(misfits(component, "w", other)).toEqual([["target-mismatch", "a:b/frames"]]);
    const world = other.get("w");
    expect(world && worldMisfits(component.type, world)[0]?.notes).toEqual([
      "at `latest` › `result`",
      "expected: string",
      "found: u32",
    ]);
  });
});
