import { stat } from "node:fs/promises";
import { UsageError } from "./failure.ts";

/**
 * Sees to it that no output takes the place of an input, whatever the names or links that lead to it.
 * @throws UsageError
 */
export async function refuseOverwriting(
  outputs: readonly string[],
  inputs: readonly string[],
): Promise<void> {
  const inputOf = new Map<string, string>();
  for (const input of inputs) {
    const identity = await identityOf(input);
    if (identity !== undefined) inputOf.set(identity, input);
  }
  for (const output of outputs) {
    const input = inputOf.get((await identityOf(output)) ?? "");
    if (input !== undefined)
      throw new UsageError(`${output}: expected another file for the output, found the input ${input}`);
  }
}

/** What a file is, by device and inode; undefined where there is none. */
async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
