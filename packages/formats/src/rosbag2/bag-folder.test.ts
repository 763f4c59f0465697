import { mkdir, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChannelDeclaration } from "@playhead/recording";
import { describe, expect, test } from "vitest";
import type { OpenMcap } from "../mcap/mcap-source.ts";
import type { RecordedMessages } from "../mcap/recorded-source.ts";
import { readSource, testFolder } from "../source.case.ts";
import type { SourceMessage } from "../source.ts";
import { bagTables, type TestMessage } from "./bag-database.case.ts";
import { databaseBytes } from "./sqlite/database-bytes.case.ts";

const folder = testFolder();
const START_NS = 1_700_000_000_000_000_000n;
const topics = [
  ["/a", "std_msgs/msg/String"],
  ["/b", "std_msgs/msg/String"],
] as const;

/** Messages that say which they are; every second time comes twice. */
function messages(from: number, count: number): TestMessage[] {
  return Array.from({ length: count }, (_, index) => ({
    topic: 1 + (index % 2),
    timeNs: START_NS + BigInt(Math.floor((from + index) / 2)),
    data: Uint8Array.of(from + index),
  }));
}

/** The topics of odd parts stand in another order. */
function part(content: readonly TestMessage[], isOdd = false): Uint8Array {
  if (!isOdd) return databaseBytes(bagTables({ topics, messages: content }));
  const turned = content.map((message) => ({ ...message, topic: 3 - message.topic }));
  return databaseBytes(bagTables({ topics: [topics[1], topics[0]], messages: turned }));
}

async function makeBag(name: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<string> {
  await mkdir(folder.path(name));
  for (const [file, content] of Object.entries(files))
    await writeFile(join(folder.path(name), file), content);
  return folder.path(name);
}

function metadata(files: readonly string[], count: number, compression = ""): string {
  const list = files.map((file) => `    - some_bag/${file}`).join("\n");
  return `rosbag2_bagfile_information:\n  version: 5\n  message_count: ${count}\n  relative_file_paths:\n${list}\n${compression}`;
}

/** A Zstandard frame that keeps its content as it is, in blocks of 1000 bytes. */
function storedZstandard(content: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [
    Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xa0),
    new Uint8Array(Uint32Array.of(content.length).buffer),
  ];
  for (let place = 0; place < content.length; place += 1000) {
    const block = content.subarray(place, place + 1000);
    const isLast = place + block.length === content.length;
    const head = (block.length << 3) | (isLast ? 1 : 0);
    parts.push(Uint8Array.of(head & 255, (head >> 8) & 255, head >> 16), block);
  }
  return Buffer.concat(parts);
}

/** What the messages say, in the order in which they come, with their topics. */
async function read(path: string, openMcap?: OpenMcap) {
  const found = await readSource(path, openMcap === undefined ? {} : { openMcap });
  const said = found.messages.map(({ channel, data }) => `${found.channels[channel]?.topic}${data[0]}`);
  return { ...found, said };
}

const expected = Array.from({ length: 40 }, (_, index) => `${index % 2 === 0 ? "/a" : "/b"}${index}`);

describe("a folder of SQLite files", () => {
  const files = { "bag_0.db3": part(messages(0, 14)), "bag_1.db3": part(messages(14, 26), true) };

  test("is one recording; equal topics of different files are one channel", async () => {
    const path = await makeBag("two", { ...files, "metadata.yaml": metadata(Object.keys(files), 40) });
    const { said, channels, format, name, problems } = await read(path);
    expect(said).toEqual(expected);
    expect(channels.map(({ topic }) => topic)).toEqual(["/a", "/b"]);
    expect({ format, name, problems }).toEqual({ format: "ROS 2 bag (2 files)", name: "two", problems: [] });
  });

  test("files whose times overlap are merged", async () => {
    const all = messages(0, 40);
    const [even, odd] = [0, 1].map((rest) =>
      part(all.filter((_, index) => Math.floor(index / 2) % 2 === rest)),
    );
    const path = await makeBag("overlapping", {
      "x_0.db3": even as Uint8Array,
      "x_1.db3": odd as Uint8Array,
    });
    expect((await read(path)).said).toEqual(expected);
  });

  test("without metadata the files come by their numbers, which is said", async () => {
    const parts = Array.from(
      { length: 11 },
      (_, index) => [`bag_${index}.db3`, part(messages(0, 2))] as const,
    );
    const { said, problems } = await read(await makeBag("bare", Object.fromEntries(parts)));
    expect(said).toHaveLength(22);
    expect(problems).toMatchObject([{ code: "no-metadata" }]);
  });

  test("a file that is missing or no bag is left out, and how many messages that were is said", async () => {
    const names = ["bag_0.db3", "gone.db3", "notes.db3"];
    const path = await makeBag("holes", {
      "bag_0.db3": files["bag_0.db3"],
      "notes.db3": "not a database",
      "metadata.yaml": metadata(names, 40),
    });
    const { said, problems } = await read(path);
    expect(said).toEqual(expected.slice(0, 14));
    expect(problems.map(({ code }) => code)).toEqual(["unreadable-file", "unreadable-file", "incomplete"]);
    expect(problems[2]?.message).toMatch(/expected 40 messages, .*, found 14/);
  });

  test("a metadata.yaml that is none is as good as none", async () => {
    for (const [index, text] of ["{[", "- 1", "rosbag2_bagfile_information: 7", "\0\x01"].entries()) {
      const path = await makeBag(`odd${index}`, { ...files, "metadata.yaml": text });
      const { said, problems } = await read(path);
      expect(said).toEqual(expected);
      expect(problems).toMatchObject([{ code: "no-metadata" }]);
    }
  });

  test("files that are not of one bag are refused, whether they are in SQLite or MCAP", async () => {
    const [one, two] = [files["bag_0.db3"], files["bag_1.db3"]];
    const folders: Record<string, Record<string, Uint8Array>> = {
      "several names": { "front_0.db3": one, "rear_0.db3": two },
      "no numbers": { "front.db3": one, "rear.db3": two },
      "from 1 on": { "drive_1.db3": one, "drive_2.db3": two },
      "two kinds": { "bag_0.db3": one, "bag_1.mcap": two },
      "one number twice": { "bag_0.db3": one, "bag_00.db3": two },
      "several MCAP files": { "front.mcap": one, "rear.mcap": two },
      "a single MCAP file": { "front.mcap": one },
    };
    for (const [name, content] of Object.entries(folders)) {
      const path = await makeBag(name, content);
      const names = Object.keys(content).join(", ");
      await expect(read(path)).rejects.toMatchObject({
        code: "unknown-format",
        found: expect.stringMatching(
          `^a folder with ${names}, which without a metadata.yaml are not one bag`,
        ),
      });
      await writeFile(join(path, "metadata.yaml"), "{[");
      await expect(read(path)).rejects.toMatchObject({
        code: "damaged",
        expected: "a bag with a metadata.yaml that lists its files",
      });
    }
  });

  test("one file alone is a bag, and so are files of which one is missing, which is said", async () => {
    const alone = await makeBag("alone", { "some.db3": part(messages(0, 40)) });
    expect((await read(alone)).said).toEqual(expected);
    const { said, problems } = await read(
      await makeBag("missing", { "bag_0.db3": files["bag_0.db3"], "bag_2.db3": files["bag_1.db3"] }),
    );
    expect(said).toEqual(expected);
    expect(problems).toMatchObject([
      { code: "no-metadata" },
      { code: "incomplete", message: expect.stringMatching(/found none with the number 1$/) },
    ]);
  });

  test("names that lead out of the folder stay in it", async () => {
    const path = await makeBag("inside", { ...files, "metadata.yaml": metadata(["../../bag_0.db3"], 14) });
    expect((await read(path)).said).toEqual(expected.slice(0, 14));
  });
});

describe("Zstandard", () => {
  test("files that are compressed as a whole", async () => {
    const before = await temporaryBags();
    const path = await makeBag("compressed", {
      "bag_0.db3.zstd": storedZstandard(part(messages(0, 40))),
      "metadata.yaml": metadata(
        ["bag_0.db3.zstd"],
        40,
        "  compression_format: zstd\n  compression_mode: FILE\n",
      ),
    });
    const { said, problems } = await read(path);
    expect(said).toEqual(expected);
    expect(problems).toEqual([]);
    expect(await temporaryBags()).toEqual(before);
  });

  test("messages that are compressed by themselves, and one that is not", async () => {
    const all = messages(0, 40);
    const content = all.map((message, index) => {
      return index === 7 ? message : { ...message, data: storedZstandard(message.data) };
    });
    const path = await makeBag("messages", {
      "bag_0.db3": part(content),
      "metadata.yaml": metadata(
        ["bag_0.db3"],
        40,
        "  compression_format: zstd\n  compression_mode: MESSAGE\n",
      ),
    });
    const { said, problems } = await read(path);
    expect(said).toEqual(expected.filter((_, index) => index !== 7));
    expect(problems.map(({ code }) => code)).toEqual(["incomplete", "damaged-message"]);
  });

  test("what asks for more memory than any real one is left out", async () => {
    // Single segment of 4 GiB; a window of 2 TiB.
    for (const head of [
      [0xa0, 255, 255, 255, 255],
      [0, 248],
    ]) {
      const bomb = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, ...head, 1, 0, 0);
      const name = `bomb${head.length}`;
      const path = await makeBag(name, {
        "a.db3.zstd": bomb,
        "b.db3": part([{ topic: 1, timeNs: START_NS, data: bomb }, ...messages(0, 4)]),
        "metadata.yaml": metadata(["a.db3.zstd", "b.db3"], 5, "  compression_mode: MESSAGE\n"),
      });
      const { said, problems } = await read(path);
      expect(said).toEqual([]);
      expect(problems[0]).toMatchObject({
        code: "unreadable-file",
        message: expect.stringMatching(/window of at most/),
      });
      expect(problems.map(({ message }) => message).join()).toMatch(
        /message at \d+ ns: expected a Zstandard window/,
      );
    }
  });

  test("a file that ends too early gives what comes before", async () => {
    const whole = storedZstandard(part(messages(0, 400)));
    const path = await makeBag("cut", { "bag_0.db3.zstd": whole.subarray(0, whole.length - 2500) });
    const { said, problems } = await read(path);
    expect(said.length).toBeGreaterThan(100);
    expect(said.length).toBeLessThan(400);
    expect(problems.map(({ code }) => code)).toContain("damaged-file");
    expect(problems.map(({ code }) => code)).toContain("damaged-page");
  });

  test("a file that was being compressed when the recorder was killed is taken as it was", async () => {
    const [one, two] = [part(messages(0, 14)), part(messages(14, 26))];
    const path = await makeBag("killed compressing", {
      "bag_0.db3.zstd": storedZstandard(one),
      "bag_1.db3": two,
      "bag_1.db3.zstd": storedZstandard(two).subarray(0, 500),
    });
    const { said, problems } = await read(path);
    expect(said).toEqual(expected);
    expect(problems.map(({ code }) => code)).toEqual(["no-metadata"]);
  });

  async function temporaryBags(): Promise<string[]> {
    return (await readdir(tmpdir())).filter((name) => name.startsWith("playhead-bag-"));
  }
});

describe("a folder of MCAP files", () => {
  const channel: ChannelDeclaration = { topic: "/a", messageEncoding: "cdr", schema: undefined };

  function opened(path: string): RecordedMessages {
    const from = path.endsWith("_1.mcap") ? 5 : 0;
    const content = Array.from({ length: 5 }, (_, index): SourceMessage => {
      const logTimeNs = START_NS + BigInt(from + index);
      return { channel: 0, logTimeNs, publishTimeNs: 7n, data: Uint8Array.of(from + index) };
    });
    return {
      ...{ problems: [], channels: [channel], messageCount: 5, profile: "ros2", metadata: [] },
      // The memory of a batch is used again for the next.
      async *messages() {
        const data = new Uint8Array(1);
        for (const message of content) {
          data.set(message.data);
          yield [{ ...message, data }];
        }
      },
      close: () => Promise.resolve(),
    };
  }

  test("is read by the reader that is given", async () => {
    const names = ["bag_0.mcap", "bag_1.mcap"];
    const path = await makeBag("mcaps", {
      "bag_0.mcap": "",
      "bag_1.mcap": "",
      "metadata.yaml": metadata(names, 10),
    });
    const { said, problems } = await read(path, (file) => Promise.resolve(opened(file)));
    expect(said).toEqual(Array.from({ length: 10 }, (_, index) => `/a${index}`));
    expect(problems).toEqual([]);
    await expect(read(path)).rejects.toThrow(/another format than MCAP/);
    const bare = await makeBag("killed", { "bag_0.mcap": "", "bag_1.mcap": "" });
    const found = await read(bare, (file) => Promise.resolve(opened(file)));
    expect(found.said).toEqual(said);
    expect(found.problems).toMatchObject([{ code: "no-metadata" }]);
  });
});
