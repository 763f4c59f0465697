import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { McapIndexedReader, type McapTypes } from "@mcap/core";
import { loadPipeline, makePlan, type Output, type OutputSink, Simulation } from "@playhead/simulator";
import { openRecording } from "@playhead/store";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeDrive, scratchFolder } from "./drives.ts";
import { playhead, runJson, startPlayhead } from "./playhead.ts";
import { ROOT } from "./surroundings.ts";

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let drive: string;
let out: string;

beforeAll(async () => {
  folder = await scratchFolder();
  drive = await makeDrive(join(folder.path, "drive.mcap"), { durationS: 2 });
  out = join(folder.path, "outputs.mcap");
});

afterAll(async () => {
  await folder?.remove();
});

class Carried implements OutputSink {
  readonly outputs: Output[] = [];
  open(): Promise<void> {
    return Promise.resolve();
  }
  write(outputs: readonly Output[]): Promise<void> {
    this.outputs.push(...outputs);
    return Promise.resolve();
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

it("records what the bus carried, with the schemas of the topics, for any reader of MCAP", async () => {
  const { runHash, topics, views } = await runJson([drive, "--out", out]);

  const recording = await openRecording(drive);
  const carried = new Carried();
  const loaded = await loadPipeline(join(ROOT, "components/adas.wac"));
  const simulation = await Simulation.start(makePlan(recording, loaded), { speed: "max", sinks: [carried] });
  await simulation.apply({ type: "play" });
  expect((await simulation.finished()).runHash).toBe(runHash);
  await simulation.close();
  await recording.close();

  const bytes = await readFile(out);
  const reader = await McapIndexedReader.Initialize({
    readable: {
      size: () => Promise.resolve(BigInt(bytes.length)),
      read: (offset, size) => Promise.resolve(bytes.subarray(Number(offset), Number(offset + size))),
    },
  });
  const schemaOf = (topic: string): McapTypes.Schema | undefined => {
    const channel = [...reader.channelsById.values()].find((candidate) => candidate.topic === topic);
    return reader.schemasById.get(channel?.schemaId ?? 0);
  };
  for (const topic of [...Object.keys(topics), ...Object.keys(views).map((view) => `/views/${view}`)]) {
    const schema = schemaOf(topic);
    expect(schema?.encoding, topic).toBe("jsonschema");
    expect(JSON.parse(new TextDecoder().decode(schema?.data)), topic).toMatchObject({
      type: "object",
      title: schema?.name,
    });
  }

  const read: { topic: string; timeUs: number; payload: string }[] = [];
  for await (const message of reader.readMessages())
    read.push({
      topic: reader.channelsById.get(message.channelId)?.topic ?? "",
      timeUs: Number(message.logTime / 1000n),
      payload: Buffer.from(message.data).toString("utf8"),
    });
  expect(read.length).toBeGreaterThan(100);
  expect(read).toEqual(
    carried.outputs.map(({ topic, timeUs, payload }) => ({
      topic,
      timeUs,
      payload: Buffer.from(payload).toString("utf8"),
    })),
  );
});

it("shows the run that made them, with each component's time per step", async () => {
  const { stdout } = await playhead(["inspect", out, "--json"]);
  const { run } = JSON.parse(stdout) as {
    run: { components: { name: string; meanMs: number; steps: number }[] };
  };
  expect(run.components.map(({ name }) => name)).toContain("sensor-fusion");
  expect(run.components.every(({ meanMs, steps }) => meanMs > 0 && steps > 0)).toBe(true);
  expect((await playhead(["inspect", out])).stdout).toMatch(/ms\/step/);
});

it.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)(
  "%s ends a run early: what was recorded is whole, and says how far it got",
  async (signal, exitCode) => {
    const early = join(folder.path, `${signal}.mcap`);
    const child = startPlayhead(["run", drive, "--speed", "0.05", "--out", early]);
    const ended = new Promise((resolve) => child.once("close", resolve));
    await expect
      .poll(() =>
        access(early).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    child.kill(signal);
    expect(await ended).toBe(exitCode);

    const { startUs, endUs, durationUs, state } = JSON.parse(await readFile(`${early}.report.json`, "utf8"));
    expect(state).toBe("interrupted");
    const bytes = await readFile(early);
    const reader = await McapIndexedReader.Initialize({
      readable: {
        size: () => Promise.resolve(BigInt(bytes.length)),
        read: (offset, size) => Promise.resolve(bytes.subarray(Number(offset), Number(offset + size))),
      },
    });
    for await (const { name, metadata } of reader.readMetadata({ name: "playhead.run" })) {
      expect(name).toBe("playhead.run");
      expect(metadata.get("state")).toBe("interrupted");
      expect(metadata.get("untilUs")).toBe(String(startUs + durationUs));
      expect(Number(metadata.get("untilUs"))).toBeLessThan(endUs);
    }
    expect(reader.metadataIndexes.map(({ name }) => name)).toContain("playhead.run");
  },
);
