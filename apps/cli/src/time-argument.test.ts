import { describe, expect, it } from "vitest";
import { parseTime } from "./time-argument.ts";

const START_US = 1_533_226_488_193_115;

describe("a time on the command line", () => {
  it.each([
    ["0", 0],
    ["12.5", 12_500_000],
    [".5", 500_000],
    ["1:05.2", 65_200_000],
    ["1:00:00", 3_600_000_000],
  ])("%s is seconds from the start", (text, offsetUs) => {
    expect(parseTime("--from", text, START_US)).toBe(START_US + offsetUs);
  });

  it.each([
    ["2018-08-02T16:14:48.193115Z", START_US],
    ["2018-08-02T18:14:48.193115+02:00", START_US],
    ["2018-08-02T16:14:48.1Z", START_US - 93_115],
    ["2018-08-02T16:14:48Z", START_US - 193_115],
    ["2018-08-02T16:14Z", START_US - 48_193_115],
  ])("%s is a time, to the µs", (text, timeUs) => {
    expect(parseTime("--from", text, START_US)).toBe(timeUs);
  });

  it.each(["", ".", "-5", "abc", "2018-08-02", "2018-08-02T16:14:48", "2018-13-02T16:14:48Z"])(
    "%j is refused",
    (text) => {
      expect(() => parseTime("--to", text, START_US)).toThrow(/^--to: expected seconds .* found /);
    },
  );
});
