import { copyFile, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { McapIndexedReader } from "@mcap/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDrive, scratchFolder } from "./drives.ts";
import { playhead, type RunJson, runJson } from "./playhead.ts";
import { DATA, NODE24 } from "./surroundings.ts";

let folder: Awaited<ReturnType<typeof scratchFolder>>;
let drive: string;

beforeAll(async () => {
  folder = await scratchFolder();
  drive = await makeDrive(join(folder.path, "drive.mcap"), { durationS: 4, seed: 5 });
});

afterAll(async () => {
  await folder?.remove();
});

const hashes = ({ runHash, inputHash }: RunJson) => ({ runHash, inputHash });

describe("the same drive gives the same run", () => {
  it("in two processes, with and without pictures and recorded outputs", async () => {
    const expected = hashes(await runJson([drive]));
    expect(hashes(await runJson([drive]))).toEqual(expected);
    const out = join(folder.path, "outputs.mcap");
    expect(hashes(await runJson([drive, "--frames", join(folder.path, "pictures"), "--out", out]))).toEqual(
      expected,
    );
    const first = await readFile(out);
    await runJson([drive, "--out", out]);
    expect((await readFile(out)).equals(first)).toBe(true);
  });

  it("at speed 1, 10 and max", async () => {
    const part = [drive, "--from", "1", "--to", "2.5"];
    const expected = hashes(await runJson(part));
    expect(hashes(await runJson([...part, "--speed", "1"]))).toEqual(expected);
    expect(hashes(await runJson([...part, "--speed", "10"]))).toEqual(expected);
    expect(expected.runHash).not.toBe(hashes(await runJson([drive])).runHash);
  });

  it("is made of the same bytes by synth every time", async () => {
    const again = await makeDrive(join(folder.path, "again.mcap"), { durationS: 4, seed: 5 });
    expect((await readFile(again)).equals(await readFile(drive))).toBe(true);
    const other = await makeDrive(join(folder.path, "other.mcap"), { durationS: 4, seed: 6 });
    expect((await readFile(other)).equals(await readFile(drive))).toBe(false);
  });

  it.skipIf(NODE24 === undefined)("on another Node (PLAYHEAD_NODE24)", async () => {
    expect(hashes(await runJson([drive], NODE24))).toEqual(hashes(await runJson([drive])));
    const file = join(folder.path, "node24.mcap");
    const made = await playhead(["synth", "-o", file, "--duration", "4", "--seed", "5"], NODE24);
    expect(made.exitCode).toBe(0);
    expect((await readFile(file)).equals(await readFile(drive))).toBe(true);
  });
});

describe("a changed byte", () => {
  /** A copy of the drive in which one byte of one message is changed, its chunk's checksum switched off. */
  async function changed(
    topic: string,
    messageIndex: number,
    byteOf: (length: number) => number,
  ): Promise<string> {
    const target = join(folder.path, `changed-${topic.replaceAll("/", "_")}-${messageIndex}.mcap`);
    await copyFile(drive, target);
    const bytes = await readFile(drive);
    const reader = await McapIndexedReader.Initialize({
      readable: {
        size: () => Promise.resolve(BigInt(bytes.length)),
        read: (offset, size) => Promise.resolve(bytes.subarray(Number(offset), Number(offset + size))),
      },
    });
    let index = 0;
    for await (const message of reader.readMessages({ topics: [topic] })) {
      if (index++ !== messageIndex) continue;
      const at = bytes.indexOf(Buffer.from(message.data));
      await patch(target, at + byteOf(message.data.length), (value) => value ^ 0x01);
      for (const chunk of reader.chunkIndexes) {
        const start = Number(chunk.chunkStartOffset);
        if (start < at && at < start + Number(chunk.chunkLength)) {
          // Opcode 1 · length 8 · start time 8 · end time 8 · uncompressed size 8 · CRC 4.
          for (let i = 0; i < 4; i++) await patch(target, start + 33 + i, () => 0);
        }
      }
      return target;
    }
    throw new Error(`${topic} has no message ${messageIndex}`);
  }

  async function patch(file: string, at: number, change: (value: number) => number): Promise<void> {
    const handle = await open(file, "r+");
    const byte = Buffer.alloc(1);
    await handle.read(byte, 0, 1, at);
    byte[0] = change(byte[0] ?? 0);
    await handle.write(byte, 0, 1, at);
    await handle.close();
  }

  it("changes the input hash, and the run hash when it reaches an output", async () => {
    const plain = hashes(await runJson([drive]));
    // sensor_msgs/Imu from its end: covariance 72, acceleration 24, covariance 72, then the yaw rate; a high byte of it.
    const imu = hashes(
      await runJson([await changed("/imu/data", 200, (length) => length - 72 - 24 - 72 - 2)]),
    );
    expect(imu.inputHash).not.toBe(plain.inputHash);
    expect(imu.runHash).not.toBe(plain.runHash);
  });

  it("changes only the input hash when no output depends on it", async () => {
    const plain = hashes(await runJson([drive]));
    // The frame id in the header of an IMU message.
    const imu = hashes(await runJson([await changed("/imu/data", 7, () => 4 + 8 + 4)]));
    expect(imu.inputHash).not.toBe(plain.inputHash);
    expect(imu.runHash).toBe(plain.runHash);
  });
});

describe.skipIf(DATA === undefined)("real drives (the folder of recordings)", () => {
  const drives = [
    { file: "comma2k19.mcap", part: ["--from", "20", "--to", "22"] },
    { file: "dashcam.mcap", part: ["--from", "2", "--to", "4"] },
    { file: "reductstore_demo.mcap", part: ["--from", "5", "--to", "7"] },
  ];

  it.each(drives)("$file runs to its end, and part of it the same at every speed", async ({ file, part }) => {
    const path = join(DATA ?? "", "drives", file);
    const whole = await runJson([path]);
    expect(whole.durationUs).toBeGreaterThan(8e6);
    expect(whole.components.every(({ steps }) => steps > 0)).toBe(true);
    const expected = hashes(await runJson([path, ...part]));
    expect(hashes(await runJson([path, ...part, "--speed", "1"]))).toEqual(expected);
    expect(
      hashes(await runJson([path, ...part, "--speed", "10", "--frames", join(folder.path, file)])),
    ).toEqual(expected);
    if (NODE24 !== undefined) expect(hashes(await runJson([path], NODE24))).toEqual(hashes(whole));
  });
});
