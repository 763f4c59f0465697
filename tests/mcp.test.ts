import { spawn } from "node:child_process";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeDrive, scratchFolder } from "./drives.ts";
import { PROGRAM, runJson } from "./playhead.ts";
import { ROOT } from "./surroundings.ts";

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let drive: string;
let client: Client;

beforeAll(async () => {
  folder = await scratchFolder();
  drive = await makeDrive(join(folder.path, "drive.mcap"), { durationS: 2 });
  client = new Client({ name: "test", version: "0" });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [PROGRAM, "mcp"], cwd: ROOT }),
  );
});

afterAll(async () => {
  await client?.close();
  await folder?.remove();
});

interface Answer {
  readonly isError?: boolean;
  readonly content: { type: string; text?: string; data?: string; mimeType?: string }[];
}

async function call(name: string, args: Record<string, unknown> = {}): Promise<Answer> {
  return (await client.callTool({ name, arguments: args })) as unknown as Answer;
}

async function json(name: string, args: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const answer = await call(name, args);
  if (answer.isError === true) throw new Error(answer.content[0]?.text);
  return JSON.parse(answer.content[0]?.text ?? "") as Record<string, unknown>;
}

it("offers two tools, described for an agent", async () => {
  const { tools } = await client.listTools();
  expect(
    tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
  ).toMatchSnapshot();
});

it("says what to do first", async () => {
  const answer = await call("simulation_control", { action: "play" });
  expect(answer.isError).toBe(true);
  expect(answer.content[0]?.text).toContain("start_simulation");
});

it("starts, steps, seeks and plays a simulation to the hash of the command line", async () => {
  const started = await json("start_simulation", { recording: drive });
  expect(started.units).toEqual([
    "video-decoder",
    "object-detection",
    "sensor-fusion",
    "safety-monitor",
    "visualizer",
  ]);
  expect(started.status).toMatchObject({ state: "paused", timeS: 0 });
  expect(await json("simulation_control", { action: "step", count: 5 })).toMatchObject({
    state: "paused",
    timeS: 0.05,
  });
  expect(await json("simulation_control", { action: "seek", time_s: 1.5 })).toMatchObject({ timeS: 1.5 });
  expect(await json("simulation_control", { action: "seek", time_s: 0.5 })).toMatchObject({ timeS: 0.5 });
  expect(await json("simulation_control", { action: "checkpoint" })).toMatchObject({
    timeS: 0.5,
    checkpoint: { timeUs: expect.any(Number), events: expect.any(Number) },
  });
  const ended = await json("simulation_control", { action: "play", wait: true });
  const { runHash } = await runJson([drive]);
  expect(ended).toMatchObject({ state: "ended", runHash });
});

it("shows what a view shows", async () => {
  const answer = await call("simulation_control", { action: "picture", view: "visualizer/birds-eye" });
  expect(answer.content[0]).toMatchObject({ type: "image", mimeType: "image/png" });
  expect(
    Buffer.from(answer.content[0]?.data ?? "", "base64")
      .subarray(1, 4)
      .toString(),
  ).toBe("PNG");
});

it("answers with an error that an agent can act on", async () => {
  const missing = await call("start_simulation", { recording: join(folder.path, "none.mcap") });
  expect(missing.isError).toBe(true);
  expect(missing.content[0]?.text).toContain("none.mcap");
  const bad = await call("simulation_control", { action: "seek" });
  expect(bad.isError).toBe(true);
});

it("answers a waiting play when another command pauses it", async () => {
  await json("start_simulation", { recording: drive, speed: 0.01 });
  const waiting = json("simulation_control", { action: "play", wait: true });
  await expect
    .poll(async () => (await json("simulation_control", { action: "status" })).state)
    .toBe("playing");
  await json("simulation_control", { action: "pause" });
  expect(await waiting).toMatchObject({ state: "paused" });
});

it("goes back as exactly as it goes forward: by events, messages and to where something held", async () => {
  await json("start_simulation", { recording: drive });
  const control = (args: Record<string, unknown>) => json("simulation_control", args);
  const found = await control({ action: "run_until", until: { on: "message", topic: "/tracks" } });
  expect(found).toMatchObject({ state: "paused", found: true });
  const { runHash, events } = found;
  for (const unit of ["event", "run"]) {
    await control({ action: "step", unit, count: 12 });
    await control({ action: "step", unit: "message", of: "/tracks", count: 2 });
    const back = { action: "run_until", until: { on: "message", topic: "/tracks" }, direction: "back" };
    for (let status = await control(back); Number(status.events) > Number(events); )
      status = await control(back);
    expect(await control({ action: "status" })).toMatchObject({ runHash, events });
  }
  await control({ action: "loop", loop: { from_s: 0.2, to_s: 0.6 } });
  expect(await control({ action: "status" })).toMatchObject({ loop: expect.objectContaining({}) });
  const refused = await call("simulation_control", { action: "step", unit: "run", of: "nobody" });
  expect(refused.content[0]?.text).toContain("there is no unit nobody; there is video-decoder");
});

it("holds one simulation, whatever is asked for at once, and ends with its input", async () => {
  const child = spawn(process.execPath, [PROGRAM, "mcp"], { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const say = (message: object): void =>
    void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const clientInfo = { name: "test", version: "0" };
  say({
    id: 0,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo },
  });
  say({ method: "notifications/initialized" });
  for (const id of [1, 2, 3])
    say({
      id,
      method: "tools/call",
      params: { name: "start_simulation", arguments: { recording: drive } },
    });
  let answers = "";
  for await (const chunk of child.stdout) {
    answers += String(chunk);
    if ([1, 2, 3].every((id) => answers.includes(`"id":${id}`))) break;
  }
  expect(answers).not.toContain('"isError":true');
  child.stdin.end();
  expect(await ended).toBe(0);
});
