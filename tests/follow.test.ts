import type { ChildProcess } from "node:child_process";
import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createMcapWriter,
  declarationsOf,
  type McapWriter,
  messagesOf,
  openMcapMessages,
} from "@playhead/store";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeDrive, scratchFolder } from "./drives.ts";
import { playhead, type RunJson, startPlayhead } from "./playhead.ts";

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let drive: string;

beforeAll(async () => {
  folder = await scratchFolder();
  drive = await makeDrive(join(folder.path, "source.mcap"), { durationS: 4 });
});

const children: ChildProcess[] = [];

afterAll(async () => {
  // Of a test that has failed: it would follow for ever.
  for (const child of children)
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  await folder?.remove();
});

/** A recorder that writes the drive: `until` writes all messages up to so many seconds from its start. */
interface Recorder {
  until(seconds: number): Promise<void>;
  finish(): Promise<void>;
}

async function record(path: string): Promise<Recorder> {
  const source = await openMcapMessages(drive);
  const writer: McapWriter = await createMcapWriter(path, { profile: source.profile });
  const declarations = declarationsOf(source);
  for (const declaration of declarations) await writer.addChannel(declaration);
  const pages = messagesOf(source)[Symbol.asyncIterator]();
  let page: Awaited<ReturnType<typeof pages.next>>["value"] = [];
  let startNs: bigint | undefined;
  const write = async (untilNs: (startNs: bigint) => bigint): Promise<void> => {
    for (;;) {
      const message = page?.[0];
      if (message === undefined) {
        const next = await pages.next();
        if (next.done === true) return;
        page = [...next.value];
        continue;
      }
      const firstNs: bigint = startNs ?? message.logTimeNs;
      startNs = firstNs;
      if (message.logTimeNs > untilNs(firstNs)) break;
      page?.shift();
      await writer.write(message.channel, message.logTimeNs, message.publishTimeNs, message.data);
    }
    await writer.flush();
  };
  return {
    until: (seconds) => write((firstNs) => firstNs + BigInt(Math.round(seconds * 1e9))),
    finish: async () => {
      await write(() => 2n ** 63n);
      await writer.close();
      await source.close();
    },
  };
}

/** Pictures that a run has drawn. */
const picturesIn = async (path: string): Promise<number> =>
  (await readdir(path, { recursive: true }).catch(() => [])).filter((name) => name.endsWith(".png")).length;

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command, and its end with all that it printed. */
function start(...args: string[]) {
  const child = startPlayhead(args);
  children.push(child);
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.on("data", (chunk: Buffer) => {
      said[name] += chunk.toString();
    });
  const ended = new Promise<Ended>((resolve) =>
    child.once("close", (exitCode) => resolve({ exitCode, ...said })),
  );
  return { child, ended, said };
}

it("a run that follows a recorder is the run of the finished recording", async () => {
  const [recording, out, plainOut] = ["live.mcap", "followed.mcap", "plain.mcap"].map((name) =>
    join(folder.path, name),
  ) as [string, string, string];
  const recorder = await record(recording);
  const pictures = join(folder.path, "pictures");
  const { ended } = start("run", recording, "--follow", "--out", out, "--frames", pictures, "--json");
  for (const seconds of [2.1, 2.4, 2.8, 3.3]) {
    const before = await picturesIn(pictures);
    await recorder.until(seconds);
    await expect.poll(() => picturesIn(pictures)).toBeGreaterThan(before);
  }
  await recorder.finish();
  const { exitCode, stdout, stderr } = await ended;
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: expect.stringMatching(/^(Waiting for .*\n)?$/),
  });
  const followed = JSON.parse(stdout) as RunJson & { state: string; problems: unknown[] };
  expect(followed).toMatchObject({ state: "ended", problems: [] });
  const ran = await playhead(["run", recording, "--out", plainOut, "--json"]);
  const plain = JSON.parse(ran.stdout) as RunJson;
  const { runHash, inputHash, durationUs, readings, topics, views, alerts } = plain;
  expect(followed).toMatchObject({ runHash, inputHash, durationUs, readings, topics, views, alerts });
  expect(Buffer.compare(await readFile(out), await readFile(plainOut))).toBe(0);
  expect(JSON.parse((await playhead(["run", recording, "--follow", "--json"])).stdout)).toMatchObject({
    runHash,
  });
});

it("waits for a recorder that has only just begun, and for sensors that come a little later", async () => {
  const [recording, empty] = ["begun.mcap", "empty.mcap"].map((name) => join(folder.path, name)) as [
    string,
    string,
  ];
  await writeFile(empty, "");
  const early = start("run", empty, "--follow", "--json");
  const source = await openMcapMessages(drive);
  const writer = await createMcapWriter(recording);
  const declarations = declarationsOf(source);
  const written = new Map<number, number>();
  const write = async (topics: readonly string[], fromS: number, toS: number): Promise<void> => {
    let startNs: bigint | undefined;
    for await (const page of messagesOf(source))
      for (const { channel, logTimeNs, publishTimeNs, data } of page) {
        startNs ??= logTimeNs;
        const seconds = Number(logTimeNs - startNs) / 1e9;
        const declaration = declarations[channel] as (typeof declarations)[number];
        if (!topics.includes(declaration.topic) || seconds < fromS || seconds >= toS) continue;
        if (!written.has(channel)) written.set(channel, await writer.addChannel(declaration));
        await writer.write(written.get(channel) as number, logTimeNs, publishTimeNs, data);
      }
    await writer.flush();
  };
  await write(["/imu/data"], 0, 1);
  const { ended } = start("run", recording, "--follow", "--json");
  await write(["/imu/data", "/gps/fix"], 1, 4);
  await writer.close();
  await source.close();
  const { exitCode, stdout, stderr } = await ended;
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: expect.stringMatching(/^(Waiting for .*\n)?$/),
  });
  const followed = JSON.parse(stdout) as RunJson;
  expect(Object.keys(followed.readings)).toEqual(["/gps/fix", "/imu/data"]);
  expect(followed).toMatchObject({ problems: [] });
  await appendFile(empty, await readFile(recording));
  const other = await early.ended;
  expect(other).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/^Waiting for .*\n$/) });
  expect(JSON.parse(other.stdout)).toMatchObject({ runHash: followed.runHash });
});

it("ends where it was asked to, while the recorder goes on", async () => {
  const recording = join(folder.path, "long.mcap");
  const recorder = await record(recording);
  const { ended } = start("run", recording, "--follow", "--to", "2", "--json");
  for (const seconds of [0.5, 1, 2.5]) await recorder.until(seconds);
  const { exitCode, stdout } = await ended;
  expect(exitCode).toBe(0);
  await recorder.finish();
  const plain = await playhead(["run", recording, "--to", "2", "--json"]);
  expect((JSON.parse(stdout) as RunJson).runHash).toBe((JSON.parse(plain.stdout) as RunJson).runHash);
});

it("Ctrl+C ends the following, with what there is, or before there is anything", async () => {
  const [recording, out] = ["stalled.mcap", "stalled-out.mcap"].map((name) => join(folder.path, name)) as [
    string,
    string,
  ];
  const recorder = await record(recording);
  const early = start("run", recording, "--follow", "--out", out);
  await expect.poll(() => early.said.stderr).toMatch(/^Waiting for 2 s of messages in .*stalled\.mcap/);
  early.child.kill("SIGINT");
  expect(await early.ended).toMatchObject({ exitCode: 130, stdout: "" });

  const pictures = join(folder.path, "stalled-pictures");
  const { child, ended } = start("run", recording, "--follow", "--out", out, "--frames", pictures, "--json");
  await recorder.until(2.5);
  await expect.poll(() => picturesIn(pictures)).toBeGreaterThan(10);
  child.kill("SIGINT");
  const { exitCode, stdout } = await ended;
  expect(exitCode).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ state: "interrupted" });
  const inspected = await playhead(["inspect", out, "--json"]);
  expect(JSON.parse(inspected.stdout)).toMatchObject({ run: { state: "interrupted" }, problems: [] });
  await recorder.finish();
});

it("the studio shows a recording that grows", async () => {
  const recording = join(folder.path, "shown.mcap");
  const recorder = await record(recording);
  await recorder.until(2.1);
  const { child, ended, said } = start("studio", recording, "--follow", "--port", "0", "--speed", "max");
  await expect.poll(() => said.stdout).toMatch(/http:\S+/);
  const address = /http:\S+/.exec(said.stdout)?.[0] as string;
  const status = async (): Promise<{ state: string; startUs: number; endUs: number; timeUs: number }> =>
    (await (await fetch(`${address}api/status`)).json()) as never;
  const lengthS = async (): Promise<number> => {
    const { startUs, endUs } = await status();
    return (endUs - startUs) / 1e6;
  };
  const command = (body: object): Promise<Response> =>
    fetch(`${address}api/commands`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  expect(await lengthS()).toBeLessThan(2.11);
  await command({ type: "play" });
  await recorder.until(3);
  await expect.poll(lengthS).toBeGreaterThan(2.9);
  expect((await status()).state).toBe("playing");
  await command({ type: "pause" });
  await expect.poll(async () => (await status()).state).toBe("paused");
  await command({ type: "play" });
  await recorder.finish();
  await expect.poll(async () => (await status()).state).toBe("ended");
  child.kill("SIGINT");
  expect((await ended).exitCode).toBe(0);
});

it("what cannot be followed is refused, with what can", async () => {
  for (const [args, said] of [
    [
      ["run", drive, "--follow", "--state", join(folder.path, "state")],
      "'--follow' cannot be used with option '--state",
    ],
    [
      ["run", "postgres://host/drives/x", "--follow"],
      "expected an MCAP file that is read as it is, found an address",
    ],
    [["run", drive, "--follow", "--time", "header"], "found --dbc or --time header"],
    [["studio", drive, "--follow", "--dbc", "car.dbc"], "found --dbc or --time header"],
  ] as const) {
    const ran = await playhead(args);
    expect(ran.stderr).toContain(said);
    expect(ran.exitCode).toBe(2);
  }
});
