import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeClockGuest } from "./clock-guest.ts";
import { makeDrive, scratchFolder } from "./drives.ts";
import { playhead, runJson } from "./playhead.ts";

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let drive: string;

beforeAll(async () => {
  folder = await scratchFolder();
  drive = await makeDrive(join(folder.path, "drive.mcap"), { durationS: 1 });
});

afterAll(async () => {
  await folder?.remove();
});

it("a unit that is granted the machine's clock breaks repeatability, and the report says so", async () => {
  const composition = await makeClockGuest(folder.path, "machine");
  const first = await runJson([drive, "--composition", composition]);
  expect(first.topics).toEqual({ "/clock": 10 });
  expect((await runJson([drive, "--composition", composition])).runHash).not.toBe(first.runHash);
  const { stdout } = await playhead(["run", drive, "--composition", composition]);
  expect(stdout).toMatch(/clock-machine warning: is given the machine's clock: runs are not repeatable/);
});

it("without it, the same unit gives the same run", async () => {
  const composition = await makeClockGuest(folder.path, "virtual");
  const first = await runJson([drive, "--composition", composition]);
  expect((await runJson([drive, "--composition", composition])).runHash).toBe(first.runHash);
});
