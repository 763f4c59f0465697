import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runMain } from "./run-main.case.ts";

const SECRET = "hunter2-secret";
const URL = `postgres://u:${SECRET}@127.0.0.1:1/drives/x`;

let folder: string;
const before = process.cwd();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-credentials-"));
  process.chdir(folder);
  await writeFile("a.mcap", "");
});

afterAll(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true, force: true });
});

describe("a password on the command line is in no output", () => {
  it.each([
    ["diff", URL, "a.mcap"],
    ["diff", "a.mcap", URL],
    ["db", URL, "status"],
    ["db", "status", `mysql://u:${SECRET}@h/x`],
    ["db", "status", `postgresql:/u:${SECRET}@/x`],
    ["db", "status", `postgres://u:${SECRET}#1@h/x`],
    ["db", "status", `postgres://me@corp:${SECRET}@127.0.0.1:1/x`],
    ["db", "status", `postgres://u:${SECRET.repeat(40)}@127.0.0.1:1/x/y/z`],
    ["db", `postgres://u:${SECRET.repeat(40)}@h/x`, "status"],
    ["import", "a.mcap", "-o", URL],
    ["convert", "a.mcap", "-o", URL],
    ["table", "a.mcap", "--format", "csv", "-o", URL],
    ["run", "a.mcap", "--out", URL],
    ["run", "a.mcap", "--frames", URL],
    ["run", "a.mcap", "--state", `postgres:/u:${SECRET}@h/x`],
    ["run", "a.mcap", "--composition", URL],
    ["run", "a.mcap", "--config", URL],
    ["run", "a.mcap", "--from", URL],
    ["run", `postgres://u:${SECRET}@127.0.0.1:1/drives/x.yaml`],
    ["verify", "a.mcap", "--moves", URL],
    ["synth", "-o", URL, "--duration", "1"],
    ["export", URL, "-o", URL],
    ["export", `mysql://u:${SECRET}@h/x`, "-o", "x.mcap"],
    ["ingest", "a.mcap", "--to", `mysql://u:${SECRET}@h/x`],
    ["ingest", URL, "--to", URL],
    ["parse", URL],
    ["compose", URL],
    ["targets", URL, "--wit", URL],
    ["plug", URL, "--plug", URL],
    ["replay-fault", URL],
    ["inspect", "a.mcap", "--dbc", URL],
    ["inspect", "a.mcap", "--dbc", `can0=${URL}`],
    ["inspect", "a.mcap", "--csv-map", URL],
    ["inspect", "a.mcap", "--time", URL],
    ["inspect", "a.mcap", "--svg", URL],
    ["inspect", "a.mcap", `--${URL}`],
    ["inspect", `mysql://u:${SECRET}@h/x`],
    ["mcp", URL],
    [URL],
  ])("%s %s %s %s %s", async (...args) => {
    for (const more of [[], ["--json", "--debug"]]) {
      const ran = await runMain(...args.filter((arg) => arg !== undefined), ...more);
      expect(ran.text + ran.errors).not.toContain("hunter2");
      expect(ran.errors).not.toBe("");
      expect(ran.exitCode).toBeGreaterThan(1);
    }
    expect(await readdir(folder)).toEqual(["a.mcap"]);
  });
});
