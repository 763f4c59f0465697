import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeDrive, scratchFolder } from "./drives.ts";
import { playhead, type RunJson, startPlayhead } from "./playhead.ts";

/** How often the run is killed; more by hand. */
const KILLS = Number(process.env.PLAYHEAD_KILLS ?? 4);

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let drive: string;

beforeAll(async () => {
  folder = await scratchFolder();
  drive = await makeDrive(join(folder.path, "drive.mcap"), { durationS: 8, seed: 5 });
});

afterAll(async () => {
  await folder?.remove();
});

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.size ?? 0;

/** Starts the run and kills it when the file has grown by so much. False where it came to its end. */
async function killed(args: readonly string[], file: string, growth: number): Promise<boolean> {
  const before = await sizeOf(file);
  const child = startPlayhead(args);
  let running = true;
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once("close", (_code, signal) => {
      running = false;
      resolve(signal);
    }),
  );
  while (running && (await sizeOf(file)) < before + growth) await new Promise((next) => setTimeout(next, 5));
  child.kill("SIGKILL");
  return (await ended) === "SIGKILL";
}

it("a run that is killed again and again goes on, to the same outputs", async () => {
  const [plain, out, state] = ["plain.mcap", "out.mcap", "state"].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
  ];
  const expected = await playhead(["run", drive, "--out", plain, "--json"]);
  const again = ["run", drive, "--out", out, "--state", state];
  let kills = 0;
  for (let seed = 1; kills < KILLS; seed++) {
    const growth = 1 + ((seed * 2_654_435_761) % 60_000);
    if (!(await killed(again, join(state, "checkpoints.log"), growth))) break;
    kills++;
  }
  expect(kills).toBeGreaterThan(1);
  const last = await playhead([...again, "--json"]);
  expect(last.exitCode).toBe(0);
  expect(last.stderr).toMatch(/^Goes on at \d+\.\d{3} s/);
  expect((JSON.parse(last.stdout) as RunJson).runHash).toBe((JSON.parse(expected.stdout) as RunJson).runHash);
  expect(Buffer.compare(await readFile(out), await readFile(plain))).toBe(0);
});

it("checkpoints of another run are not gone on from", async () => {
  const [out, state] = ["other.mcap", "state"].map((name) => join(folder.path, name)) as [string, string];
  const other = await playhead(["run", drive, "--to", "2", "--out", out, "--state", state]);
  expect(other.exitCode).toBe(0);
  expect(other.stderr).not.toMatch(/Goes on/);
});

it("a folder with other things in it is not taken", async () => {
  const ran = await playhead(["run", drive, "--state", folder.path]);
  expect(ran.exitCode).toBe(3);
  expect(ran.stderr).toMatch(/expected an empty folder, or one with checkpoints/);
});
