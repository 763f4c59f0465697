import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import {
  configOf,
  defaultConfig,
  layerOf,
  parseConfig,
  parseLayer,
  parseRunFile,
  runFileSchema,
} from "./config.ts";

describe("parseConfig", () => {
  it("fills in what is not said", () => {
    expect(parseConfig("", "sim.yaml")).toEqual(defaultConfig());
    const config = parseConfig(
      "units: { a: { rateHz: 5, settings: { x: 1, y: true, z: text } } }",
      "sim.yaml",
    );
    expect(config.units.a).toEqual({
      rateHz: 5,
      publishes: {},
      subscribes: {},
      restarts: 3,
      settings: { x: 1, y: true, z: "text" },
      views: {},
    });
    expect(config.tickRateHz).toBe(100);
  });

  it.each([
    ["units: [", "sim.yaml:1:9"],
    ["- a", "expected a mapping"],
    ["tickRateHz: fast", "sim.yaml:1:13: tickRateHz"],
    ["units:\n  a:\n    rateHz: -1", "sim.yaml:3:13: units.a.rateHz"],
    ["colour: red", 'sim.yaml: the configuration: Unrecognized key: "colour"'],
    ["units: { a: { publishes: { /t: { role: king } } } }", "units.a.publishes./t.role"],
    ["a: &a [x]\nb: [*a, *a, *nothing]", "sim.yaml: Unresolved alias"],
  ])("refuses %j", (text, message) => {
    expect(() => parseConfig(text, "sim.yaml")).toThrow(message);
  });

  it("refuses what is nested too deeply, and what is too long", () => {
    expect(() => parseConfig("[".repeat(100_000), "sim.yaml")).toThrow(
      expect.objectContaining({ code: "bad-configuration", message: expect.stringMatching(/^sim\.yaml/) }),
    );
    expect(() => parseConfig(`units: ${"{ a: ".repeat(50_000)}${"}".repeat(50_000)}`, "sim.yaml")).toThrow(
      /^sim\.yaml: .*nested too deeply/,
    );
    expect(() => parseConfig(" ".repeat(2 ** 20 + 1), "sim.yaml")).toThrow(
      /sim\.yaml: expected at most 1048576/,
    );
  });

  it("does not let aliases multiply", () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`);
    expect(() => parseConfig(`l0: &l0 [x]\n${levels.join("\n")}`, "sim.yaml")).toThrow(/sim.yaml|alias/i);
  });

  it("is documented, key by key, with an example that holds", async () => {
    const document = await readFile(new URL("../../../../docs/configuration.md", import.meta.url), "utf8");
    const example = /```yaml\n(.*?)```/s.exec(document)?.[1] ?? "";
    expect(parseConfig(example, "configuration.md").units.tracker?.rateHz).toBe(20);
    const keys = keysOf(runFileSchema());
    expect(keys.length).toBeGreaterThan(50);
    for (const key of keys) expect(document).toContain(`| \`${key}\` |`);
    for (const [key, value] of Object.entries(defaultConfig()))
      if (typeof value === "number")
        expect(document).toMatch(new RegExp(`\\| \`${key}\` \\|[^|]*\\| ${value} \\|`));
  });
});

/** Names of all properties that a JSON Schema tells of. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const inner = Object.values(schema).flatMap(keysOf);
  const properties = (schema as { properties?: object }).properties;
  return [...(properties === undefined ? [] : Object.keys(properties)), ...inner];
}

describe("parseRunFile", () => {
  it("tells what is run apart from how", () => {
    const { run, config } = parseRunFile(
      "recording: drive.mcap\ncomposition: my.wac\nfrom: 1.5\nspeed: max\nseed: 3\n",
      "sim.yaml",
    );
    expect(run).toMatchObject({ recording: "drive.mcap", composition: "my.wac", from: 1.5, speed: "max" });
    expect(config).toEqual({ ...defaultConfig(), seed: 3 });
    expect(parseConfig("recording: drive.mcap\nseed: 3", "sim.yaml")).toEqual(config);
  });

  it.each([
    ["recording: 7", "sim.yaml:1:12: recording"],
    ["seed: 1\nspeed: 5000", "sim.yaml:2:8: speed"],
    ["checkpoints:\n  ramBytes: -1", "sim.yaml:2:13: checkpoints.ramBytes"],
    ["sensors: { /imu: { interpolation: magic } }", "sensors./imu.interpolation"],
    ["units: { a: { subscribes: { /t: { depth: 0 } } } }", "units.a.subscribes./t.depth"],
    ["units: { a: { triggers: { sensor: [/imu] } } }", "units.a.triggers"],
  ])("refuses %j", (text, message) => {
    expect(() => parseRunFile(text, "sim.yaml")).toThrow(message);
  });

  it("is described for editors by a JSON Schema, which is published", async () => {
    const published = new URL("../../../../docs/sim.schema.json", import.meta.url);
    // To publish it anew: PLAYHEAD_UPDATE=1, and then Biome formats it.
    if (process.env.PLAYHEAD_UPDATE === "1") await writeFile(published, JSON.stringify(runFileSchema()));
    expect(JSON.parse(await readFile(published, "utf8"))).toEqual(runFileSchema());
  });

  it("goes over another one: mappings are joined, and the later file wins", () => {
    const layers = [
      parseLayer("seed: 1\nunits: { a: { rateHz: 5, settings: { x: 1, y: 2 } }, b: {} }", "a.yaml"),
      parseLayer("recording: r\nunits: { a: { settings: { y: 3 } } }\nneedsAnyOf: [gps]", "b.yaml"),
    ];
    expect(configOf(layers)).toMatchObject({
      seed: 1,
      needsAnyOf: ["gps"],
      units: { a: { rateHz: 5, settings: { x: 1, y: 3 } }, b: {} },
    });
    expect(layerOf(layers, ["units", "a", "settings", "y"])?.file).toBe("b.yaml");
    expect(layerOf(layers, ["units", "a", "settings", "x"])?.file).toBe("a.yaml");
    expect(layerOf(layers, ["units", "c"])).toBeUndefined();
    expect(() => parseLayer("seed: [1]", "b.yaml")).toThrow("b.yaml:1:7: seed");
  });
});
