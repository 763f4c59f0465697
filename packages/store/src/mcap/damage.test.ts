import { readFile, writeFile } from "node:fs/promises";
import { McapWriter } from "@mcap/core";
import { beforeAll, describe, expect, test } from "vitest";
import { createMcapWriter } from "./mcap-writer.ts";
import { openMcap } from "./open-mcap.ts";
import { OPCODE, RECORD_HEADER_BYTES } from "./records.ts";
import {
  type Outcome,
  readBytes,
  readWhole,
  SAMPLE_START_NS,
  sampleFolder,
  writeSample,
} from "./sample.case.ts";

const folder = sampleFolder();
let plain: Uint8Array;
let zstd: Uint8Array;

beforeAll(async () => {
  plain = await sampleBytes("none");
  zstd = await sampleBytes("zstd");
});

async function sampleBytes(compression: "none" | "zstd"): Promise<Uint8Array> {
  const path = folder.path();
  await writeSample(path, { compression });
  return new Uint8Array(await readFile(path));
}

/** The messages that were read, by their place in the sample. */
function places({ readings }: Outcome): number[] {
  return readings.map(({ timeUs }) => (timeUs - Number(SAMPLE_START_NS / 1000n)) / 1000);
}

function codes({ problems }: Outcome): string[] {
  return problems.map(({ code }) => code);
}

const upTo = (end: number) => Array.from({ length: end }, (_, index) => index);

/** Offsets of the records with an operation code. */
function recordsOf(bytes: Uint8Array, opcode: number): number[] {
  const view = new DataView(bytes.buffer);
  const offsets: number[] = [];
  for (let offset = 8; offset + RECORD_HEADER_BYTES < bytes.length; ) {
    if (bytes[offset] === opcode) offsets.push(offset);
    offset += RECORD_HEADER_BYTES + Number(view.getBigUint64(offset + 1, true));
  }
  return offsets;
}

describe("no recording at all", () => {
  test("an empty file, another file, a folder and nothing are refused by name", async () => {
    const path = folder.path();
    await expect(readBytes(path, new Uint8Array(0))).rejects.toMatchObject({
      name: "RecordingError",
      code: "empty",
      message: `${path}: expected an MCAP file, found an empty file`,
    });
    const text = new TextEncoder().encode("hello");
    await expect(readBytes(path, text)).rejects.toMatchObject({
      code: "unknown-format",
      found: /68 65 6c 6c 6f/,
    });
    await expect(openMcap("/")).rejects.toMatchObject({ code: "unreadable" });
    await expect(openMcap(`${path}.missing`)).rejects.toMatchObject({
      code: "not-found",
      found: "nothing there",
    });
  });
});

describe("a file that ends too early", () => {
  test("gives all messages before the cut, wherever it is, and says where it is cut", async () => {
    const path = folder.path();
    for (let length = 8; length < plain.length; length += 211) {
      const outcome = await readBytes(path, plain.subarray(0, length));
      expect(places(outcome)).toEqual(upTo(outcome.readings.length));
      expect(codes(outcome)).toContain("no-index");
      const [, truncated] = outcome.problems;
      expect(truncated?.code).toBe("truncated");
      const place = Number(/at byte (\d+)/.exec(truncated?.message ?? "")?.[1]);
      expect(place).toBeGreaterThan(length - 2800);
      expect(place).toBeLessThanOrEqual(length);
    }
  });

  test("loses compressed messages by the chunk, plain ones one by one", async () => {
    const [, second = 0] = recordsOf(plain, OPCODE.chunk);
    const cut = await readBytes(folder.path(), plain.subarray(0, second + 1000));
    expect(places(cut)).toEqual(upTo(cut.readings.length));
    const [first = 0] = [(await readBytes(folder.path(), plain.subarray(0, second))).readings.length];
    expect(cut.readings.length).toBe(first + 7);
    expect(cut.problems[1]?.message).toMatch(/the first 7 messages of that chunk are kept, the rest is lost/);
    const [, secondOfZstd = 0] = recordsOf(zstd, OPCODE.chunk);
    const compressed = await readBytes(folder.path(), zstd.subarray(0, secondOfZstd + 40));
    expect(compressed.readings.length).toBe(first);
    expect(compressed.problems[1]?.message).toMatch(/what follows is lost/);
  });

  test("with a header and nothing else has no readings", async () => {
    const outcome = await readBytes(folder.path(), plain.subarray(0, 8));
    expect([outcome.readings.length, codes(outcome)]).toEqual([0, ["no-index", "truncated"]]);
  });
});

describe("a file with a damaged part", () => {
  test("loses the chunk whose CRC is wrong, says which, and once", async () => {
    for (const sample of [plain, zstd]) {
      const changed = sample.slice();
      const [, second = 0, third = 0] = recordsOf(sample, OPCODE.chunk);
      const place = second + 100;
      changed[place] = (changed[place] as number) ^ 1;
      const path = folder.path();
      await writeFile(path, changed);
      const recording = await openMcap(path);
      for (let pass = 0; pass < 2; pass++) {
        const readings = [];
        for await (const batch of recording.read()) readings.push(...batch);
        expect(readings.length).toBe(280);
        expect(readings[20]?.position).toBe(40);
        expect(readings[20]?.sequence).toBe(Math.ceil(40 * (2 / 3)) - 1);
      }
      expect(recording.problems.length).toBe(1);
      expect(recording.problems[0]?.code).toBe("damaged-chunk");
      expect(recording.problems[0]?.message).toMatch(`the chunk at byte ${second}: `);
      expect(recording.problems[0]?.message).toMatch("its 20 messages are left out");
      expect(third).toBeGreaterThan(second);
      await recording.close();
    }
  });

  test("of which nothing is left in a summary is read through", async () => {
    const [footer = 0] = recordsOf(plain, OPCODE.footer);
    for (const place of [footer, footer + 9, plain.length - 1, footer - 40]) {
      const changed = plain.slice();
      changed[place] = (changed[place] as number) ^ 0x40;
      const outcome = await readBytes(folder.path(), changed);
      expect(places(outcome)).toEqual(upTo(300));
      expect(codes(outcome)[0]).toBe("no-index");
    }
  });

  test("and no index loses only the damaged chunk", async () => {
    const [first = 0, second = 0] = recordsOf(plain, OPCODE.chunk);
    const changed = plain.slice(0, -20);
    changed[second + 200] = 0xee;
    const outcome = await readBytes(folder.path(), changed);
    expect(outcome.readings.length).toBe(280);
    expect(codes(outcome)).toEqual(["no-index", "damaged-chunk", "truncated"]);
    expect(outcome.problems[1]?.message).toMatch(
      new RegExp(`^byte ${second}: expected CRC .{8}, found .{8}; it is left out$`),
    );
    expect(first).toBeLessThan(second);
  });

  test("that hides where the next record begins ends there", async () => {
    const [, second = 0] = recordsOf(plain, OPCODE.chunk);
    const changed = plain.slice(0, -20);
    changed.set([255, 255, 255, 255, 255, 255, 255, 127], second + 1);
    const outcome = await readBytes(folder.path(), changed);
    expect(places(outcome).slice(0, 20)).toEqual(upTo(20));
    expect(codes(outcome)).toEqual(["no-index", "truncated"]);
    expect(outcome.problems[1]?.message).toMatch(`at byte ${second}`);
  });
});

describe("claims", () => {
  test("a chunk that claims terabytes costs nothing", async () => {
    for (const size of [2n ** 40n, 2n ** 63n, 300n * 2n ** 20n]) {
      const changed = zstd.slice();
      const [first = 0] = recordsOf(zstd, OPCODE.chunk);
      new DataView(changed.buffer).setBigUint64(first + RECORD_HEADER_BYTES + 16, size, true);
      const before = process.memoryUsage().rss;
      const outcome = await readBytes(folder.path(), changed);
      expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
      expect([outcome.readings.length, codes(outcome)]).toEqual([280, ["damaged-chunk"]]);
      expect(outcome.problems[0]?.message).toMatch(
        /expected at most 268435456 bytes of records, found a claim|a length within a file/,
      );
    }
  });

  test("the limit can be set", async () => {
    const outcome = await readBytes(folder.path(), zstd, { maxChunkBytes: 100 });
    expect(outcome.readings.length).toBe(0);
    expect(outcome.problems.every(({ code }) => code === "damaged-chunk")).toBe(true);
  });

  test("an index that lies about times or counts is found out, and order is kept", async () => {
    const [index = 0] = recordsOf(plain, OPCODE.messageIndex);
    const changed = plain.slice();
    const view = new DataView(changed.buffer);
    const entry = index + RECORD_HEADER_BYTES + 6;
    view.setBigUint64(entry, view.getBigUint64(entry, true) + 3_000_000n, true);
    const outcome = await readBytes(folder.path(), changed);
    const times = places(outcome);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(outcome.problems.map(({ message }) => message).join()).toMatch(
      /expected a message with a time that the index has/,
    );
  });

  test("times beyond the year 2255 and channels that nobody defined are left out", async () => {
    const chunks: Uint8Array[] = [];
    let length = 0n;
    const writable = {
      position: () => length,
      write: async (bytes: Uint8Array) => {
        chunks.push(bytes.slice());
        length += BigInt(bytes.length);
      },
    };
    const writer = new McapWriter({ writable });
    await writer.start();
    const channelId = await writer.registerChannel({
      schemaId: 0,
      topic: "/a",
      messageEncoding: "x",
      metadata: new Map(),
    });
    const common = { channelId, sequence: 0, data: new Uint8Array(1) };
    await writer.addMessage({ ...common, logTime: 1n, publishTime: 0n });
    await writer.addMessage({ ...common, logTime: 2n ** 63n + 5n, publishTime: 0n });
    await writer.end();
    const outcome = await readBytes(folder.path(), new Uint8Array(Buffer.concat(chunks)));
    expect(outcome.readings.length).toBe(1);
    expect(outcome.problems.length).toBeGreaterThan(0);
  });
});

describe("messages", () => {
  test("one that is malformed is a problem with its sensor and time, and the others go on", async () => {
    const path = folder.path();
    await writeRange(path, [true, false, true, false]);
    const recording = await openMcap(path);
    const readings = [];
    for await (const batch of recording.read()) readings.push(...batch);
    expect(readings.map(({ sequence }) => sequence)).toEqual([0, 2]);
    expect(recording.problems).toEqual([
      {
        code: "malformed-message",
        message:
          "/range, message 1: byte 24: expected 4 bytes for min_range, found 2 before the end; it is left out",
        sensor: "/range",
        timeUs: 1000,
      },
      expect.objectContaining({ code: "malformed-message", timeUs: 3000 }),
    ]);
    const latest = await recording.latestAtOrBefore(5000);
    expect(latest.get(0)?.sequence).toBe(2);
    await recording.close();
  });
});

/** Messages of sensor_msgs/Range, whole ones and cut ones. */
async function writeRange(path: string, whole: readonly boolean[]): Promise<void> {
  const writer = await createMcapWriter(path);
  const schema = { name: "sensor_msgs/msg/Range", encoding: "ros2idl", data: new Uint8Array(0) };
  const channel = await writer.addChannel({ topic: "/range", messageEncoding: "cdr", schema });
  const message = new Uint8Array(4 + 12 + 4 + 4 + 16);
  message.set([0, 1, 0, 0]);
  message.set([1, 0, 0, 0], 12);
  for (const [index, isWhole] of whole.entries()) {
    const time = BigInt(index) * 1_000_000n;
    await writer.write(channel, time, time, isWhole ? message : message.subarray(0, 26));
  }
  await writer.close();
}

test("a sample without damage has no problems", async () => {
  const path = folder.path();
  await writeFile(path, plain);
  const outcome = await readWhole(path);
  expect([places(outcome), outcome.problems]).toEqual([upTo(300), []]);
});
