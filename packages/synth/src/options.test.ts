import { describe, expect, it } from "vitest";
import { completeOptions, defaultStartUs, SynthOptionError } from "./options.ts";

describe("completeOptions", () => {
  it("fills in the defaults", () => {
    expect(completeOptions({ seed: 7 })).toEqual({
      seed: 7,
      durationS: 30,
      scenario: "braking",
      startUs: defaultStartUs,
    });
  });

  it.each([
    [{ seed: -1 }, "seed"],
    [{ seed: 1.5 }, "seed"],
    [{ seed: 1, durationS: 0 }, "durationS"],
    [{ seed: 1, durationS: Number.NaN }, "durationS"],
    [{ seed: 1, startUs: 0.5 }, "startUs"],
    [{ seed: 1, scenario: "flying" as "braking" }, "scenario"],
  ])("refuses %j and names the option", (options, name) => {
    try {
      completeOptions(options);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(SynthOptionError);
      expect(error).toMatchObject({ code: "synth-option", option: name });
      expect((error as Error).message).toContain(`Option ${name}: expected`);
    }
  });
});
