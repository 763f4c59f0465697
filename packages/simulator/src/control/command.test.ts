import { expect, it } from "vitest";
import { readCommand } from "./command.ts";

it.each([
  { type: "play" },
  { type: "step", unit: "event", count: 3 },
  { type: "step", unit: "reading", of: "/imu", direction: "back" },
  { type: "seek", timeUs: 0 },
  { type: "checkpoint" },
  { type: "speed", speed: "max" },
  { type: "speed", speed: 0.01 },
  { type: "loop", loop: "all" },
  { type: "loop", loop: { fromUs: 1, toUs: 2 } },
  { type: "run-until", until: { on: "message", topic: "/t", field: "a.0", is: ">", value: 3 } },
  { type: "run-until", until: { on: "health", unit: "a", state: "failed" }, direction: "back" },
])("takes %j", (command) => {
  expect(readCommand(command)).toEqual({ command });
});

it.each([
  [{ type: "step", count: 0 }, "command.count: expected a count from 1 to 100000, found 0"],
  [{ type: "step", unit: "mile" }, 'tick, event, frame, reading, message, run, found "mile"'],
  [
    { type: "seek", timeUs: Number.NaN },
    "command.timeUs: expected a time in µs since the Unix epoch, found NaN",
  ],
  [{ type: "seek-by", deltaUs: Number.POSITIVE_INFINITY }, "expected a number of µs, found Infinity"],
  [{ type: "speed", speed: 0 }, 'command.speed: expected 0.01 to 1000 or "max", found 0'],
  [{ type: "loop", loop: "some" }, 'expected off, all, or fromUs and toUs, found "some"'],
  [{ type: "run-until", until: { on: "rain" } }, "expected a condition on time, message, alert or health"],
  [{ type: "fly" }, "expected one of the commands play"],
  [{ type: "play", fast: true }, "fast"],
  [{ type: "checkpoint", timeUs: 1 }, "timeUs"],
  [17, "found 17"],
  [undefined, "found nothing"],
])("refuses %j", (command, reason) => {
  expect(readCommand(command)).toEqual({ reason: expect.stringContaining(reason) });
});
