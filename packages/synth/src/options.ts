/** Which story a drive tells. */
export type Scenario = "braking" | "cruising";

/** The stories, for help texts and checks. */
export const scenarios: readonly Scenario[] = ["braking", "cruising"];

/** Start of every drive unless asked otherwise: 2024-05-14T09:30:00Z, µs since the Unix epoch. */
export const defaultStartUs = 1_715_679_000_000_000;

export interface SynthOptions {
  /** Whole number; equal seeds and options give equal bytes. */
  readonly seed: number;
  /** Length of the drive, s; 30 by default. */
  readonly durationS?: number;
  /**
   * `braking` (the default): the lead vehicle brakes hard, the driver reacts late, a pedestrian crosses. `cruising`: nobody does
   * anything that would justify a forward-collision warning.
   */
  readonly scenario?: Scenario;
  /** Time of the first instant, µs since the Unix epoch. */
  readonly startUs?: number;
}

/** The options with nothing left open. */
export interface DriveOptions {
  readonly seed: number;
  readonly durationS: number;
  readonly scenario: Scenario;
  readonly startUs: number;
}

/** An option that cannot be used. */
export class SynthOptionError extends Error {
  readonly code = "synth-option";
  readonly option: string;

  constructor(option: string, expected: string, found: unknown) {
    super(`Option ${option}: expected ${expected}, found ${String(found)}.`);
    this.name = "SynthOptionError";
    this.option = option;
  }
}

/** Longest drive, s: keeps times and tables small enough to be exact. */
const longestS = 6 * 3600;

/** Fills in the defaults and refuses what makes no sense. */
export function completeOptions(options: SynthOptions): DriveOptions {
  const { seed, durationS = 30, scenario = "braking", startUs = defaultStartUs } = options;
  if (!Number.isSafeInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new SynthOptionError("seed", "a whole number from 0 to 4294967295", seed);
  }
  if (!(durationS >= 0.1 && durationS <= longestS)) {
    throw new SynthOptionError("durationS", `a number of seconds from 0.1 to ${longestS}`, durationS);
  }
  if (!scenarios.includes(scenario)) {
    throw new SynthOptionError("scenario", `one of ${scenarios.join(", ")}`, scenario);
  }
  if (!Number.isSafeInteger(startUs) || startUs < 0) {
    throw new SynthOptionError("startUs", "a whole number of microseconds since the Unix epoch", startUs);
  }
  return { seed, durationS, scenario, startUs };
}
