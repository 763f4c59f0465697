/** Runs the AssemblyScript compiler. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { GuestError } from "../errors.ts";

export interface Compilation {
  /** Paths in the compilation are relative to this folder, and so are those in messages and in the module. */
  readonly baseFolder: string;
  /** The module whose exports the core module gets. */
  readonly entry: string;
  /** The module whose function `abort` ends the guest, without its ending. */
  readonly abort: string;
}

export interface Compiled {
  readonly module: Uint8Array;
  /** Every file that was read, and every file that was looked for and not found, relative to the base folder. */
  readonly files: readonly string[];
  /** What the compiler warned of. */
  readonly warnings: string;
}

const OUTPUT = "guest.wasm";

/** @throws GuestError `compile` with the compiler's messages, which name file and line */
export async function compile(what: Compilation): Promise<Compiled> {
  // Loaded when needed: it is large, and most builds find that nothing has changed.
  const { default: asc } = await import("assemblyscript/asc");
  const files = new Set<string>();
  let module: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      what.entry,
      ...["--outFile", OUTPUT],
      ...["--baseDir", what.baseFolder],
      ...["--optimizeLevel", "3", "--shrinkLevel", "0"],
      ...["--runtime", "minimal"],
      ...["--enable", "simd"],
      ...["--use", `abort=${what.abort}/abort`],
    ],
    {
      readFile: async (name, baseFolder) => {
        files.add(name);
        return await readFile(join(baseFolder, name), "utf8").catch(() => null);
      },
      writeFile: (name, contents) => {
        if (name === OUTPUT && typeof contents !== "string") module = contents;
      },
      listFiles: () => null,
    },
  );
  const messages = stderr.toString().trim();
  if (error !== null || module === undefined) {
    const reason = messages === "" ? String(error?.message ?? "no module was written") : messages;
    throw new GuestError("compile", reason, error);
  }
  return { module, files: [...files].sort(), warnings: messages };
}
