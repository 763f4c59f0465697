import { type ExternType, isExtern } from "@playhead/component-model";
import { beforeAll, describe, expect, test } from "vitest";
import { componentFrom, contractSource, dummyOf, packagesOf } from "./components.case.ts";
import { link } from "./link.ts";
import { exportedInstances, order } from "./order.ts";
import type { PackageResolver } from "./packages.ts";
import { compose } from "./resolve/resolve.ts";
import { wiresOf } from "./wires.ts";

const adas = `/// The pipeline.
package example:adas;

let decoder = new adas:video-decoder { ... };
let detector = new adas:object-detection { frames: decoder.frames, ... };
let fusion = new adas:sensor-fusion { ...detector, ... };
let tracks = fusion.tracks;
let monitor = new adas:safety-monitor { tracks, ... };
let picture = new adas:visualizer {
  "adas:perception/detections@0.1.0": detector["adas:perception/detections@0.1.0"],
  ...fusion,
  alerts: (monitor).alerts,
  ...
};

export decoder["playhead:sim/component@0.1.0"] as video-decoder;
export detector.component as "object-detection";
export fusion.component as sensor-fusion;
export monitor.component as safety-monitor;
export picture.component as visualizer;
export picture.view;
`;
const worlds = ["video-decoder", "object-detection", "sensor-fusion", "safety-monitor", "visualizer"];

let resolver: PackageResolver;

beforeAll(async () => {
  const source = contractSource();
  const built = await Promise.all(
    worlds.map(async (world) => [`adas:${world}`, await dummyOf(source, world)]),
  );
  resolver = packagesOf(Object.fromEntries(built));
});

/** An object of the host with all functions and classes that an interface asks for. */
function hostFor(type: ExternType): Record<string, () => void> {
  const exports = type.kind === "instance" ? [...type.type.exports] : [];
  return Object.fromEntries(
    exports.map(([name, extern]) => {
      const words = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
      const isClass = extern.kind === "type";
      return [
        isClass ? words.charAt(0).toUpperCase() + words.slice(1) : words,
        isClass ? class {} : () => {},
      ];
    }),
  ) as Record<string, () => void>;
}

describe("the composition of the driver-assistance pipeline", () => {
  test("resolves, with the wires between the components", async () => {
    const composition = await compose(adas, { resolver });
    const wires = wiresOf(composition).map(
      (wire) => `${wire.provider} → ${wire.consumer}: ${wire.importName}`,
    );
    expect(wires).toEqual([
      "decoder → detector: adas:perception/frames@0.1.0",
      "detector → fusion: adas:perception/detections@0.1.0",
      "fusion → monitor: adas:perception/tracks@0.1.0",
      "detector → picture: adas:perception/detections@0.1.0",
      "fusion → picture: adas:perception/tracks@0.1.0",
      "monitor → picture: adas:perception/alerts@0.1.0",
    ]);
  });

  test("imports each interface of the host once", async () => {
    const composition = await compose(adas, { resolver });
    expect(composition.imports.map((node) => node.name).sort()).toEqual([
      "playhead:sim/bus@0.1.0",
      "playhead:sim/diagnostics@0.1.0",
      "playhead:sim/sensors@0.1.0",
      "playhead:sim/types@0.1.0",
    ]);
    expect(composition.imports.every((node) => !node.explicit)).toBe(true);
  });

  test("exports instances with their providers, providers first", async () => {
    const composition = await compose(adas, { resolver });
    expect(order(composition).map((node) => node.path)).toEqual([
      "decoder",
      "detector",
      "fusion",
      "monitor",
      "picture",
    ]);
    expect(exportedInstances(composition).map(({ exportName, provider }) => [exportName, provider])).toEqual([
      ["video-decoder", "decoder"],
      ["object-detection", "detector"],
      ["sensor-fusion", "fusion"],
      ["safety-monitor", "monitor"],
      ["playhead:sim/view@0.1.0", "picture"],
      ["visualizer", "picture"],
    ]);
    const units = exportedInstances(composition).filter(
      ({ interfaceName }) => interfaceName === "playhead:sim/component@0.1.0",
    );
    expect(units).toHaveLength(5);
  });

  test("links in the host", async () => {
    const composition = await compose(adas, { resolver });
    const imports = Object.fromEntries(composition.imports.map((node) => [node.name, hostFor(node.type)]));
    const { exports, instances } = link(composition, { imports });
    expect([...instances.keys()]).toEqual(["decoder", "detector", "fusion", "monitor", "picture"]);
    expect([...exports].map(([name, { value, provider }]) => [name, provider, isExtern(value)])).toEqual([
      ["video-decoder", "decoder", true],
      ["object-detection", "detector", true],
      ["sensor-fusion", "fusion", true],
      ["safety-monitor", "monitor", true],
      ["visualizer", "picture", true],
      ["playhead:sim/view@0.1.0", "picture", true],
    ]);
  });

  test("decodes a package once, however many instances there are of it", async () => {
    const decoded: string[] = [];
    const { decodeComponent } = await import("@playhead/component-model");
    const composition = await compose(
      `package a:b;
       let one = new adas:video-decoder { ... };
       let two = new adas:video-decoder { ... };
       export one.component as one;
       export two.component as two;`,
      {
        resolver,
        decode: (bytes, name) => {
          decoded.push(name);
          return decodeComponent(bytes, { name });
        },
      },
    );
    expect(decoded).toEqual(["adas:video-decoder"]);
    expect(composition.instantiations.map((node) => node.path)).toEqual(["one", "two"]);
  });

  test("resources of the host are the same for all components", async () => {
    // A component that takes a subscriber from another: both got theirs from the same import.
    const source = `package test:bus;
      interface source { resource subscriber; read: func() -> u32; }
      interface pool { use source.{subscriber}; next: func() -> subscriber; }
      world provider { import source; export pool; }
      world consumer { import source; import pool; export run: func(); }`;
    const [provider, consumer] = await Promise.all([
      dummyOf(source, "provider"),
      dummyOf(source, "consumer"),
    ]);
    const composition = await compose(
      "package a:b; let p = new test:provider { ... }; export (new test:consumer { pool: p.pool, ... }).run;",
      { resolver: packagesOf({ "test:provider": provider, "test:consumer": consumer }) },
    );
    expect(composition.imports.map((node) => node.name)).toEqual(["test:bus/source"]);
    expect([...composition.exports.keys()]).toEqual(["run"]);
  });

  test("a resource of one instance is not that of another", async () => {
    const maker = await componentFrom(`(component
      (type $r' (resource (rep i32)))
      (export $r "r" (type $r'))
      (core module $m (func (export "make") (result i32) (i32.const 0)))
      (core instance $i (instantiate $m))
      (func $new' (result (own $r')) (canon lift (core func $i "make")))
      (export "make" (func $new') (func (result (own $r)))))`);
    const user = await componentFrom(`(component
      (import "r" (type $r (sub resource)))
      (import "make" (func (result (own $r)))))`);
    const packages = packagesOf({ "test:maker": maker, "test:user": user });
    const head = "package a:b; let one = new test:maker {}; let two = new test:maker {};";
    await expect(
      compose(`${head} let user = new test:user { r: one.r, make: one.make };`, { resolver: packages }),
    ).resolves.toBeDefined();
    await expect(
      compose(`${head} let user = new test:user { r: one.r, make: two.make };`, { resolver: packages }),
    ).rejects.toMatchObject({ code: "mismatched-argument", found: "another resource r" });
  });
});
