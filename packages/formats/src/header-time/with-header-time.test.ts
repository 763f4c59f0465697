import type { ChannelDeclaration } from "@playhead/recording";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MessageSource, SourceMessage } from "../source.ts";
import type { HeaderTimeOptions } from "./header-time-source.ts";
import { withHeaderTime } from "./with-header-time.ts";

/** A message for people: topic, log time and stamp in ms. */
type Given = readonly [topic: string, logMs: number, stampMs?: number | undefined];

const NS_PER_MS = 1_000_000n;

function stamped(stampMs: number | undefined): Uint8Array {
  const timestamp = { sec: Math.floor((stampMs ?? 0) / 1000), nsec: ((stampMs ?? 0) % 1000) * 1e6 };
  return new TextEncoder().encode(JSON.stringify(stampMs === undefined ? { value: 1 } : { timestamp }));
}

/** The bytes of all batches are used again for the next. */
function sourceOf(given: readonly Given[]): MessageSource {
  const topics = [...new Set(given.map(([topic]) => topic))];
  const channels = topics.map(
    (topic): ChannelDeclaration => ({ topic, messageEncoding: "json", schema: undefined }),
  );
  return {
    ...{ name: "some", format: "a test", channels, metadata: {}, problems: [] },
    async *messages() {
      const bytes = new Uint8Array(256);
      for (const [topic, logMs, stampMs] of given) {
        const data = stamped(stampMs);
        bytes.fill(0xff).set(data);
        const logTimeNs = BigInt(logMs) * NS_PER_MS;
        const message: SourceMessage = {
          ...{ channel: topics.indexOf(topic), logTimeNs, publishTimeNs: 7n },
          data: bytes.subarray(0, data.length),
        };
        yield [message];
      }
    },
    close: () => Promise.resolve(),
  };
}

/** Topic, new time and former log time in ms; what is wrong. */
async function byHeader(given: readonly Given[], options?: HeaderTimeOptions) {
  const source = await withHeaderTime(sourceOf(given), undefined, options);
  const messages: { topic: string; ms: number; logMs: number; data: string }[] = [];
  for await (const batch of source.messages())
    for (const { channel, logTimeNs, publishTimeNs, data } of batch)
      messages.push({
        topic: source.channels[channel]?.topic ?? "",
        ms: Number(logTimeNs) / 1e6,
        logMs: Number(publishTimeNs) / 1e6,
        data: Buffer.from(data).toString(),
      });
  const rows = messages.map(({ topic, ms, logMs }) => [topic, ms, logMs]);
  return { source, messages, rows, problems: source.problems };
}

describe("by the clock of the sensors", () => {
  test("messages have their stamps as log times and are in their order; the log time is kept", async () => {
    const { rows, problems, source } = await byHeader([
      ["/imu", 10_000, 1_000],
      ["/camera", 10_010, 920],
      ["/imu", 10_010, 1_010],
      ["/imu", 10_020, 1_010],
    ]);
    expect(rows).toEqual([
      ["/camera", 920, 10_010],
      ["/imu", 1_000, 10_000],
      ["/imu", 1_010, 10_010],
      ["/imu", 1_010, 10_020],
    ]);
    expect(problems).toEqual([]);
    expect(source.metadata).toEqual({ "playhead.time": "header" });
    expect(source.channels.map(({ metadata }) => metadata)).toEqual([
      { "playhead.time": "header" },
      { "playhead.time": "header" },
    ]);
  });

  test("what has no stamp lies between its neighbours as its log time did", async () => {
    const { rows } = await byHeader([
      ["/speed", 9_990],
      ["/imu", 10_000, 1_000],
      ["/speed", 10_000],
      ["/speed", 10_025],
      ["/late", 10_030, 990],
      ["/speed", 10_050],
      ["/imu", 10_100, 1_200],
      ["/speed", 10_130],
      ["/zero", 10_131, 0],
    ]);
    expect(rows).toEqual([
      ["/speed", 990, 9_990],
      ["/late", 990, 10_030],
      ["/imu", 1_000, 10_000],
      ["/speed", 1_000, 10_000],
      ["/speed", 1_050, 10_025],
      ["/speed", 1_100, 10_050],
      ["/imu", 1_200, 10_100],
      ["/speed", 1_230, 10_130],
      ["/zero", 1_231, 10_131],
    ]);
  });

  test("old messages at the start, which latched topics have, move nothing else", async () => {
    const { rows } = await byHeader([
      ["/rosout", 10_000, 8_000],
      ["/speed", 10_000],
      ...Array.from({ length: 5 }, (_, k): Given => ["/imu", 10_010 + 10 * k, 10_000 + 10 * k]),
      ["/speed", 10_055],
    ]);
    expect(rows[0]).toEqual(["/rosout", 8_000, 10_000]);
    expect(rows.filter(([topic]) => topic === "/speed")).toEqual([
      ["/speed", 9_990, 10_000],
      ["/speed", 10_045, 10_055],
    ]);
  });

  test("what comes later than the window has the time that was reached, and is a problem", async () => {
    const given: Given[] = [
      ["/imu", 1_000, 1_000],
      ["/imu", 1_600, 1_600],
      ["/imu", 2_200, 2_200],
      ["/old", 2_300, 1_300],
      ["/old", 2_310, 1_350],
    ];
    const { rows, problems } = await byHeader(given, { windowNs: 500n * NS_PER_MS });
    // Their stamps depart from the others' by more than the window: they are not believed.
    expect(rows.slice(-2)).toEqual([
      ["/old", 2_300, 2_300],
      ["/old", 2_310, 2_310],
    ]);
    expect(problems).toMatchObject([
      { code: "stamp-departs", sensor: "/old", message: expect.stringMatching(/found 2 /) },
    ]);
    const few = await byHeader(given, { mostBytes: 700 });
    expect(few.rows.map(([, ms]) => ms)).toEqual([1_000, 1_600, 1_600, 1_600, 2_200]);
    expect(few.problems).toMatchObject([
      {
        code: "late-message",
        sensor: "/old",
        message: expect.stringMatching(/found 2 up to 0.3 s too late/),
      },
    ]);
  });

  test("a clock that is wrong once changes nothing else; one that is set is followed", async () => {
    const steady = Array.from({ length: 300 }, (_, k): Given => ["/imu", k * 100, 50_000 + k * 100]);
    const once = steady.map((one, k): Given => (k === 7 || k === 0 ? ["/imu", one[1], 9_000_000] : one));
    const wrong = await byHeader(once);
    expect(wrong.rows.map(([, ms]) => ms)).toEqual(steady.map(([, , stampMs]) => stampMs));
    expect(wrong.problems).toMatchObject([
      { code: "stamp-departs", message: expect.stringMatching(/found 2 /) },
    ]);
    const isSet = steady.map(
      ([topic, logMs, stampMs = 0], k): Given => [topic, logMs, k < 180 ? stampMs : stampMs + 3_600_000],
    );
    const followed = await byHeader(isSet);
    expect(followed.rows.at(-1)).toEqual(["/imu", 3_679_900, 29_900]);
    expect(followed.rows[200]).toEqual(["/imu", 70_000, 20_000]);
  });

  test("a recording without stamps stays as it is, and so does one that is by them already", async () => {
    const { rows, problems, source } = await byHeader([
      ["/speed", 5],
      ["/speed", 6],
    ]);
    expect(rows.map(([, ms]) => ms)).toEqual([5, 6]);
    expect(problems).toMatchObject([{ code: "no-stamps" }]);
    expect(source.metadata).toEqual({});
    const done = (await byHeader([["/imu", 5, 7]])).source;
    expect(await withHeaderTime(done)).toBe(done);
  });

  test("batches are small, also of large messages", async () => {
    const large = Buffer.from(JSON.stringify({ timestamp: { sec: 1, nsec: 0 }, pad: "x".repeat(1_000_000) }));
    const source = sourceOf([["/camera", 0]]);
    const messages = async function* (): AsyncGenerator<readonly SourceMessage[]> {
      for (let count = 0n; count < 40n; count++)
        yield [{ channel: 0, logTimeNs: count, publishTimeNs: 0n, data: large }];
    };
    const timed = await withHeaderTime({ ...source, messages });
    let count = 0;
    for await (const batch of timed.messages()) {
      expect(batch.length).toBeLessThanOrEqual(5);
      for (const { data } of batch) expect(Buffer.compare(data, large)).toBe(0);
      count += batch.length;
    }
    expect(count).toBe(40);
  });

  test("whatever comes, nothing is lost, times never go back, and reading again gives the same", async () => {
    const message = fc.record({
      topic: fc.constantFrom("/a", "/b"),
      stepMs: fc.integer({ min: 0, max: 400 }),
      lagMs: fc.option(fc.integer({ min: -900, max: 900 })),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { maxLength: 60 }),
        fc.integer({ min: 300, max: 9_000 }),
        async (steps, most) => {
          let logMs = 100_000;
          const given = steps.map(({ topic, stepMs, lagMs }): Given => {
            logMs += stepMs;
            return lagMs === null ? ["/none", logMs] : [topic, logMs, logMs - 50_000 + lagMs];
          });
          for (const options of [{}, { windowNs: 300n * NS_PER_MS, mostBytes: most }]) {
            const { messages, rows, source } = await byHeader(given, options);
            const times = messages.map(({ ms }) => ms);
            expect(times).toEqual(times.toSorted((a, b) => a - b));
            const bytes = given.map(([, , stampMs]) => Buffer.from(stamped(stampMs)).toString());
            expect(messages.map(({ data }) => data).sort()).toEqual(bytes.sort());
            const unstamped = messages.filter(({ topic }) => topic === "/none").map((one) => one.logMs);
            expect(unstamped).toEqual(unstamped.toSorted((a, b) => a - b));
            const again: unknown[] = [];
            for await (const batch of source.messages())
              for (const { channel, logTimeNs, publishTimeNs } of batch)
                again.push([
                  source.channels[channel]?.topic,
                  Number(logTimeNs) / 1e6,
                  Number(publishTimeNs) / 1e6,
                ]);
            expect(again).toEqual(rows);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
