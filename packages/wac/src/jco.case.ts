/** jco, which runs components as generated JavaScript: another runtime that must take what is written here. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpileBytes } from "@bytecodealliance/jco-transpile";

type Functions = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Runs a component under jco; what was generated is removed when `use` is done. */
export async function underJco<T>(
  bytes: Uint8Array,
  imports: Imports,
  use: (exports: Readonly<Record<string, Functions>>) => T,
): Promise<T> {
  const { files } = await transpileBytes(bytes, { name: "component", instantiation: "sync" });
  const root = await mkdtemp(join(tmpdir(), "jco-"));
  try {
    // The test runner leaves modules in a folder of this name to Node.js.
    const folder = join(root, "node_modules/generated");
    await mkdir(folder, { recursive: true });
    const script = join(folder, "component.mjs");
    const modules = new Map(Object.entries(files).map(([path, content]) => [basename(path), content]));
    await writeFile(script, modules.get("component.js") ?? "");
    const generated = (await import(/* @vite-ignore */ pathToFileURL(script).href)) as {
      instantiate(compile: (path: string) => WebAssembly.Module, imports: Imports): Record<string, Functions>;
    };
    const compile = (path: string): WebAssembly.Module =>
      new WebAssembly.Module(modules.get(path) as Uint8Array<ArrayBuffer>);
    return use(generated.instantiate(compile, imports));
  } finally {
    await rm(root, { recursive: true });
  }
}
