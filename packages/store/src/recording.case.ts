import {
  type ChannelDeclaration,
  nanosecondsOf,
  type Reading,
  type ReadOptions,
  type Recording,
  RecordingError,
} from "@playhead/recording";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** A message as it is written: `channel` is the place in the list of channels. */
export interface WrittenMessage {
  readonly channel: number;
  readonly logTimeNs: bigint;
  readonly publishTimeNs: bigint;
  readonly data: Uint8Array;
}

export interface Content {
  readonly channels: readonly ChannelDeclaration[];
  /** In the order of the recording. */
  readonly messages: readonly WrittenMessage[];
}

/** A store that the suite runs on. */
export interface StoreUnderTest {
  readonly name: string;
  /** Whether messages may be written that are earlier than those before them. */
  readonly takesLateMessages: boolean;
  /** Codes of the problems that its recordings have by their nature. */
  readonly problems: readonly string[];
  /** Keeps the content and opens it. */
  keep(content: Content): Promise<Recording>;
}

const START_NS = 1_700_000_000_123_456_789n;

/** What every store must do. */
export function describeStore(store: StoreUnderTest): void {
  describe(`${store.name}: a recording`, () => {
    const content = drive();
    const expected = expectedReadings(content);
    let recording: Recording;

    beforeAll(async () => {
      recording = await store.keep(content);
    });
    afterAll(() => recording.close());

    test("lists its sensors by the bytes of their names, with count, times and rate", () => {
      expect(recording.sensors.map(({ name }) => name)).toEqual([
        "/Z",
        "/a/empty",
        "/a/fast",
        "/a/slow",
        "/ä",
      ]);
      expect(recording.sensors.map(({ handle }) => handle)).toEqual([0, 1, 2, 3, 4]);
      for (const sensor of recording.sensors) {
        const own = expected.filter((reading) => reading.sensor === sensor.handle);
        const [firstUs, lastUs] = [own[0]?.timeUs, own.at(-1)?.timeUs];
        expect(sensor).toMatchObject({
          kind: "other",
          role: "input",
          encoding: "bytes",
          schema: "",
          count: own.length,
        });
        expect([sensor.firstUs, sensor.lastUs]).toEqual([firstUs, lastUs]);
        const spanNs = own.length === 0 ? 0n : timeNs(own.at(-1)) - timeNs(own[0]);
        expect(sensor.rateHz).toBeCloseTo(spanNs === 0n ? 0 : ((own.length - 1) * 1e9) / Number(spanNs), 3);
      }
      expect(recording.sensors[3]?.metadata).toEqual({ "can.bus": "1", frame: "rear" });
      expect([recording.startUs, recording.endUs]).toEqual([expected[0]?.timeUs, expected.at(-1)?.timeUs]);
      expect(recording.problems.map(({ code }) => code)).toEqual(store.problems);
    });

    test("gives every message in order of log time, equal times as they were written", async () => {
      const readings = await collect(recording);
      expectSame(readings, expected);
      const bytesDiffer = (reading: Reading, index: number) =>
        Buffer.compare(reading.raw, expected[index]?.raw ?? new Uint8Array(0)) !== 0 ||
        Buffer.compare(reading.raw, reading.payload) !== 0;
      expect(readings.findIndex(bytesDiffer)).toBe(-1);
      expect(readings.every(({ metadata }) => metadata === undefined)).toBe(true);
    });

    test("gives the same when each batch is let go before the next, from any time on", async () => {
      for (const fromUs of [0, Math.floor((recording.startUs + recording.endUs) / 2)]) {
        const owned = expected.filter(({ timeUs }) => timeUs >= fromUs);
        let place = 0;
        for await (const batch of recording.read({ borrow: true, fromUs })) {
          for (const reading of batch) {
            const match = owned[place++];
            expect(summary(reading)).toBe(match === undefined ? "nothing" : summary(match));
            if (Buffer.compare(reading.raw, match?.raw ?? new Uint8Array(0)) !== 0)
              expect(reading.raw).toEqual(match?.raw);
          }
        }
        expect(place).toBe(owned.length);
      }
      expectSame(await collect(recording), expected);
    });

    test("gives the same twice, also when both are read at once", async () => {
      const [first, second] = [recording.read(), recording.read({ sensors: [2] })];
      const fast = expected.filter(({ sensor }) => sensor === 2);
      const [all, some] = await Promise.all([flatten(first), flatten(second)]);
      expectSame(all, expected);
      expectSame(some, fast);
    });

    test("gives any slice of time and sensors, both ends included", async () => {
      const times = fc.constantFrom(...new Set(expected.map(({ timeUs }) => timeUs)));
      const end = fc.oneof(times, fc.integer({ min: recording.startUs - 5, max: recording.endUs + 5 }));
      await fc.assert(
        fc.asyncProperty(end, end, fc.subarray([0, 1, 2, 3, 4]), async (fromUs, toUs, sensors) => {
          const inside = ({ timeUs, sensor }: Reading) =>
            timeUs >= fromUs && timeUs <= toUs && sensors.includes(sensor);
          const readings = await collect(recording, { fromUs, toUs, sensors });
          expectSame(readings, expected.filter(inside));
        }),
        { numRuns: 20, seed: 1 },
      );
      const lastUs = recording.endUs;
      expect(await collect(recording, { fromUs: lastUs + 1 })).toEqual([]);
      expect(await collect(recording, { fromUs: lastUs, toUs: lastUs - 1 })).toEqual([]);
    });

    test("finds the latest reading of each sensor at or before any time", async () => {
      const times = fc.integer({ min: recording.startUs - 5, max: recording.endUs + 5 });
      const subsets = fc.option(fc.subarray([0, 1, 2, 3, 4]), { nil: undefined });
      await fc.assert(
        fc.asyncProperty(times, subsets, async (timeUs, sensors) => {
          const latest = await recording.latestAtOrBefore(timeUs, sensors);
          const wanted = sensors ?? [0, 1, 2, 3, 4];
          const answers = wanted.flatMap((sensor) => {
            const last = expected.findLast(
              (reading) => reading.sensor === sensor && reading.timeUs <= timeUs,
            );
            return last === undefined ? [] : [[sensor, summary(last)] as const];
          });
          expect([...latest].map(([sensor, reading]) => [sensor, summary(reading)])).toEqual(answers);
        }),
        { numRuns: 30, seed: 2 },
      );
    });

    test("hands over batches of bounded size, and no empty ones", async () => {
      let longest = 0;
      for await (const batch of recording.read()) {
        longest = Math.max(longest, batch.length);
        expect(batch.length).toBeGreaterThan(0);
        const before = batch.slice(0, -1).reduce((sum, reading) => sum + reading.raw.length, 0);
        expect(before).toBeLessThan(4 * 1024 * 1024);
      }
      expect(longest).toBeLessThanOrEqual(1024);
    });

    test("stops when it is told to", async () => {
      const reason = new Error("enough");
      await expect(collect(recording, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      const controller = new AbortController();
      let batches = 0;
      const reading = (async () => {
        for await (const _ of recording.read({ signal: controller.signal })) {
          batches++;
          controller.abort(reason);
        }
      })();
      await expect(reading).rejects.toBe(reason);
      expect(batches).toBe(1);
    });

    test("can be left in the middle", async () => {
      for await (const batch of recording.read()) {
        expect(batch[0]?.position).toBe(0);
        break;
      }
      expect((await collect(recording, { sensors: [0] })).length).toBeGreaterThan(0);
    });

    test("refuses handles that it does not have", async () => {
      for (const handle of [-1, 5, 0.5, Number.NaN]) {
        const refusal = { name: "RecordingError", code: "invalid-argument", found: `${handle}` };
        await expect(collect(recording, { sensors: [handle] })).rejects.toMatchObject(refusal);
        await expect(recording.latestAtOrBefore(0, [handle])).rejects.toMatchObject(refusal);
      }
    });
  });

  describe(`${store.name}: a recording with`, () => {
    test("no messages and no channels has no readings", async () => {
      const empty = await store.keep({ channels: [], messages: [] });
      expect([empty.startUs, empty.endUs, empty.sensors]).toEqual([0, 0, []]);
      expect(await collect(empty)).toEqual([]);
      expect((await empty.latestAtOrBefore(1)).size).toBe(0);
      await empty.close();
    });

    test("payloads of megabytes and of nothing gives them unchanged", async () => {
      const sizes = [0, 6 * 1024 * 1024, 1, 5 * 1024 * 1024, 0];
      const messages = sizes.map((size, index) => message(0, START_NS + BigInt(index), bytes(size, index)));
      const recording = await store.keep({ channels: [channel("/large")], messages });
      const readings = await collect(recording);
      expect(readings.map(({ raw }) => raw.length)).toEqual(sizes);
      expect(
        readings.every(({ raw }, index) => Buffer.compare(raw, bytes(sizes[index] ?? 0, index)) === 0),
      ).toBe(true);
      await recording.close();
    });

    test("ground truth says so", async () => {
      const told = { ...channel("/truth"), metadata: { "playhead.role": "reference" } };
      const recording = await store.keep({
        channels: [told, channel("/reference/pose"), channel("/x")],
        messages: [],
      });
      expect(recording.sensors.map(({ name, role }) => `${name} ${role}`)).toEqual([
        "/reference/pose reference",
        "/truth reference",
        "/x input",
      ]);
      await recording.close();
    });

    test("images that no canonical payload has passes on as recorded, and says so once", async () => {
      const schema = { name: "foxglove.RawImage", encoding: "jsonschema", data: new Uint8Array(0) };
      const channels = ["/depth", "/front"].map((topic) => ({ topic, messageEncoding: "json", schema }));
      const data = ["16UC1", "mono8", "16UC1", "16UC1"].map((encoding) =>
        Buffer.from(JSON.stringify({ width: 1, height: 1, step: 1, encoding, data: "AA==" })),
      );
      const messages = data.map((text, index) => message(index % 2, START_NS + BigInt(index), text));
      const recording = await store.keep({ channels, messages });
      expect(recording.sensors).toMatchObject([
        { name: "/depth", kind: "other", encoding: "json", schema: "foxglove.RawImage", count: 2 },
        { name: "/front", kind: "camera", encoding: "playhead/camera", count: 2 },
      ]);
      const readings = await collect(recording);
      expect(readings.map(({ sensor }) => sensor)).toEqual([0, 1, 0]);
      expect(Buffer.from(readings[2]?.payload ?? [])).toEqual(data[2]);
      const found = recording.problems.filter(({ sensor }) => sensor !== undefined);
      expect(found).toMatchObject([
        {
          code: "no-canonical-form",
          sensor: "/depth",
          message: expect.stringMatching(/"16UC1"; its messages/),
        },
        { code: "malformed-message", sensor: "/front" },
      ]);
      await recording.close();
    });

    test("a gap of hours and the last time that counts", async () => {
      const times = [0n, 999n, 36_000_000_000_000n, 9_007_190_000_000_000_000n];
      const messages = times.map((time) => message(0, time, bytes(3, 1)));
      const recording = await store.keep({ channels: [channel("/gap")], messages });
      const readings = await collect(recording);
      expect(readings.map((reading) => timeNs(reading))).toEqual(times);
      expect(readings.map(({ remainderNs }) => remainderNs)).toEqual([0, 999, 0, 0]);
      const latest = await recording.latestAtOrBefore(36_000_000_000);
      expect(latest.get(0)?.sequence).toBe(2);
      await recording.close();
    });

    test("is closed once, and reads no more", async () => {
      const recording = await store.keep(drive());
      await recording.close();
      await recording.close();
      await expect(collect(recording)).rejects.toBeInstanceOf(RecordingError);
    });

    if (!store.takesLateMessages) return;
    test("late messages puts them where their time belongs", async () => {
      const late = shuffled(drive());
      const recording = await store.keep(late);
      const readings = await collect(recording);
      expectSame(readings, expectedReadings(late));
      const [startUs, endUs] = [recording.startUs, recording.endUs];
      const middle = Math.floor((startUs + endUs) / 2);
      const slice = await collect(recording, { fromUs: middle, sensors: [3] });
      const inside = ({ timeUs, sensor }: Reading) => timeUs >= middle && sensor === 3;
      expectSame(slice, expectedReadings(late).filter(inside));
      await recording.close();
    });
  });
}

/** What a recording gives, all of it. */
export async function collect(recording: Recording, options: ReadOptions = {}): Promise<Reading[]> {
  return flatten(recording.read(options));
}

async function flatten(batches: AsyncIterable<readonly Reading[]>): Promise<Reading[]> {
  const readings: Reading[] = [];
  for await (const batch of batches) readings.push(...batch);
  return readings;
}

/** Names the first difference only: there may be thousands. */
function expectSame(actual: readonly Reading[], expected: readonly Reading[]): void {
  const lines = actual.map(summary);
  const expectedLines = expected.map(summary);
  const place = expectedLines.findIndex((line, index) => line !== lines[index]);
  expect(lines[place]).toBe(expectedLines[place]);
  expect(lines.length).toBe(expectedLines.length);
}

/** A reading as one line: what a difference is easily seen in. */
export function summary(reading: Reading): string {
  const { sensor, sequence, position, raw } = reading;
  return `${position}: ${timeNs(reading)}/${reading.publishTimeNs} sensor ${sensor} #${sequence}, ${raw.length} bytes ${raw[0]}`;
}

function timeNs(reading: Reading | undefined): bigint {
  return nanosecondsOf(reading?.timeUs ?? 0, reading?.remainderNs);
}

function channel(topic: string): ChannelDeclaration {
  return { topic, messageEncoding: "bytes", schema: undefined };
}

function message(place: number, logTimeNs: bigint, data: Uint8Array): WrittenMessage {
  return { channel: place, logTimeNs, publishTimeNs: logTimeNs + 7n, data };
}

function bytes(length: number, seed: number): Uint8Array {
  const pattern = Uint8Array.from({ length: 251 }, (_, index) => (seed * 31 + index * 7) & 255);
  return new Uint8Array(Buffer.alloc(length, pattern));
}

/** Four channels that are filled, one that is not; times that are equal, nanoseconds apart, and far apart; several chunks. */
function drive(): Content {
  const topics = ["/ä", "/a/slow", "/Z", "/a/empty", "/a/fast"];
  const channels = topics.map((topic) => ({
    ...channel(topic),
    metadata: topic === "/a/slow" ? { "can.bus": "1", frame: "rear" } : {},
  }));
  const messages: WrittenMessage[] = [];
  let time = START_NS;
  for (let index = 0; index < 3000; index++) {
    const gap = index % 7 === 0 ? 1_003_001n : index % 3 === 0 ? 400n : 0n;
    time += gap;
    const place = index % 50 === 3 ? 1 : index % 11 === 0 ? 0 : index % 4 === 0 ? 2 : 4;
    messages.push(message(place, time, bytes(20 + (index % 90), index)));
  }
  return { channels, messages };
}

/** Messages are moved by up to some hundred places, always the same way. */
function shuffled(content: Content): Content {
  const keyed = content.messages.map((entry, index) => ({ entry, key: index + ((index * 7919) % 613) }));
  return { ...content, messages: keyed.sort((a, b) => a.key - b.key).map(({ entry }) => entry) };
}

/** What a store must give for a content: worked out here in the plainest way. */
function expectedReadings({ channels, messages }: Content): Reading[] {
  const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  const names = channels.map(({ topic }) => topic).sort(byBytes);
  const ordered = messages.map((entry, place) => ({ entry, place }));
  ordered.sort((a, b) => Number(a.entry.logTimeNs - b.entry.logTimeNs) || a.place - b.place);
  const sequences = new Map<number, number>();
  return ordered.map(({ entry }, position) => {
    const sensor = names.indexOf(channels[entry.channel]?.topic ?? "");
    const sequence = sequences.get(sensor) ?? 0;
    sequences.set(sensor, sequence + 1);
    const timeUs = Number(entry.logTimeNs / 1000n);
    const remainderNs = Number(entry.logTimeNs % 1000n);
    const { publishTimeNs, data } = entry;
    return {
      sensor,
      timeUs,
      remainderNs,
      publishTimeNs,
      sequence,
      position,
      raw: data,
      payload: data,
      metadata: undefined,
    };
  });
}
