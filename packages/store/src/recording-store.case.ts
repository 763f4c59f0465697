import { type ChannelDeclaration, nanosecondsOf, type Recording, RecordingError } from "@playhead/recording";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Content, collect, describeStore, summary } from "./recording.case.ts";
import type { RecordedMessage, RecordingAppender, RecordingStore } from "./recording-store.ts";

/** A store that the suite runs on. */
export interface RecordingStoreUnderTest {
  readonly name: string;
  /** Whether messages may be appended that are earlier than those before them. */
  readonly takesLateMessages: boolean;
  /** An empty store. Called once; the suite closes it. */
  open(): Promise<RecordingStore>;
}

const START_NS = 1_700_000_000_123_456_789n;
const EMPTY: ChannelDeclaration = { topic: "/empty", messageEncoding: "bytes", schema: undefined };
const SCHEMA = { name: "demo/Pair", encoding: "ros2msg", data: new TextEncoder().encode("int32 a\nint32 b") };
const CHANNELS: readonly ChannelDeclaration[] = [
  { topic: "/ä/pair", messageEncoding: "cdr", schema: SCHEMA, metadata: { 'quote"': "it's" } },
  { topic: "/b", messageEncoding: "bytes", schema: undefined },
  EMPTY,
];

/** What every store must do. */
export function describeRecordingStore(under: RecordingStoreUnderTest): void {
  let store: RecordingStore;
  let names = 0;
  const nextName = (): string => `recording ${++names}`;
  beforeAll(async () => {
    store = await under.open();
  });
  afterAll(() => store?.close());

  /** Appends a content in batches of uneven size, and seals it. */
  async function keep(content: Content, name = nextName()): Promise<Recording> {
    const appender = await store.append(name);
    for (const channel of content.channels) await appender.addChannel(channel);
    await appendAll(appender, content.messages, 97);
    await appender.seal();
    return store.open(name);
  }

  describeStore({ name: under.name, takesLateMessages: under.takesLateMessages, problems: [], keep });

  describe(`${under.name}: the store`, () => {
    test("lists recordings by the bytes of their names, with sensors, times and metadata", async () => {
      const [second, first] = ["zwei 'ä'", "Zwei"];
      for (const name of [second, first]) {
        const appender = await store.append(name, { origin: `origin of ${name}`, profile: "demo" });
        await declare(appender);
        await appender.addMetadata("vehicle", { plate: "B-ÄÖ 1", empty: "" });
        await appendAll(appender, messages(100), 30);
        await appender.addMetadata("vehicle", {});
        await appender.seal();
      }
      const listed = await store.list();
      expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining([first, "recording 1", second]));
      const places = [first, "recording 1", second].map((name) =>
        listed.findIndex((entry) => entry.name === name),
      );
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      const found = await store.find(second);
      expect(found).toEqual(listed[places[2] as number]);
      expect(found).toMatchObject({
        name: second,
        sealed: true,
        messageCount: 100,
        origin: `origin of ${second}`,
      });
      expect(found?.metadata).toEqual([
        { name: "vehicle", entries: { plate: "B-ÄÖ 1", empty: "" } },
        { name: "vehicle", entries: {} },
      ]);
      const recording = await store.open(second);
      expect([found?.startUs, found?.endUs]).toEqual([recording.startUs, recording.endUs]);
      expect(found?.sensors.map(({ messageEncoding, ...rest }) => rest)).toEqual(
        recording.sensors.map(({ handle, kind, encoding, ...rest }) => rest),
      );
      expect(found?.sensors.map(({ name, messageEncoding }) => `${name} ${messageEncoding}`)).toEqual([
        "/b bytes",
        "/empty bytes",
        "/ä/pair cdr",
      ]);
      expect(recording.sensors[2]).toMatchObject({ schema: "demo/Pair", metadata: { 'quote"': "it's" } });
      await recording.close();
    });

    test("says that there is no recording of a name", async () => {
      expect(await store.find("none")).toBeUndefined();
      expect(await store.delete("none")).toBe(false);
      await expect(store.open("none")).rejects.toMatchObject({ name: "RecordingError", code: "not-found" });
    });

    test("refuses a name that cannot be one", async () => {
      for (const name of ["", "a\0b", "x".repeat(5000)])
        await expect(store.append(name)).rejects.toMatchObject({ code: "invalid-argument" });
    });

    test("deletes a recording, and its name can be used again", async () => {
      const [name, other] = [nextName(), nextName()];
      await (await keep(contentOf(50), name)).close();
      await (await keep(contentOf(60), other)).close();
      expect(await store.delete(name)).toBe(true);
      expect(await store.find(name)).toBeUndefined();
      await expect(store.open(name)).rejects.toMatchObject({ code: "not-found" });
      const again = await keep(contentOf(20), name);
      expect(await lines(again)).toEqual(expectedLines(messages(20)));
      await again.close();
      const kept = await store.open(other);
      expect(await lines(kept)).toEqual(expectedLines(messages(60)));
      await kept.close();
    });

    test("refuses to go on with a recording that is finished, or that is of another origin", async () => {
      const name = nextName();
      const appender = await store.append(name, { origin: "a" });
      await declare(appender);
      await appender.append(messages(5));
      await appender.flush();
      await appender.close();
      await expect(store.append(name, { origin: "b" })).rejects.toMatchObject({ code: "conflict" });
      await (await store.append(name, { origin: "a" })).seal();
      await expect(store.append(name, { origin: "a" })).rejects.toMatchObject({ code: "sealed" });
      await expect(store.append(name, { origin: "b" })).rejects.toMatchObject({ name: "RecordingError" });
    });

    test("has one writer of a recording at a time", async () => {
      const name = nextName();
      const first = await store.append(name);
      await expect(store.append(name)).rejects.toMatchObject({ code: "conflict" });
      await expect(store.delete(name)).rejects.toMatchObject({ code: "conflict" });
      await first.close();
      await (await store.append(name)).seal();
    });
  });

  describe(`${under.name}: a writer`, () => {
    test("flushes: what it appended can be read while the recording grows", async () => {
      const name = nextName();
      const appender = await store.append(name);
      await declare(appender);
      const all = messages(300);
      for (const from of [0, 100, 200]) {
        await appender.append(all.slice(from, from + 100));
        await appender.flush();
        expect(appender.keptMessages).toBe(from + 100);
        expect(await store.find(name)).toMatchObject({ sealed: false, messageCount: from + 100 });
        const recording = await store.open(name);
        expect(await lines(recording)).toEqual(expectedLines(all.slice(0, from + 100)));
        await recording.close();
      }
      await appender.seal();
      expect(await store.find(name)).toMatchObject({ sealed: true, messageCount: 300 });
    });

    test("that is interrupted leaves what it flushed; the next goes on behind it", async () => {
      const name = nextName();
      const all = messages(500);
      for (const to of [120, 121, 400]) {
        const appender = await store.append(name);
        if (appender.channels.length === 0) await declare(appender);
        expect(appender.channels.map(({ topic }) => topic)).toEqual(CHANNELS.map(({ topic }) => topic));
        await appender.append(all.slice(appender.keptMessages, to));
        await appender.flush();
        // More than was flushed may be left; never a gap.
        await appender.append(all.slice(to, to + 40));
        await appender.close();
        const found = await store.find(name);
        expect(found?.sealed).toBe(false);
        expect(found?.messageCount).toBeGreaterThanOrEqual(to);
        const recording = await store.open(name);
        expect(await lines(recording)).toEqual(expectedLines(all.slice(0, found?.messageCount)));
        await recording.close();
      }
      const last = await store.append(name);
      await last.append(all.slice(last.keptMessages));
      await last.seal();
      const recording = await store.open(name);
      expect(await lines(recording)).toEqual(expectedLines(all));
      await recording.close();
    });

    test("adds channels at any time; one without messages is a sensor too", async () => {
      const name = nextName();
      const appender = await store.append(name);
      expect(await appender.addChannel(CHANNELS[1] as ChannelDeclaration)).toBe(0);
      await appender.append([message(0, START_NS, 3)]);
      await appender.flush();
      expect(await appender.addChannel(EMPTY)).toBe(1);
      await appender.seal();
      const recording = await store.open(name);
      expect(
        recording.sensors.map(({ name, count, firstUs, rateHz }) => ({ name, count, firstUs, rateHz })),
      ).toEqual([
        { name: "/b", count: 1, firstUs: 1_700_000_000_123_456, rateHz: 0 },
        { name: "/empty", count: 0, firstUs: undefined, rateHz: 0 },
      ]);
      await recording.close();
    });

    test("refuses channels that were not added and times that are no times, and keeps what it had", async () => {
      const cases = [
        { wrong: message(3, START_NS + 9n, 1), code: "unknown-channel" },
        { wrong: message(-1, START_NS + 9n, 1), code: "unknown-channel" },
        { wrong: message(1, 2n ** 63n, 1), code: "invalid-argument" },
        { wrong: message(1, -1n, 1), code: "invalid-argument" },
      ];
      for (const { wrong, code } of cases) {
        const name = nextName();
        const appender = await store.append(name);
        await declare(appender);
        await appender.append([message(0, START_NS, 2)]);
        await appender.flush();
        await expect(appender.append([message(0, START_NS + 1n, 2), wrong])).rejects.toMatchObject({ code });
        await appender.close();
        const recording = await store.open(name);
        expect((await lines(recording)).slice(0, 1)).toEqual(expectedLines([message(0, START_NS, 2)]));
        await recording.close();
      }
    });

    test("takes nothing once it is closed", async () => {
      const appender = await store.append(nextName());
      await declare(appender);
      await appender.seal();
      await appender.close();
      await appender.close();
      const closed = { name: "RecordingError", code: "closed" };
      await expect(appender.append(messages(1))).rejects.toMatchObject(closed);
      await expect(appender.flush()).rejects.toMatchObject(closed);
      await expect(appender.seal()).rejects.toMatchObject(closed);
    });

    test("takes messages of no bytes and of many megabytes among small ones, in order", async () => {
      const sizes = [0, 8191, 8192, 8193, 1, 20_000_000, 8192, 0, 3];
      const huge = sizes.map((size, index) => message(index % 2, START_NS + BigInt(index >> 1), size));
      const recording = await keep({ channels: CHANNELS, messages: huge.map(written) });
      const readings = await collect(recording);
      expect(readings.map(summary)).toEqual(expectedLines(huge));
      readings.forEach(({ raw }, index) => {
        expect(Buffer.compare(raw, huge[index]?.data ?? new Uint8Array(1))).toBe(0);
      });
      await recording.close();
    });

    test(
      under.takesLateMessages
        ? "takes messages that come late, and orders them by time, also behind a restart"
        : "refuses messages that come late, and keeps what it had",
      async () => {
        const name = nextName();
        const appender = await store.append(name);
        await declare(appender);
        const all = messages(200);
        await appender.append(all.slice(50));
        await appender.flush();
        if (!under.takesLateMessages) {
          await expect(appender.append(all.slice(0, 50))).rejects.toMatchObject({ code: "out-of-order" });
          await appender.close();
          const recording = await store.open(name);
          expect(await lines(recording)).toEqual(expectedLines(all.slice(50)));
          await recording.close();
          return;
        }
        await appender.close();
        const next = await store.append(name);
        await next.append(all.slice(0, 50));
        await next.seal();
        const recording = await store.open(name);
        const moved = [...all.slice(50), ...all.slice(0, 50)];
        expect(await lines(recording)).toEqual(expectedLines(moved));
        const middleUs = recording.startUs + Math.floor((recording.endUs - recording.startUs) / 2);
        const tail = (await collect(recording, { fromUs: middleUs })).map(summary);
        expect(tail).toEqual(expectedLines(moved).slice(-tail.length));
        const latest = await recording.latestAtOrBefore(recording.endUs);
        const last = (sensor: number) =>
          expectedLines(moved).findLast((line) => line.includes(`sensor ${sensor}`));
        for (const [sensor, reading] of latest) expect(summary(reading)).toBe(last(sensor));
        await recording.close();
      },
    );

    test("leaves a recording that is closed on its own", async () => {
      const recording = await keep(contentOf(10));
      await recording.close();
      await expect(collect(recording)).rejects.toBeInstanceOf(RecordingError);
    });
  });
}

async function declare(appender: RecordingAppender): Promise<void> {
  for (const channel of CHANNELS) await appender.addChannel(channel);
}

async function appendAll(
  appender: RecordingAppender,
  all: readonly RecordedMessage[],
  batch: number,
): Promise<void> {
  for (let from = 0; from < all.length; from += batch) await appender.append(all.slice(from, from + batch));
}

/** Two channels that alternate unevenly, each time up to three times. */
function messages(count: number): RecordedMessage[] {
  return Array.from({ length: count }, (_, index) =>
    message(
      index % 5 === 0 ? 0 : 1,
      START_NS + BigInt(Math.floor(index / 3)) * 1_000_003n,
      10 + (index % 40),
    ),
  );
}

function message(channel: number, logTimeNs: bigint, sizeBytes: number): RecordedMessage {
  const data = Buffer.alloc(sizeBytes, Uint8Array.of(sizeBytes & 255, 7, channel & 255));
  return {
    channel,
    logTimeNs,
    publishTimeNs: 2n ** 64n - 1n - BigInt(sizeBytes),
    data: new Uint8Array(data),
  };
}

function contentOf(count: number): Content {
  return { channels: CHANNELS, messages: messages(count).map(written) };
}

function written({ channel, logTimeNs, publishTimeNs, data }: RecordedMessage): Content["messages"][number] {
  return { channel, logTimeNs, publishTimeNs, data };
}

async function lines(recording: Recording): Promise<string[]> {
  return (await collect(recording)).map(summary);
}

/** What a recording of these messages gives, worked out in the plainest way: channel 1 (`/b`) is sensor 0, channel 0 (`/ä/pair`) sensor 2. */
function expectedLines(all: readonly RecordedMessage[]): string[] {
  const ordered = all.map((entry, place) => ({ entry, place }));
  ordered.sort((a, b) => Number(a.entry.logTimeNs - b.entry.logTimeNs) || a.place - b.place);
  const counts = [0, 0, 0];
  return ordered.map(({ entry: { channel, logTimeNs, publishTimeNs, data } }, position) => {
    const sensor = channel === 0 ? 2 : 0;
    const sequence = counts[sensor] ?? 0;
    counts[sensor] = sequence + 1;
    const timeUs = Number(logTimeNs / 1000n);
    const remainderNs = Number(logTimeNs % 1000n);
    const reading = { sensor, sequence, position, timeUs, remainderNs, publishTimeNs, raw: data };
    expect(nanosecondsOf(timeUs, remainderNs)).toBe(logTimeNs);
    return summary({ ...reading, payload: data, metadata: undefined });
  });
}
