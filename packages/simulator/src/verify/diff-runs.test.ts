import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMcapWriter } from "@playhead/store";
import { afterAll, beforeAll, expect, it } from "vitest";
import { diffRuns, type RunDiff } from "./diff-runs.ts";
import { openRecordedRun } from "./recorded-run.ts";

let folder: string;
let made = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playhead-diff-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

type Message = readonly [topic: string, timeUs: number, payload: string | Uint8Array];

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const RANGE = {
  name: "test_msgs/msg/Range",
  encoding: "ros2msg",
  data: bytes("string frame\nfloat64[2] range\n"),
};

/** `test_msgs/msg/Range` in CDR. */
function range(first: number, second: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(28));
  view.setUint32(0, 0x00010000);
  view.setUint32(4, 2, true);
  view.setUint8(8, 97);
  view.setFloat64(12, first, true);
  view.setFloat64(20, second, true);
  return new Uint8Array(view.buffer);
}

async function write(messages: readonly Message[], about: Record<string, string>): Promise<string> {
  const file = join(folder, `${made++}.mcap`);
  const writer = await createMcapWriter(file);
  const channel = async (
    topic: string,
    encoding: string,
    schema: typeof RANGE | undefined,
  ): Promise<number> =>
    writer.addChannel({
      topic,
      messageEncoding: encoding,
      schema,
      metadata: { "playhead.unit": `unit of ${topic}` },
    });
  const picture = { name: "playhead.Picture", encoding: "jsonschema", data: bytes("{}") };
  const channels = new Map([
    ["/json", await channel("/json", "json", undefined)],
    ["/range", await channel("/range", "cdr", RANGE)],
    ["/views/u/main", await channel("/views/u/main", "json", picture)],
    ["/other", await channel("/other", "unknown", undefined)],
  ]);
  for (const [topic, timeUs, payload] of messages) {
    const data = typeof payload === "string" ? bytes(payload) : payload;
    const timeNs = BigInt(timeUs) * 1000n;
    await writer.write(channels.get(topic) ?? -1, timeNs, timeNs, data);
  }
  await writer.addMetadata("playhead.run", about);
  await writer.close();
  return file;
}

async function diff(a: readonly Message[], b: readonly Message[]): Promise<RunDiff> {
  const left = await openRecordedRun(await write(a, { identity: "1", recording: "r" }));
  const right = await openRecordedRun(await write(b, { identity: "2", recording: "r" }));
  const found = await diffRuns(left, right);
  await left.close();
  await right.close();
  return found;
}

const BASE: readonly Message[] = [
  ["/json", 10, '{"tracks":[{"x":1},{"x":2}]}'],
  ["/range", 10, range(1, 2)],
  ["/views/u/main", 20, `{"tag":"svg","val":"<svg>${"<rect/>".repeat(30)}<text>one</text></svg>"}`],
  ["/json", 30, "[]"],
  ["/other", 30, Uint8Array.of(1, 2, 3)],
];

const withMessage = (at: number, payload: string | Uint8Array): Message[] =>
  BASE.map((message, index) => (index === at ? [message[0], message[1], payload] : message));

it("finds equal runs equal, and says what they were made of where that differs", async () => {
  const found = await diff(BASE, BASE);
  expect(found).toMatchObject({ equal: true, first: undefined, topics: [], messages: { a: 5, b: 5 } });
  expect(found.about).toEqual([{ what: "identity", a: "1", b: "2" }]);
});

it("names the field of a JSON message, with both values", async () => {
  const { equal, first, topics } = await diff(BASE, withMessage(0, '{"tracks":[{"x":1},{"x":7}]}'));
  expect(equal).toBe(false);
  expect(first).toMatchObject({
    kind: "payload",
    index: 0,
    timeUs: 10,
    topic: "/json",
    unit: "unit of /json",
  });
  expect(first?.payload).toMatchObject({ byteOffset: 24, field: { path: "tracks[1].x", a: 2, b: 7 } });
  expect(topics).toEqual([{ topic: "/json", a: 2, b: 2, different: 1, onlyA: 0, onlyB: 0 }]);
});

it("names the field of a ROS 2 message by its definition", async () => {
  const { first } = await diff(BASE, withMessage(1, range(1, 2.5)));
  expect(first?.payload).toMatchObject({ byteOffset: 26, field: { path: "range[1]", a: 2, b: 2.5 } });
});

it("names the kind of a picture and the place in it", async () => {
  const other = String(BASE[2]?.[2]).replace("one", "two");
  const { first } = await diff(BASE, withMessage(2, other));
  expect(first).toMatchObject({ kind: "payload", topic: "/views/u/main" });
  expect(first?.payload).toMatchObject({
    picture: { a: "svg", b: "svg" },
    field: { path: "val" },
    text: { place: "element 32 <text>", offset: 221 },
  });
  expect(first?.payload?.text?.b).toContain("<text>two</text>");
});

it("gives the byte where the messages cannot be read", async () => {
  const { first } = await diff(BASE, withMessage(4, Uint8Array.of(1, 2)));
  expect(first?.payload).toEqual({
    ...{ byteOffset: 2, aBytes: 3, bBytes: 2 },
    ...{ field: undefined, picture: undefined, text: undefined },
  });
});

it("tells messages that one of them lacks from another order of the same", async () => {
  const missing = await diff(
    BASE,
    BASE.filter((_, at) => at !== 1),
  );
  expect(missing.first).toMatchObject({ kind: "only-a", topic: "/range", index: 1 });
  expect(missing.topics).toEqual([{ topic: "/range", a: 1, b: 0, different: 0, onlyA: 1, onlyB: 0 }]);
  const more = await diff(BASE, [...BASE, ["/json", 40, "1"]]);
  expect(more.first).toMatchObject({ kind: "only-b", timeUs: 40 });
  const [first, second, ...rest] = BASE as [Message, Message, ...Message[]];
  const swapped = await diff(BASE, [second, first, ...rest]);
  expect(swapped.first).toMatchObject({ kind: "order", timeUs: 10 });
  expect(swapped.equal).toBe(false);
});
