import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

/** What a probe module exports beside its own functions. */
export interface Probe {
  readonly memory: WebAssembly.Memory;
  /** Memory for test data: it is never freed. Returns its address. */
  alloc(bytes: number): number;
  [name: string]: unknown;
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Compiles an AssemblyScript module of this folder to a plain wasm module with the guests' flags, and starts it. */
export async function startProbe<T extends Probe>(entry: string): Promise<T> {
  let binary: Uint8Array | undefined;
  const path = join(root, entry);
  const { error, stderr } = await asc.main(
    [path, "--outFile", "probe.wasm", "--optimizeLevel", "3", "--enable", "simd", "--runtime", "stub", "--use", "abort="],
    {
      readFile: (name: string, base: string) => {
        try {
          return readFileSync(resolve(base, name), "utf8");
        } catch {
          return null;
        }
      },
      writeFile: (name: string, contents: Uint8Array | string) => {
        if (name.endsWith(".wasm") && typeof contents !== "string") binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined) throw new Error(`${entry} does not compile: ${stderr.toString()}`);
  const { instance } = await WebAssembly.instantiate(binary as Uint8Array<ArrayBuffer>, {});
  return instance.exports as unknown as T;
}

/** Text of a probe's string: AssemblyScript keeps the length in bytes four bytes before the address. */
export function textAt(probe: Probe, address: number): string {
  const bytes = new DataView(probe.memory.buffer).getUint32(address - 4, true);
  return Buffer.from(probe.memory.buffer, address, bytes).toString("utf16le");
}

/** Puts bytes into a probe's memory; returns their address. */
export function putBytes(probe: Probe, bytes: Uint8Array): number {
  const address = probe.alloc(Math.max(bytes.length, 8));
  new Uint8Array(probe.memory.buffer, address, bytes.length).set(bytes);
  return address;
}
