import type { ChannelDeclaration } from "@playhead/recording";
import { describe, expect, test } from "vitest";
import { interpretSource } from "./open-source.ts";
import { selectTopics } from "./select-topics.ts";
import { testFolder } from "./source.case.ts";
import type { MessageSource, SourceMessage } from "./source.ts";
import { WrappedSource } from "./wrapped-source.ts";

const folder = testFolder();
const channel = (topic: string, messageEncoding: string): ChannelDeclaration => {
  const schema = { name: "can_msgs/msg/Frame", encoding: "ros2msg", data: new Uint8Array(0) };
  return { topic, messageEncoding, schema: messageEncoding === "cdr" ? schema : undefined };
};

/** A CAN frame (identifier 0x123, two bytes) with a stamp of a second, in CDR. */
const FRAME = Uint8Array.from([
  ...[0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
  ...[0x23, 1, 0, 0, 0, 0, 0, 2, 1, 2, 0, 0, 0, 0, 0, 0],
]);

function recorded(encodings: readonly string[]): MessageSource {
  const channels = encodings.map((encoding, index) => channel(`/${index}`, encoding));
  return {
    ...{ name: "some", format: "a test", profile: "ros2", channels, metadata: {}, problems: [] },
    async *messages() {
      const message = { channel: 0, logTimeNs: 2_000_000_000n, publishTimeNs: 0n, data: FRAME };
      yield [7, 9].map((sequence): SourceMessage => ({ ...message, sequence }));
    },
    close: () => Promise.resolve(),
  };
}

describe("a profile", () => {
  test("stays while messages are encoded as they were", () => {
    expect(selectTopics(recorded(["cdr", "cdr"]), ["/1"]).profile).toBe("ros2");
    const mixed = recorded(["cdr", "json"]);
    expect(selectTopics(mixed, ["/0", "/1"]).profile).toBe("ros2");
    expect(new WrappedSource(mixed, () => (message) => message, [channel("/0", "protobuf")]).profile).toBe(
      "",
    );
  });

  test("stays by the sensors' clock, as the recorder's numbers do, and ends where signals are decoded", async () => {
    const timed = await interpretSource(recorded(["cdr"]), { time: "header" });
    expect(timed.profile).toBe("ros2");
    const sequences: (number | undefined)[] = [];
    for await (const batch of timed.messages())
      for (const { logTimeNs, sequence } of batch)
        sequences.push(logTimeNs === 1_000_000_000n ? sequence : -1);
    expect(sequences).toEqual([7, 9]);
    const path = await folder.file("car.dbc", 'BO_ 291 SPEED: 8 X\n SG_ SPEED : 0|8@1+ (1,0) [0|0] "" X\n');
    const decoded = await interpretSource(recorded(["cdr"]), { dbc: [{ path }] });
    expect([decoded.profile, decoded.channels.length]).toEqual(["", 2]);
    const given: unknown[] = [];
    for await (const batch of decoded.messages())
      given.push(...batch.map((message) => [message.channel, message.sequence]));
    expect(given).toEqual([
      [0, 7],
      [1, undefined],
      [0, 9],
      [1, undefined],
    ]);
  });
});
