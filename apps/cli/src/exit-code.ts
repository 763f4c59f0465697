/** Exit codes that scripts can rely on. Ended by a signal: 128 + its number. */
export const ExitCode = {
  ok: 0,
  /** A defect of Playhead itself. */
  internal: 1,
  /** The command line cannot be understood. */
  usage: 2,
  /** A recording, composition, component or configuration cannot be used. */
  badInput: 3,
  /** The run failed: a component trapped, answered with an error or did not come back. */
  runFailed: 4,
  /** An output could not be written. */
  outputFailed: 5,
  /** What was compared is not the same: `diff`, `replay-fault`, `verify`. */
  different: 6,
} as const;

export const EXIT_CODES_HELP = `Exit codes: 0 done, 1 defect of Playhead, 2 bad command line, 3 bad input, 4 a component failed, 5 an output could not be written, 6 not the same (diff, replay-fault, verify), 128 + n ended by the signal n (Ctrl+C: 130)`;
