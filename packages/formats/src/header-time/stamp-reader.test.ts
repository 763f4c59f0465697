import type { ChannelDeclaration } from "@playhead/recording";
import { describe, expect, test } from "vitest";
import { StampReader } from "./stamp-reader.ts";

const STAMP = 1_700_000_000_123_456_789n;
const HEADER_ROS2 = `std_msgs/Header header
float64 value
${"=".repeat(80)}
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id`;
const HEADER_ROS1 = `Header header
float64 value
${"=".repeat(80)}
MSG: std_msgs/Header
uint32 seq
time stamp
string frame_id`;

function channel(messageEncoding: string, definition: string): ChannelDeclaration {
  const encoding = messageEncoding === "ros1" ? "ros1msg" : "ros2msg";
  const schema = { name: "some/Type", encoding, data: new TextEncoder().encode(definition) };
  return { topic: "/some", messageEncoding, schema };
}

/** Words of 32 bits; CDR's head comes before. */
function words(isLittle: boolean, ...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [place, value] of values.entries()) view.setUint32(4 * place, value, isLittle);
  return bytes;
}

const cdr = (isLittle: boolean, ...values: readonly number[]): Uint8Array =>
  Uint8Array.of(0, isLittle ? 1 : 0, 0, 0, ...words(isLittle, ...values));

describe("stamps", () => {
  test.each([true, false])("of ROS 2 messages, little-endian %s", (isLittle) => {
    const reader = new StampReader(channel("cdr", HEADER_ROS2));
    // An empty frame takes 5 bytes and 3 of padding; CDR counts from behind its head.
    const message = cdr(isLittle, 1_700_000_000, 123_456_789, 1, 0, 0, 0);
    for (const _ of [1, 2, 3]) expect(reader.stampNs(message)).toBe(STAMP);
    expect(reader.stampNs(message.subarray(0, 9))).toBeUndefined();
    expect(reader.stampNs(cdr(isLittle, 0, 0, 1, 0, 0, 0))).toBeUndefined();
    expect(reader.stampNs(cdr(isLittle, 5, 1_000_000_000, 1, 0, 0, 0))).toBeUndefined();
    expect(reader.stampNs(cdr(isLittle, 0xffffffff, 0, 1, 0, 0, 0))).toBeUndefined();
  });

  test("of ROS 1 messages", () => {
    const reader = new StampReader(channel("ros1", HEADER_ROS1));
    const message = words(true, 7, 1_700_000_000, 123_456_789, 0, 0, 0);
    for (const _ of [1, 2]) expect(reader.stampNs(message)).toBe(STAMP);
    expect(reader.stampNs(message.subarray(0, 5))).toBeUndefined();
  });

  test("behind other fields, and at the start without a header", () => {
    const behind = new StampReader(channel("cdr", `uint32 count\n${HEADER_ROS2}`));
    const message = cdr(true, 9, 1_700_000_000, 123_456_789, 1, 0, 0, 0, 0);
    for (const _ of [1, 2]) expect(behind.stampNs(message)).toBe(STAMP);
    const bare = new StampReader(channel("ros1", "time stamp"));
    for (const _ of [1, 2]) expect(bare.stampNs(words(true, 1_700_000_000, 123_456_789))).toBe(STAMP);
  });

  test("of JSON, as Foxglove and ROS name them", () => {
    const reader = new StampReader({ topic: "/j", messageEncoding: "json", schema: undefined });
    const stampOf = (value: unknown): bigint | undefined =>
      reader.stampNs(new TextEncoder().encode(JSON.stringify(value)));
    expect(stampOf({ timestamp: { sec: 1_700_000_000, nsec: 123_456_789 } })).toBe(STAMP);
    expect(stampOf({ header: { stamp: { sec: 1_700_000_000, nanosec: 123_456_789 } } })).toBe(STAMP);
    const transform = { header: { stamp: { sec: 1_700_000_000, nanosec: 123_456_789 } } };
    expect(stampOf({ transforms: [transform, {}] })).toBe(STAMP);
    for (const none of [
      { transforms: [] },
      {},
      null,
      5,
      { timestamp: 3 },
      { timestamp: { sec: "x" } },
      { timestamp: { sec: -1 } },
    ])
      expect(stampOf(none)).toBeUndefined();
    expect(reader.stampNs(Uint8Array.of(1, 2))).toBeUndefined();
  });

  test("are not searched for without end, nor where nothing is known of the messages", () => {
    const reader = new StampReader({ topic: "/j", messageEncoding: "json", schema: undefined });
    const [none, one] = [{}, { stamp: { sec: 1 } }].map((value) =>
      new TextEncoder().encode(JSON.stringify(value)),
    );
    for (let count = 0; count < 100; count++) expect(reader.stampNs(none as Uint8Array)).toBeUndefined();
    expect(reader.stampNs(one as Uint8Array)).toBeUndefined();
    const unknown = new StampReader({ topic: "/x", messageEncoding: "x", schema: undefined });
    expect(unknown.stampNs(one as Uint8Array)).toBeUndefined();
  });
});
