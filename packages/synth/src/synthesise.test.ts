import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChannelDeclaration, RecordingWriter } from "@playhead/recording";
import { openRecording } from "@playhead/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SynthOptions } from "./options.ts";
import { synthesise, writeDrive } from "./synthesise.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-synth-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Keeps a hash per topic, of times and messages. */
class HashingWriter implements RecordingWriter {
  readonly channels: ChannelDeclaration[] = [];
  readonly hashes: ReturnType<typeof createHash>[] = [];
  readonly timesNs: bigint[] = [];

  async addChannel(channel: ChannelDeclaration): Promise<number> {
    this.hashes.push(createHash("sha256").update(JSON.stringify([channel.topic, channel.metadata])));
    return this.channels.push(channel) - 1;
  }

  async write(channel: number, logTimeNs: bigint, _publishTimeNs: bigint, data: Uint8Array): Promise<void> {
    this.timesNs.push(logTimeNs);
    this.hashes[channel]?.update(`${logTimeNs}`).update(data);
  }

  async addMetadata(): Promise<void> {}

  async flush(): Promise<void> {}

  async close(): Promise<void> {}

  /** A line per topic. */
  digest(): string {
    return this.channels
      .map(({ topic }, i) => `${topic} ${this.hashes[i]?.digest("hex")}\n`)
      .sort()
      .join("");
  }
}

async function digest(options: SynthOptions): Promise<string> {
  const writer = new HashingWriter();
  await writeDrive(writer, options);
  return writer.digest();
}

async function sha256(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

describe("writeDrive", () => {
  // The reference changes only with `npx vitest run packages/synth --update`. It must be the same on every machine and engine.
  it("gives the messages of the golden drive", async () => {
    const lines = `${await digest({ seed: 1, durationS: 0.5 })}\n${await digest({ seed: 2, durationS: 0.2, scenario: "cruising" })}`;
    await expect(lines).toMatchFileSnapshot("./golden-drive.txt");
  });

  it("differs in every sensor that measures something for another seed", async () => {
    const one = (await digest({ seed: 1, durationS: 0.1 })).split("\n");
    const other = (await digest({ seed: 2, durationS: 0.1 })).split("\n");
    one.forEach((line, i) => {
      if (line.startsWith("/ground_truth/events") || line.startsWith("/ultrasonic") || line === "") return;
      expect(other[i]).not.toBe(line);
    });
  });

  it("writes in order of time, at the sensors' rates", async () => {
    const writer = new HashingWriter();
    const summary = await writeDrive(writer, { seed: 5, durationS: 0.5, startUs: 1_000_000 });
    const sorted = [...writer.timesNs].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    expect(writer.timesNs).toEqual(sorted);
    expect(summary.messages).toEqual({
      "/camera/front/compressed": 15,
      "/can/0": 150,
      "/gps/fix": 5,
      "/ground_truth/events": 1,
      "/ground_truth/objects": 10,
      "/imu/data": 50,
      "/lidar/top": 5,
      "/radar/front": 10,
      "/ultrasonic/front": 10,
    });
    expect(summary.firstUs).toBe(1_001_000);
    expect(summary.lastUs).toBeLessThan(1_500_000);
  });
});

describe("synthesise", () => {
  it("writes equal files for equal options", async () => {
    const first = await synthesise({ path: join(folder, "a.mcap"), seed: 9, durationS: 0.3 });
    const second = await synthesise({ path: join(folder, "b.mcap"), seed: 9, durationS: 0.3 });
    expect(second).toEqual(first);
    expect(await sha256(join(folder, "b.mcap"))).toBe(await sha256(join(folder, "a.mcap")));
    expect(first.fileBytes).toBeGreaterThan(200_000);
  });

  it("writes recordings whose sensors the project knows", async () => {
    const path = join(folder, "sensors.mcap");
    const shares: number[] = [];
    await synthesise({ path, seed: 4, durationS: 0.4, onProgress: (share) => shares.push(share) });
    expect(shares.at(-1)).toBe(1);
    const recording = await openRecording(path);
    try {
      const kinds = recording.sensors.map(({ name, kind, role }) => `${name} ${kind} ${role}`);
      expect(kinds).toEqual([
        "/camera/front/compressed camera input",
        "/can/0 can input",
        "/gps/fix gps input",
        "/ground_truth/events other reference",
        "/ground_truth/objects other reference",
        "/imu/data imu input",
        "/lidar/top lidar input",
        "/radar/front radar input",
        "/ultrasonic/front ultrasonic input",
      ]);
      let readings = 0;
      for await (const batch of recording.read()) readings += batch.length;
      expect(readings).toBeGreaterThan(150);
      expect(recording.problems).toEqual([]);
    } finally {
      await recording.close();
    }
  });

  it("leaves no file when it is cancelled", async () => {
    const path = join(folder, "cancelled.mcap");
    const stop = new AbortController();
    const work = synthesise({
      path,
      seed: 1,
      durationS: 5,
      signal: stop.signal,
      onProgress: (share) => {
        if (share > 0) stop.abort(new Error("enough"));
      },
    });
    await expect(work).rejects.toThrow("enough");
    expect(await readdir(folder)).not.toContain("cancelled.mcap");
  });

  it("refuses options before it touches a file", async () => {
    const path = join(folder, "refused.mcap");
    await expect(synthesise({ path, seed: 1, durationS: -1 })).rejects.toThrow("Option durationS");
    expect(await readdir(folder)).not.toContain("refused.mcap");
  });
});
