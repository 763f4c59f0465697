import { describe, expect, it } from "vitest";
import { WasiError } from "./errors.ts";
import { FileTree } from "./file-tree.ts";

const tree = (...paths: string[]): FileTree =>
  new FileTree(new Map(paths.map((path) => [path, new TextEncoder().encode(path)])));

describe("FileTree", () => {
  const files = tree("/data/b.csv", "data/a.csv", "/data/deep/er/c", "/top");

  it("finds files and directories from the root and from below", () => {
    expect(files.resolve("", "data/a.csv")).toEqual({ path: "data/a.csv" });
    expect(files.resolve("data", "./deep//er/c")).toEqual({ path: "data/deep/er/c" });
    expect(files.resolve("data", "deep/../b.csv")).toEqual({ path: "data/b.csv" });
    expect(files.resolve("data/deep", ".")).toEqual({ path: "data/deep" });
    expect(files.resolve("", "data/")).toEqual({ path: "data" });
  });

  it("tells entries by name", () => {
    const root = files.node("data");
    expect(root.type === "directory" && [...root.entries.keys()]).toEqual(["a.csv", "b.csv", "deep"]);
  });

  it.each([
    ["", "/top", "not-permitted"],
    ["data", "../top", "not-permitted"],
    ["data", "deep/../../top", "not-permitted"],
    ["", "", "no-entry"],
    ["", "data/x", "no-entry"],
    ["", "nowhere/x", "no-entry"],
    ["", "top/x", "not-directory"],
    ["", "top/", "not-directory"],
    ["", "top/..", "not-directory"],
    ["", "__proto__", "no-entry"],
  ])("refuses from %j the path %j: %s", (base, path, problem) => {
    expect(files.resolve(base, path)).toBe(problem);
  });

  it.each([["/"], [""], ["/a//b"], ["/a/"], ["/a/../b"], ["./a"]])("takes no file at %j", (path) => {
    expect(() => tree(path)).toThrow(WasiError);
  });

  it("takes no file where a directory is, nor below another file", () => {
    expect(() => tree("/a/b", "/a")).toThrow("/a: there is a file or a directory");
    expect(() => tree("/a", "/a/b")).toThrow("/a/b: expected a to be a directory");
    expect(() => tree("/a", "a")).toThrow("a: there is a file");
  });
});
