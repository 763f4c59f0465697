import { expect, it } from "vitest";
import { fakePlan, summing } from "../testing/fake-run.case.ts";
import type { LogLevel } from "./unit.ts";
import { unitWasi } from "./unit-wasi.ts";

const YAML = `
seed: drive
units:
  summing:
    wasi:
      environment: { MODE: fast }
      files: { /data/table.csv: table.csv }
`;

function wasiOf(yaml: string) {
  const log: [string, LogLevel, string][] = [];
  const plan = {
    ...fakePlan([summing], yaml),
    files: new Map([["table.csv", new TextEncoder().encode("1,2")]]),
  };
  const wasi = unitWasi({ plan, nowUs: 5_000_000, log: (...line) => log.push(line) });
  const call = (path: string, name: string, fn: string, ...args: unknown[]): unknown => {
    const found = wasi.imports[`wasi:${name}@0.2.12`]?.[fn] as (...args: unknown[]) => unknown;
    return found({ path }, ...args);
  };
  return { log, call };
}

it("gives a unit the time of the run and what the configuration puts around it", () => {
  const { call } = wasiOf(YAML);
  expect(call("summing", "clocks/wall-clock", "now")).toEqual({ seconds: 5n, nanoseconds: 0 });
  expect(call("summing", "cli/environment", "getEnvironment")).toEqual([["MODE", "fast"]]);
  const [[root]] = call("summing", "filesystem/preopens", "getDirectories") as [
    [{ statAt(how: object, path: string): object }],
  ];
  expect(root.statAt({}, "data/table.csv")).toMatchObject({ size: 3n });
  expect(call("other", "cli/environment", "getEnvironment")).toEqual([]);
});

it("writes what is printed to the log, under the unit's name or the instance's own", () => {
  const { call, log } = wasiOf(YAML);
  const print = (path: string, stream: "Stdout" | "Stderr", text: string): void => {
    const output = call(path, `cli/${stream.toLowerCase()}`, `get${stream}`) as {
      write(bytes: Uint8Array): void;
    };
    output.write(new TextEncoder().encode(`${text}\n`));
  };
  print("summing", "Stdout", "one");
  print("summing", "Stderr", "two");
  print("graph/library", "Stdout", "three");
  expect(log).toEqual([
    ["summing", "info", "one"],
    ["summing", "warning", "two"],
    ["library", "info", "three"],
  ]);
});

it("draws random numbers from the seed and the unit's name", () => {
  const draw = (yaml: string, path: string): unknown =>
    wasiOf(yaml).call(path, "random/random", "getRandomU64");
  expect(draw(YAML, "summing")).toBe(draw(YAML, "summing"));
  expect(draw(YAML, "summing")).not.toBe(draw(YAML, "library"));
  expect(draw(YAML, "summing")).not.toBe(draw(YAML.replace("drive", "other"), "summing"));
});

it("takes no path that cannot be a file's", () => {
  for (const path of ["data/table.csv", "/", "/a//b", "/../a", "/a/./b"])
    expect(() => wasiOf(YAML.replace("/data/table.csv", path))).toThrow("expected a path such as");
});
