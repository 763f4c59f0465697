import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeClockGuest } from "./clock-guest.ts";
import { makeDrive, scratchFolder } from "./drives.ts";
import { playhead } from "./playhead.ts";

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let drive: string;

beforeAll(async () => {
  folder = await scratchFolder();
  drive = await makeDrive(join(folder.path, "drive.mcap"), { durationS: 1 });
});

afterAll(async () => {
  await folder?.remove();
});

it("finds the ADAS pipeline the same whatever is done with it: straight, moved, linked, encoded", async () => {
  const ran = await playhead(["verify", drive, "--runs", "1", "--seed", "seven", "--json"]);
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  const { equal, places, runs, finding } = JSON.parse(ran.stdout);
  expect({ equal, finding }).toEqual({ equal: true, finding: undefined });
  expect(places).toBeGreaterThan(10);
  expect(runs).toEqual([
    ...["plain", "again", "pattern 1", "plain, encoded", "pattern 1, encoded"],
    "the places visited",
  ]);
});

it("finds a component that is granted the machine's clock, and names time, component and field", async () => {
  const composition = await makeClockGuest(folder.path, "machine");
  const found = join(folder.path, "found");
  const json = await playhead(["verify", drive, "--composition", composition, "--out", found, "--json"]);
  expect(json.exitCode).toBe(6);
  expect(JSON.parse(json.stdout)).toMatchObject({
    equal: false,
    reproduction: found,
    finding: {
      difference: {
        kind: "outputs",
        first: {
          unit: "clock-machine",
          topic: "/clock",
          index: 0,
          timeUs: expect.any(Number),
          payload: { byteOffset: expect.any(Number), field: { path: "reading.now_us" } },
        },
      },
      state: { events: 1, equalUntil: 0, components: ["clock-machine"] },
    },
  });
});

it("writes what it takes to see the difference again", async () => {
  const found = join(folder.path, "found");
  const readme = await readFile(join(found, "README.md"), "utf8");
  const line = /^playhead (verify excerpt\.mcap .*)$/m.exec(readme)?.[1] ?? "";
  const args = line.split(" ").map((arg) => (/(mcap|wasm|json)$/.test(arg) ? join(found, arg) : arg));
  const again = await playhead([...args, "--out", join(folder.path, "again")]);
  expect(again.exitCode).toBe(6);
  expect(again.stdout).toMatch(/^Different: again \(b\) is not plain \(a\)\n/);
  expect(again.stdout).toMatch(/ {2}time .*T.*\n {2}component {2}clock-machine\n {2}topic {6}\/clock/);
  expect(again.stdout).toMatch(/ {2}field {6}reading\.now_us\n {2}a {10}\d{16}\n {2}b {10}\d{16}\n/);
  expect((await playhead(["diff", join(found, "a.mcap"), join(found, "b.mcap")])).exitCode).toBe(6);
});

it("refuses what it cannot do", async () => {
  expect(await playhead(["verify", drive, "--runs", "many"])).toMatchObject({ exitCode: 2 });
  expect(await playhead(["verify", drive, "--moves", drive])).toMatchObject({ exitCode: 2 });
});
