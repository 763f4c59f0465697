import rosmsg from "@foxglove/rosmsg";
import { MessageWriter } from "@foxglove/rosmsg2-serialization";
import { expect, test } from "vitest";
import { Ros2Type } from "./ros2-type.ts";

const TEXT = "string name\nuint8[] data";

test("a message has the same bytes, whatever was written before it, and keeps them", () => {
  const writer = new MessageWriter(rosmsg.parse(TEXT, { ros2: true }));
  const type = new Ros2Type("demo/msg/Named", TEXT);
  const messages = ["long enough to be seen", "größer", "", "größßß", "x".repeat(2000)].flatMap((name) =>
    [0, 7, 1000, 100_000].map((length) => ({ name, data: new Uint8Array(length).fill(0xee) })),
  );
  const written = messages.map((message) => type.write(message));
  expect(written.map((bytes) => Buffer.from(bytes).toString("hex"))).toEqual(
    messages.map((message) => Buffer.from(writer.writeMessage(message)).toString("hex")),
  );
});
