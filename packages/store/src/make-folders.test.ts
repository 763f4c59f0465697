import { existsSync } from "node:fs";
import { mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolders } from "./make-folders.ts";

let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "playhead-folders-"));
});

afterEach(() => rm(root, { recursive: true }));

test("folders are made, and what is there is left", async () => {
  const path = join(root, "a", "b", "c");
  makeFolders(path);
  makeFolders(`${path}/`);
  expect((await stat(path)).isDirectory()).toBe(true);
});

test("a file, or a link to nowhere, on the way is told", async () => {
  await writeFile(join(root, "file"), "");
  await symlink(join(root, "none"), join(root, "link"));
  expect(() => makeFolders(join(root, "file"))).toThrow(/EEXIST/);
  expect(() => makeFolders(join(root, "file", "a", "b"))).toThrow(/ENOTDIR/);
  expect(() => makeFolders(join(root, "link", "a"))).toThrow(/EEXIST/);
});

test.skipIf(!existsSync("/proc/self"))("a file system that makes no folders is told", () => {
  expect(() => makeFolders("/proc/playhead/a")).toThrow(/ENOENT/);
});
