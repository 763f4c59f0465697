import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { recordingName } from "./recording-name.ts";

let folder: string;
const before = process.cwd();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-name-"));
  await mkdir(join(folder, "drive.v2"));
  await writeFile(join(folder, "drive.v2.mcap"), "");
});

afterAll(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true, force: true });
});

it("a recording is called as its folder is, as its file is but for the ending, or as in its database", async () => {
  expect(await recordingName(join(folder, "drive.v2"))).toBe("drive.v2");
  expect(await recordingName(`${join(folder, "drive.v2")}/`)).toBe("drive.v2");
  expect(await recordingName(join(folder, "drive.v2.mcap"))).toBe("drive.v2");
  expect(await recordingName("postgres://me:hunter2@host/drives/a%20b?password=c")).toBe("a b");
  process.chdir(join(folder, "drive.v2"));
  expect(await recordingName(".")).toBe("drive.v2");
  expect(await recordingName("./")).toBe("drive.v2");
  expect(await recordingName("../drive.v2/.")).toBe("drive.v2");
});
