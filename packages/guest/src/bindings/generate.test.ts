import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readWit } from "../wit-source.ts";
import { resolveWorld } from "../world.ts";
import { generateBindings } from "./generate.ts";

const ROOT = `${import.meta.dirname}/../../../..`;
const wit = readWit([`${ROOT}/wit`]);

/** The text without the names by which modules refer to each other. */
function plain(text: string | undefined): string {
  return (text ?? "").replaceAll(/\b_[a-z_]+\./g, "");
}

describe("the bindings of the contract", () => {
  it("have the signatures that GUESTS.md shows", async () => {
    const files = new Map<string, string>();
    for (const world of ["video-decoder", "visualizer"]) {
      const bindings = generateBindings(await resolveWorld(wit, world), "../src");
      for (const [name, text] of bindings.files) files.set(name, `${files.get(name) ?? ""}${plain(text)}`);
    }
    const page = readFileSync(`${ROOT}/packages/guest/GUESTS.md`, "utf8");
    const example = page.slice(page.indexOf("// generated/…/sensors"), page.indexOf("A whole guest"));
    let module = "";
    let checked = 0;
    for (const line of example.split("\n")) {
      module = /^\/\/ generated\/…\/(\S+)/.exec(line)?.[1] ?? (line.startsWith("// what") ? "glue" : module);
      const signature = /^\s*(?:export )?((?:function )?\w+\(.*\): [^;{]+)/.exec(line)?.[1];
      if (signature === undefined) continue;
      expect(files.get(`${module}.ts`), `${module}: ${signature}`).toContain(signature.trim());
      checked++;
    }
    expect(checked).toBeGreaterThan(18);
  });

  it("name the sources that a guest needs, and the core exports", async () => {
    const bindings = generateBindings(await resolveWorld(wit, "video-decoder"), "../src");
    expect([...bindings.sources]).toEqual([
      ["frames", "adas:perception/frames@0.1.0"],
      ["component", "playhead:sim/component@0.1.0"],
    ]);
    const names = [...bindings.coreExports.values()].flat();
    for (const name of ["frames@0.1.0#latest", "component@0.1.0#step"]) {
      expect(names.filter((each) => each.endsWith(name))).toHaveLength(2);
    }
    expect(names).toContain("cabi_realloc");
    expect(names).toContain("cabi_post_adas:perception/frames@0.1.0#cameras");
  });

  it("keep names and order", async () => {
    const bindings = generateBindings(await resolveWorld(wit, "visualizer"), "../src");
    const types = plain(bindings.files.get("types.ts"));
    expect(types).toContain(
      "export enum SensorKind {\n  Camera,\n  Radar,\n  Lidar,\n  Ultrasonic,\n  Imu,\n  Gps,\n  Can,\n  Other,\n}",
    );
    expect(
      [...types.matchAll(/get ([a-z]\w*)\(\): ([^{]+) \{/gi)].map((match) => `${match[1]}: ${match[2]}`),
    ).toEqual(
      expect.arrayContaining([
        "rateHz: f64",
        "metadata: string | null",
        "payload: Bytes",
        "kind: SensorKind",
      ]),
    );
    expect(plain(bindings.files.get("view.ts"))).toMatch(
      /class TupleRectRgba[\s\S]*get f0\(\): Rect[\s\S]*get f1\(\): Rgba/,
    );
    expect([...bindings.files.keys()]).toEqual(
      expect.arrayContaining(["alerts.ts", "bus.ts", "component.ts", "view.ts", "abort.ts", "glue.ts"]),
    );
  });
});
