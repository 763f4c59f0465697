import { vi } from "vitest";
import { main } from "./program.ts";

export interface Ran {
  readonly text: string;
  readonly errors: string;
  readonly exitCode: number;
}

/** Runs a command line in this process; gives what it prints. */
export async function runMain(...args: readonly string[]): Promise<Ran> {
  const texts = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((chunk: string | Uint8Array) => {
      texts[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
      return true;
    }),
  );
  try {
    await main(["node", "playhead", ...args]);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  const exitCode = Number(process.exitCode ?? 0);
  process.exitCode = 0;
  return { text: texts.stdout, errors: texts.stderr, exitCode };
}
