import { existsSync } from "node:fs";
import { join } from "node:path";
import { RecordingError } from "@playhead/recording";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changedBytes, readDamaged, readSource, testFolder } from "../source.case.ts";
import { type BagConnection, type BagOptions, bagBytes, storedLz4 } from "./bag-bytes.case.ts";

const folder = testFolder();
const START_NS = 1_700_000_000_000_000_000n;

const connections: readonly BagConnection[] = [
  { topic: "/a", type: "std_msgs/UInt8", definition: "uint8 data", callerid: "/first" },
  { topic: "/b", type: "std_msgs/UInt16", definition: "uint16 data" },
  { topic: "/a", type: "std_msgs/UInt8", definition: "uint8 data", callerid: "/second" },
];

/** Chunks of five messages; times overlap between chunks and stand still at times. */
const chunks = Array.from({ length: 4 }, (_, chunk) =>
  Array.from({ length: 5 }, (_, index) => ({
    connection: index % 3,
    timeNs: START_NS + BigInt(Math.floor((chunk * 5 + index * 4) / 2)) * 1_000_000n,
    data: Uint8Array.of(chunk, index),
  })),
);
const all = chunks.flat();
const inOrder = all.toSorted((a, b) => Number(a.timeNs - b.timeNs));

const BZIP2 =
  "QlpoMTFBWSZTWblvJ7AAACT/gPTiCIJhAP/iACAKAL+jziAgACAAlURQ9CBpoAAANNGQCVNKeRD1PNFAANGgA9RftGgqv4uIElgSkLaMAyIiCIxVbdu6I/B7tZp1WW3cYYsDNHYZMBQLEivk0lQJ2+aiGYC7wif6jSsszDgMyMrCF1W6GrRJOKuQq0oWGEefkKRnO/hEy2QijDCcfxdyRThQkLlvJ7A=";

/** `bzip2 -1` of its chunk's content is `BZIP2`. */
const bzipped: BagOptions = {
  connections: [{ topic: "/a", type: "std_msgs/UInt8", definition: "uint8 data" }],
  chunks: [[{ connection: 0, timeNs: START_NS, data: Uint8Array.of(7) }]],
  compression: "bz2",
  compress: () => Buffer.from(BZIP2, "base64"),
};

async function read(options: BagOptions) {
  return readSource(await folder.file("some.bag", bagBytes(options)));
}

describe("what a bag says", () => {
  test("channels with their definitions; several publishers of a topic are one", async () => {
    const { channels, format, name, problems } = await read({ connections, chunks });
    expect({ format, name, problems }).toEqual({ format: "ROS 1 bag", name: "some.bag", problems: [] });
    expect(channels).toMatchObject([
      { topic: "/a", messageEncoding: "ros1", schema: { name: "std_msgs/UInt8", encoding: "ros1msg" } },
      { topic: "/b", messageEncoding: "ros1", schema: { name: "std_msgs/UInt16", encoding: "ros1msg" } },
    ]);
    expect(channels[0]?.metadata).toEqual({ md5sum: "0123456789abcdef", callerid: "/first" });
    expect(new TextDecoder().decode(channels[1]?.schema?.data)).toBe("uint16 data");
  });

  test.each(["none", "lz4"] as const)(
    "messages in order of time, equal times in the order of the file (%s)",
    async (compression) => {
      const compress = compression === "lz4" ? storedLz4 : (content: Uint8Array) => content;
      const { messages } = await read({ connections, chunks, compression, compress });
      const expected = inOrder.map(({ connection, timeNs, data }) => {
        const channel = connection % 2;
        return { channel, logTimeNs: timeNs, publishTimeNs: timeNs, data };
      });
      expect(messages).toEqual(expected);
      expect(new Set(messages.map(({ logTimeNs }) => logTimeNs)).size).toBeLessThan(messages.length);
    },
  );

  test("chunks in bzip2", async () => {
    const { messages, problems } = await read(bzipped);
    expect(problems).toEqual([]);
    expect(messages).toMatchObject([{ logTimeNs: START_NS, data: Uint8Array.of(7) }]);
  });
});

describe("bags that were not closed, and damaged ones", () => {
  test("a bag without an index is read through, and that is said", async () => {
    const whole = await read({ connections, chunks });
    const unindexed = await read({ connections, chunks, unindexed: true });
    expect(unindexed.messages).toEqual(whole.messages);
    expect(unindexed.channels).toEqual(whole.channels);
    expect(unindexed.problems).toMatchObject([
      { code: "no-index", message: expect.stringMatching(/byte 13.*not closed/) },
    ]);
  });

  test("wherever a bag ends too early, all that lies before is there", async () => {
    const bytes = bagBytes({ connections, chunks, unindexed: true });
    const counts: number[] = [];
    const lost = new Set<string>();
    for (let length = 4109; length <= bytes.length; length += 97) {
      const path = await folder.file("cut.bag", bytes.subarray(0, length));
      const { messages, problems } = await readSource(path);
      expect(all).toEqual(
        expect.arrayContaining(
          messages.map(({ logTimeNs, data }) => expect.objectContaining({ timeNs: logTimeNs, data })),
        ),
      );
      expect(problems.length).toBeGreaterThan(0);
      counts.push(messages.length);
      for (const { code, message } of problems)
        if (code === "damaged-chunk") lost.add(message.replace(/^.*; (?=.* left out$)/, ""));
    }
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(new Set(counts).size).toBeGreaterThan(12);
    expect(Math.max(...counts)).toBe(20);
    expect([...lost]).toEqual(["the rest of it is left out"]);
  });

  test("a chunk that cannot be read is left out, and how much that was is said with its place", async () => {
    const compress = (content: Uint8Array): Uint8Array =>
      content.at(-1) === 4 && content.at(-2) === 1 ? Uint8Array.of(1, 2) : storedLz4(content);
    const { messages, problems } = await read({ connections, chunks, compression: "lz4", compress });
    expect(messages).toHaveLength(15);
    expect(problems).toMatchObject([
      {
        code: "damaged-chunk",
        message: expect.stringMatching(/chunk at byte \d+: .*LZ4.*5 messages of it are left out/),
      },
    ]);
  });

  test("a compression that is not known is named", async () => {
    const { problems } = await read({ connections, chunks, compression: "zip" as "none" });
    expect(problems[0]?.message).toMatch(/none, lz4 or bz2, found "zip"/);
  });

  test("messages of connections that the bag lacks are left out, and counted", async () => {
    const { messages, problems } = await read({ connections: connections.slice(0, 1), chunks });
    expect(messages).toHaveLength(8);
    expect(problems[0]).toMatchObject({
      code: "unknown-channel",
      message: expect.stringMatching(/found others; 3 messages of those are left out$/),
    });
  });

  test("bags of older versions are refused with the way out", async () => {
    const path = await folder.file("old.bag", "#ROSBAG V1.2\n and more");
    await expect(readSource(path)).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringMatching(/rosbag migrate/),
    });
  });

  test("any change to a bag gives messages and problems, or an error with the place", async () => {
    const forms = [
      bagBytes({ connections, chunks }),
      bagBytes({ connections, chunks, unindexed: true }),
      bagBytes({ connections, chunks, compression: "lz4", compress: storedLz4 }),
    ];
    const outcomes = { read: 0, problems: 0, errors: 0 };
    const values = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 8 }),
      fc.constantFrom([255, 255, 255, 255], [0, 0, 0, 0], [255, 255, 255, 127]),
    );
    // The bag's header is padded with 4 KiB of spaces: places there say little.
    const place = fc.oneof(fc.nat(100), fc.integer({ min: 4100, max: 8000 }));
    const changes = fc.array(fc.tuple(place, values), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...forms),
        changes,
        fc.option(fc.nat(8000)),
        async (bytes, changed, length) => {
          const path = await folder.file("fuzz.bag", changedBytes(bytes, changed, length ?? bytes.length));
          const outcome = await readDamaged(path);
          if (outcome instanceof RecordingError) {
            expect(outcome.message).toMatch(/byte \d+: expected|fuzz.bag: expected/);
            outcomes.errors++;
          } else {
            expect(outcome.messages.length).toBeLessThanOrEqual(40);
            outcomes[outcome.problems.length > 0 ? "problems" : "read"]++;
          }
        },
      ),
      { numRuns: 500, seed: 11 },
    );
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(10);
  });
});

const data = process.env.PLAYHEAD_DATA ?? join(import.meta.dirname, "../../../../../shared/data");
const [plain, lz4] = ["foxglove_example", "foxglove_example-lz4"].map((name) =>
  join(data, "bags", `${name}.bag`),
) as [string, string];

describe.skipIf(!existsSync(plain))("a real bag (skipped where the recordings are not there)", () => {
  test("plain and LZ4 give the same readings", async () => {
    const [a, b] = [await readSource(plain), await readSource(lz4)];
    expect(a.messages).toHaveLength(8647);
    expect(a.problems).toEqual([]);
    expect(b.problems).toEqual([]);
    // One of the writers left out who published and the last line break of definitions.
    const types = ({ channels }: typeof a) => channels.map(({ topic, schema }) => [topic, schema?.name]);
    expect(types(b)).toEqual(types(a));
    expect(b.messages).toEqual(a.messages);
  });
});
