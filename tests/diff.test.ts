import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeDrive, scratchFolder } from "./drives.ts";
import { playhead, runJson } from "./playhead.ts";

let folder: Awaited<ReturnType<typeof scratchFolder>>;

beforeAll(async () => {
  folder = await scratchFolder();
});

afterAll(async () => {
  await folder?.remove();
});

const at = (name: string): string => join(folder.path, `${name}.mcap`);

it("says of two recorded runs that they are equal, or where they first differ, by its exit code too", async () => {
  for (const seed of [1, 2]) {
    await makeDrive(at(`drive${seed}`), { seed, durationS: 1 });
    await runJson([at(`drive${seed}`), "--out", at(`out${seed}`)]);
  }
  await runJson([at("drive1"), "--speed", "5", "--out", at("again")]);

  const equal = await playhead(["diff", at("out1"), at("again")]);
  expect(equal).toMatchObject({ exitCode: 0, stderr: "" });
  expect(equal.stdout).toMatch(/^Equal: \d+ messages\n$/);

  const text = await playhead(["diff", at("out1"), at("out2")]);
  expect(text.exitCode).toBe(6);
  expect(text.stdout).toMatch(/^Different: /);
  expect(text.stdout).toMatch(
    /First difference\n {2}time .*\n {2}component {2}sensor-fusion\n {2}topic .*\/tracks/,
  );
  expect(text.stdout).toMatch(/ {2}field {6}ego\./);
  const json = await playhead(["diff", at("out1"), at("out2"), "--json"]);
  expect(json.exitCode).toBe(6);
  expect(JSON.parse(json.stdout)).toMatchObject({
    equal: false,
    about: [{ what: "recording", a: "drive1.mcap", b: "drive2.mcap" }, {}, {}],
    first: {
      kind: "payload",
      unit: "sensor-fusion",
      topic: "/tracks",
      payload: { field: { path: expect.stringMatching(/^ego\./) } },
    },
  });
});

it("refuses what is no recording, and says what would do", async () => {
  const ran = await playhead(["diff", at("out1"), join(folder.path, "none.mcap")]);
  expect(ran.exitCode).toBe(3);
  expect(ran.stderr).toContain("none.mcap");
  const candump = join(folder.path, "bus.log");
  await writeFile(candump, "(1700000000.000000) can0 010#00\n(1700000000.010000) can0 010#00\n");
  for (const [other, exitCode, said] of [
    [candump, 3, "found a recording in another format, which `playhead import` writes as MCAP"],
    [folder.path, 3, "expected one recording, found a folder"],
    ["https://host/out.mcap", 2, "found an address of https"],
  ] as const) {
    const refused = await playhead(["diff", at("out1"), other]);
    expect(refused.stderr).toContain(said);
    expect(refused.exitCode).toBe(exitCode);
  }
});
