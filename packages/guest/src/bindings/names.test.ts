import { describe, expect, it } from "vitest";
import { camelCase, parseFunctionName, parseInterfaceName, pascalCase } from "./names.ts";

describe("names", () => {
  it("become AssemblyScript names", () => {
    expect(["sensor-info", "a", "rate-hz", "HTTP-version"].map(pascalCase)).toEqual([
      "SensorInfo",
      "A",
      "RateHz",
      "HTTPVersion",
    ]);
    expect(["list-sensors", "x", "new", "default", "type"].map(camelCase)).toEqual([
      "listSensors",
      "x",
      "new_",
      "default_",
      "type",
    ]);
  });

  it("of functions say what they belong to", () => {
    expect(parseFunctionName("publish")).toEqual({ kind: "function", name: "publish" });
    expect(parseFunctionName("[constructor]store")).toEqual({ kind: "constructor", resource: "store" });
    expect(parseFunctionName("[method]store.blocking-read")).toEqual({
      kind: "method",
      resource: "store",
      name: "blocking-read",
    });
    expect(parseFunctionName("[static]store.open")).toEqual({
      kind: "static",
      resource: "store",
      name: "open",
    });
  });

  it("of interfaces have parts", () => {
    expect(parseInterfaceName("playhead:sim/bus@0.1.0")).toEqual({
      namespace: "playhead",
      package: "sim",
      interface: "bus",
      version: "0.1.0",
    });
    expect(parseInterfaceName("a:b/c")?.version).toBeUndefined();
    expect(parseInterfaceName("plain")).toBeUndefined();
  });
});
