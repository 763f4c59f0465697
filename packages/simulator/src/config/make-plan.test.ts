import { expect, it } from "vitest";
import { fakePlan, fakeRecording, summing } from "../testing/fake-run.case.ts";
import { makePlan } from "./make-plan.ts";

const DAY_US = 86_400e6;

it("asks for a range where a recording spans months", () => {
  const recording = { ...fakeRecording(10), startUs: 0, endUs: 20_000 * DAY_US };
  const configured = fakePlan([summing], "");
  expect(() => makePlan(recording, configured)).toThrow(
    /^fake: expected at most 30 days where no range is given, found 20000: 1970-01-01T.* … 2024-.*Give a start and an end$/,
  );
  expect(() => makePlan(recording, configured, { toUs: 40 * DAY_US })).toThrow(/found 40: /);
  expect(makePlan(recording, configured, { toUs: 2 * DAY_US }).endUs).toBe(2 * DAY_US);
  const whole = { fromUs: 0, toUs: recording.endUs };
  expect(makePlan(recording, configured, whole)).toMatchObject({ startUs: 0, endUs: recording.endUs });
});
