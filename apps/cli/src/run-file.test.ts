import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { wholeRun } from "./run-file.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-run-file-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(text: string): Promise<string> {
  const path = join(folder, "sim.yaml");
  await writeFile(path, text);
  return path;
}

it("leaves a recording what it is", async () => {
  const options = { from: "3" };
  expect(await wholeRun("drive.mcap", options)).toEqual({
    recording: "drive.mcap",
    options,
    checkpoints: undefined,
  });
});

it("takes from a file what the command line does not say, with paths from where the file is", async () => {
  const path = await file(`
recording: ../drives/a.mcap
composition: my.wac
depsDirs: [deps]
from: 2
to: 1:05
speed: 4
checkpoints: { ramBytes: 1000000 }
`);
  expect(await wholeRun<{ to: string; speed?: string }>(path, { to: "9" })).toEqual({
    recording: join(folder, "../drives/a.mcap"),
    options: {
      overlay: [path],
      composition: join(folder, "my.wac"),
      depsDir: [join(folder, "deps")],
      from: "2",
      to: "9",
      speed: "4",
    },
    checkpoints: { ramBytes: 1_000_000 },
  });
});

it("leaves the address of a recording as it is", async () => {
  const path = await file("recording: postgres://me@host/base/drive");
  expect((await wholeRun(path, {})).recording).toBe("postgres://me@host/base/drive");
});

it("says what is missing, and where something is wrong", async () => {
  const path = await file("seed: 1");
  await expect(wholeRun(path, {})).rejects.toThrow('sim.yaml: expected the key "recording"');
  await file("recording: a\nfrom: [1]");
  await expect(wholeRun(path, {})).rejects.toThrow("sim.yaml:2:7: from");
});
