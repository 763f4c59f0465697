import { describe, expect, it } from "vitest";
import { findCompatible, isLabel, parseName, uniquenessKey } from "./names.ts";

describe("names", () => {
  it("parses what imports and exports are called", () => {
    expect(parseName("run-fast")).toEqual({ kind: "label", label: "run-fast" });
    expect(parseName("get-HTTP2-body")).toEqual({ kind: "label", label: "get-HTTP2-body" });
    expect(parseName("[constructor]file")).toEqual({ kind: "constructor", resource: "file" });
    expect(parseName("[method]file.read-all")).toEqual({
      kind: "method",
      resource: "file",
      label: "read-all",
    });
    expect(parseName("[static]file.open")).toEqual({ kind: "static", resource: "file", label: "open" });
    expect(parseName("playhead:sim/bus@0.1.0")).toEqual({
      kind: "interface",
      path: "playhead:sim/bus",
      version: "0.1.0",
    });
    expect(parseName("wasi:http/types@0.2")).toEqual({
      kind: "interface",
      path: "wasi:http/types",
      version: "0.2",
    });
    expect(parseName("a:b/c")).toEqual({ kind: "interface", path: "a:b/c", version: undefined });
    expect(parseName("a:b/c@1.0.0-rc.1+build")?.kind).toBe("interface");
    expect(parseName("unlocked-dep=<a:b@{>=1.0.0}>")?.kind).toBe("dependency");
  });

  it.each([
    "",
    "-",
    "a-",
    "-a",
    "aB",
    "1a",
    "a--b",
    "a_b",
    "a b",
    "A-bC",
    "a:b",
    "a:b/",
    "[method]a",
    "[constructor]a.b",
  ])("refuses %j", (name) => {
    expect(parseName(name)).toBeUndefined();
  });

  it("knows labels", () => {
    expect(isLabel("a0-b1")).toBe(true);
    expect(isLabel("a:b/c")).toBe(false);
  });

  it("tells names apart as the specification's example does", () => {
    const unique = [
      "foo",
      "foo-bar",
      "[constructor]foo",
      "[method]foo.bar",
      "[static]foo.baz",
      "foo:bar/baz",
    ];
    const keys = new Set(unique.map(uniquenessKey));
    expect(keys.size).toBe(unique.length);
    const clashing = [
      "FOO",
      "foo-BAR",
      "[constructor]FOO",
      "[method]foo.BAR",
      "[static]foo.bar",
      "[method]foo.baz",
    ];
    for (const name of [...clashing, "[method]foo.foo", "[static]foo-BAR.FOO-bar"]) {
      expect(keys.has(uniquenessKey(name)), name).toBe(true);
    }
  });
});

describe("compatible versions", () => {
  const given = [
    "a:b/c@0.2.0",
    "a:b/c@0.2.7",
    "a:b/c@0.3.1",
    "a:b/c@1.4.0",
    "a:b/d@0.2.9",
    "a:b/c@0.0.4",
    "plain",
  ];
  it.each([
    ["a:b/c@0.2.0", "a:b/c@0.2.0"],
    ["a:b/c@0.2.3", "a:b/c@0.2.7"],
    ["a:b/c@0.2", "a:b/c@0.2.7"],
    ["a:b/c@1.0.0", "a:b/c@1.4.0"],
    ["a:b/c@1", "a:b/c@1.4.0"],
    ["a:b/c@2.0.0", undefined],
    ["a:b/c@0.4.0", undefined],
    ["a:b/c@0.0.3", undefined],
    ["a:b/c@0.2.8-rc", undefined],
    ["a:b/c", undefined],
    ["plain", "plain"],
  ])("finds for %s: %s", (name, expected) => {
    expect(findCompatible(name, given)).toBe(expected);
  });
});
