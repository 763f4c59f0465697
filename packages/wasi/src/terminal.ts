import type { Guests } from "./guests.ts";
import { Resource } from "./resource.ts";

/** Says that the output goes to someone who reads line by line: C then writes each line when it ends. */
export class TerminalOutput extends Resource<Record<never, never>> {}

/** Stdin is none, so that there never is one. */
class TerminalInput {}

export function terminalImports(guests: Guests): Record<string, Record<string, unknown>> {
  const terminal = guests.serve((guest) => guest.open("terminalOutput", {}));
  return {
    "terminal-input": { TerminalInput },
    "terminal-output": { TerminalOutput: guests.classes.terminalOutput },
    "terminal-stdin": { getTerminalStdin: () => undefined },
    "terminal-stdout": { getTerminalStdout: terminal },
    "terminal-stderr": { getTerminalStderr: terminal },
  };
}
