import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { RecordingWriter } from "@playhead/recording";
import { describe, expect, test } from "vitest";
import { createMcapWriter } from "./mcap-writer.ts";
import { countWrittenMessages, resumeMcapWriter } from "./resume-mcap-writer.ts";
import { readWhole, sampleFolder } from "./sample.case.ts";

/** A process runs what is built: it cannot run the sources. */
const BUILT = fileURLToPath(new URL("../../dist/index.js", import.meta.url));
const KILLS = 20;
/** Log time between two messages. */
const STEP_NS = 5_000_000n;
const MESSAGES_A_SECOND = Number(1_000_000_000n / STEP_NS);
const REPORT_EVERY = 25;

const folder = sampleFolder();

/** Message `index`, as the child makes it too. */
const MESSAGE = `(index) => new Uint8Array(20 + (index * 7919) % 500).fill(index)`;
const message = new Function(`return ${MESSAGE}`)() as (index: number) => Uint8Array;

/** Writes without end, and says how far it is. */
const CHILD = `
  import { writeSync } from "node:fs";
  const [built, path, options] = process.argv.slice(1);
  const { createMcapWriter } = await import(built);
  const message = ${MESSAGE};
  const writer = await createMcapWriter(path, JSON.parse(options));
  const channels = [];
  for (const topic of ["/a", "/b"]) channels.push(await writer.addChannel({ topic, messageEncoding: "x", schema: undefined }));
  for (let index = 0; ; index++) {
    await writer.write(channels[index % 2], BigInt(index) * ${STEP_NS}n, 0n, message(index));
    if (index % ${REPORT_EVERY} === 0) writeSync(1, "+");
    if (index % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }`;

/** Writes messages as the child does. */
async function write(writer: RecordingWriter, from: number, to: number): Promise<void> {
  const channels = [];
  for (const topic of ["/a", "/b"])
    channels.push(await writer.addChannel({ topic, messageEncoding: "x", schema: undefined }));
  for (let index = from; index < to; index++)
    await writer.write(channels[index % 2] as number, BigInt(index) * STEP_NS, 0n, message(index));
  await writer.close();
}

/** Runs a writer and kills it once it has reported so many times. Returns how many messages it had reported to be written. */
async function runAndKill(path: string, options: object, reports: number): Promise<number> {
  const child = spawn(
    process.execPath,
    ["--input-type=module", "-e", CHILD, BUILT, path, JSON.stringify(options)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let seen = 0;
  child.stdout.on("data", (data: Buffer) => {
    seen += data.length;
    if (seen >= reports) child.kill("SIGKILL");
  });
  await once(child, "close");
  expect(child.signalCode).toBe("SIGKILL");
  return 1 + (seen - 1) * REPORT_EVERY;
}

describe.skipIf(!existsSync(BUILT))("a writer that is killed", () => {
  test(`at ${KILLS} moments leaves a file that opens, lacks the last second at most, and can be written on`, async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      const options = {
        compression: (["none", "lz4", "zstd"] as const)[kill % 3] ?? "none",
        chunkBytes: kill % 2 === 0 ? 2 ** 20 : 5000,
      };
      const [path, whole] = [folder.path(), folder.path()];
      const reported = await runAndKill(path, options, 1 + ((kill * 37) % 61));
      const written = await countWrittenMessages(path);
      expect(written).toBeGreaterThanOrEqual(reported - MESSAGES_A_SECOND);
      const { readings } = await readWhole(path);
      expect(readings.length).toBeGreaterThanOrEqual(written);
      readings.forEach(({ raw, position }) => {
        expect(Buffer.compare(raw, message(position))).toBe(0);
      });
      const keep = kill % 4 === 0 ? written : (kill * 7919) % (written + 1);
      const messages = Math.max(reported, written) + 400;
      await write(await resumeMcapWriter(path, { ...options, keep }), keep, messages);
      await write(await createMcapWriter(whole, options), 0, messages);
      expect(Buffer.compare(await readFile(path), await readFile(whole))).toBe(0);
    }
  });
});
