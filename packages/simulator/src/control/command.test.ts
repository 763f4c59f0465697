import { expect, it } from "vitest";
import { type Command, refusal } from "./command.ts";

it.each([
  [{ type: "play" }],
  [{ type: "step", unit: "event", count: 3 }],
  [{ type: "seek", timeUs: 0 }],
  [{ type: "speed", speed: "max" }],
  [{ type: "speed", speed: 0.01 }],
] as [Command][])("takes %j", (command) => {
  expect(refusal(command)).toBeUndefined();
});

it.each([
  [{ type: "step", count: 0 }, "count of 1 or more"],
  [{ type: "step", unit: "mile" }, "tick, event or frame"],
  [{ type: "seek", timeUs: Number.NaN }, "a time in µs"],
  [{ type: "seek-by", deltaUs: Number.POSITIVE_INFINITY }, "a number of µs"],
  [{ type: "speed", speed: 0 }, "0.01 to 1000"],
  [{ type: "fly" }, "expected one of play"],
])("refuses %j", (command, reason) => {
  expect(refusal(command as Command)).toContain(reason);
});
