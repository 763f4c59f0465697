import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import rosmsg from "@foxglove/rosmsg";
import { RecordingError } from "@playhead/recording";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changedBytes, readDamaged, readSource, testFolder } from "../source.case.ts";
import { bagTables, type TestBag } from "./bag-database.case.ts";
import { databaseBytes, databasePages, logBytes } from "./sqlite/database-bytes.case.ts";

const folder = testFolder();
const START_NS = 1_700_000_000_000_000_000n;

/** Small messages, large ones that take pages of their own, equal times, and times that go back. */
const messages = Array.from({ length: 60 }, (_, index) => ({
  topic: 1 + (index % 3),
  timeNs: START_NS + BigInt(Math.floor(index / 2) * 10 - (index % 7) * 3),
  data: new Uint8Array(index % 11 === 0 ? 3000 + index : index).fill(index),
}));
const bag: TestBag = {
  topics: [
    ["/imu", "sensor_msgs/msg/Imu"],
    ["/own", "my_msgs/msg/Own"],
    ["/foreign", "their_msgs/msg/Foreign"],
  ],
  messages,
  definitions: { "my_msgs/msg/Own": "uint8 value" },
};
const inOrder = messages.toSorted((a, b) => Number(a.timeNs - b.timeNs));

async function read(content: TestBag) {
  return readSource(await folder.file("some.db3", databaseBytes(bagTables(content))));
}

describe("an SQLite file", () => {
  test("gives its messages in order of time, equal times in the order of their ids", async () => {
    const { messages: found, format } = await read(bag);
    expect(format).toBe("ROS 2 bag (SQLite)");
    const expected = inOrder.map(({ topic, timeNs, data }) => ({
      channel: topic - 1,
      logTimeNs: timeNs,
      publishTimeNs: timeNs,
      data,
    }));
    expect(found).toEqual(expected);
  });

  test("definitions are its own, else those of ROS, else missing, which is said", async () => {
    const { channels, problems } = await read(bag);
    const texts = channels.map(({ schema }) => new TextDecoder().decode(schema?.data));
    expect(channels.map(({ schema }) => schema?.encoding)).toEqual(["ros2msg", "ros2msg", ""]);
    expect(texts[1]).toBe("uint8 value");
    const [imu] = rosmsg.parse(texts[0] as string, { ros2: true });
    expect(imu?.definitions.map(({ name }) => name)).toContain("linear_acceleration_covariance");
    expect(problems).toMatchObject([{ code: "no-definition", sensor: "/foreign" }]);
  });

  test("messages that are only in a write-ahead log are there; what was not committed is not", async () => {
    const [before, after] = [20, 60].map((count) => {
      return databasePages(bagTables({ ...bag, messages: messages.slice(0, count) }));
    }) as [Uint8Array[], Uint8Array[]];
    const path = await folder.file("logged.db3", Buffer.concat(before));
    const frames = after.map((bytes, index) => ({
      page: index + 1,
      bytes,
      commit: index === after.length - 1,
    }));
    await writeFile(`${path}-wal`, logBytes(frames));
    expect((await readSource(path)).messages).toHaveLength(60);
    await writeFile(`${path}-wal`, logBytes(frames.slice(0, -1)));
    expect((await readSource(path)).messages).toHaveLength(20);
    const log = logBytes(frames);
    log[500] = (log[500] ?? 0) ^ 1;
    await writeFile(`${path}-wal`, log);
    expect((await readSource(path)).messages).toHaveLength(20);
  });

  test("another database is named as such", async () => {
    const tables = [{ name: "users", sql: "CREATE TABLE users(id INTEGER PRIMARY KEY)", rows: [] }];
    const path = await folder.file("other.db3", databaseBytes(tables));
    await expect(readSource(path)).rejects.toMatchObject({ code: "unknown-format" });
  });
});

describe("damage", () => {
  test("a page that cannot be read costs its rows only, and its place is said", async () => {
    const bytes = databaseBytes(bagTables(bag));
    const whole = await readSource(await folder.file("whole.db3", bytes));
    const offsets = Array.from({ length: bytes.length / 1024 }, (_, page) => 1024 * page);
    const leaf = offsets.filter((offset) => bytes[offset] === 13)[4] as number;
    const { messages: found, problems } = await readSource(
      await folder.file("hole.db3", changedBytes(bytes, [[leaf, new Uint8Array(1024)]])),
    );
    expect(found.length).toBeLessThan(whole.messages.length);
    expect(found.length).toBeGreaterThan(20);
    expect(problems.some(({ message }) => /byte \d+: expected .*left out/.test(message))).toBe(true);
  });

  test("any change gives messages and problems, or an error with the place", async () => {
    const bytes = databaseBytes(bagTables(bag));
    const outcomes = { read: 0, problems: 0, errors: 0 };
    const values = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 8 }),
      fc.constantFrom([255, 255, 255, 255, 255], [0, 0, 0, 0], [127, 255, 255, 255]),
    );
    const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), values), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(changes, fc.option(fc.nat(bytes.length), { freq: 2 }), async (changed, length) => {
        const path = await folder.file("fuzz.db3", changedBytes(bytes, changed, length ?? bytes.length));
        const outcome = await readDamaged(path);
        if (outcome instanceof RecordingError) {
          expect(outcome.message).toMatch(/expected .+, found/);
          outcomes.errors++;
        } else outcomes[outcome.problems.length > 1 ? "problems" : "read"]++;
      }),
      { numRuns: 500, seed: 12 },
    );
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(10);
  });
});

const data = process.env.PLAYHEAD_DATA ?? join(import.meta.dirname, "../../../../../shared/data");
const real = join(data, "bags/rosbag2_wbag_0.db3");

test.skipIf(!existsSync(real))("a real bag (skipped where the recordings are not there)", async () => {
  const { messages: found, channels, problems } = await readSource(real);
  expect(found).toHaveLength(1246);
  expect(problems).toEqual([]);
  expect(channels.map(({ topic }) => topic).join("")).toBe("AAABBBCCCDDDEEEFFFGGGHHH");
});
