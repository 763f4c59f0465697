import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
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
const flags = ["--optimizeLevel", "3", "--enable", "simd", "--runtime", "stub", "--use", "abort="];

/**
 * Compiles an AssemblyScript module of this folder to a plain wasm module with the guests' flags, and starts it. The module is kept in
 * build/probes until a source changes.
 */
export async function startProbe<T extends Probe>(entry: string): Promise<T> {
  const kept = join(root, "build", "probes", `${fingerprint(entry)}.wasm`);
  const binary = existsSync(kept) ? readFileSync(kept) : await compile(entry, kept);
  const { instance } = await WebAssembly.instantiate(binary as Uint8Array<ArrayBuffer>, {});
  return instance.exports as unknown as T;
}

async function compile(entry: string, keptAs: string): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main([join(root, entry), "--outFile", "probe.wasm", ...flags], {
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
  });
  if (error !== null || binary === undefined) throw new Error(`${entry} does not compile: ${stderr.toString()}`);
  mkdirSync(dirname(keptAs), { recursive: true });
  // Whole or not at all: several test files may compile the same probe.
  const half = `${keptAs}.${process.pid}`;
  writeFileSync(half, binary);
  renameSync(half, keptAs);
  return binary;
}

/** Changes with the sources that the probe may use: its own folder's and the library's. */
function fingerprint(entry: string): string {
  const hash = createHash("sha256").update(`${entry} ${flags.join(" ")} ${asc.version}`);
  for (const folder of ["lib", dirname(entry)]) {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
    for (const name of names.filter((each) => each.endsWith(".ts") && !each.endsWith(".test.ts")).sort()) {
      hash.update(name).update(readFileSync(join(root, folder, name)));
    }
  }
  return `${entry.replace(/\W+/g, "-").replace(/-ts$/, "")}-${hash.digest("hex").slice(0, 16)}`;
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
