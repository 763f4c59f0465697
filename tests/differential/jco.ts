/**
 * jco, for comparison: the one that `benchmarks/component-model` installs, else the one that the project is developed with.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

type Imports = { readonly [name: string]: unknown };
type Exports = { readonly [name: string]: { readonly [name: string]: (...args: unknown[]) => unknown } };

export interface Jco {
  readonly version: string;
  /** Makes an instance of a component. */
  instantiate(bytes: Uint8Array, imports: Imports): Promise<Exports>;
  /** Removes what was generated. */
  close(): void;
}

interface Transpiler {
  transpileBytes(
    bytes: Uint8Array,
    options: { name: string; instantiation: "sync"; noComponentErrorWrapping: boolean },
  ): Promise<{ files: { [path: string]: Uint8Array } }>;
}

/** Undefined when it is not installed. */
export async function findJco(): Promise<Jco | undefined> {
  const place = createRequire(new URL("../../benchmarks/component-model/package.json", import.meta.url));
  let entry: string;
  try {
    entry = place.resolve("@bytecodealliance/jco-transpile");
  } catch {
    return undefined;
  }
  const transpiler = (await import(/* @vite-ignore */ pathToFileURL(entry).href)) as Transpiler;
  const manifest = readFileSync(join(dirname(entry), "../package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  // Modules in a folder of this name are left to Node.js by the test runner.
  const root = mkdtempSync(join(tmpdir(), "differential-"));
  const folder = join(root, "node_modules/generated");
  mkdirSync(folder, { recursive: true });
  let count = 0;
  return {
    version,
    async instantiate(bytes, imports) {
      const name = `component${count++}`;
      const options = { name, instantiation: "sync", noComponentErrorWrapping: false } as const;
      const { files } = await transpiler.transpileBytes(bytes, options);
      const script = join(folder, `${name}.mjs`);
      writeFileSync(script, files[`${name}.js`] as Uint8Array);
      const cores = new Map(Object.entries(files).map(([path, content]) => [basename(path), content]));
      const generated = await import(/* @vite-ignore */ pathToFileURL(script).href);
      const compile = (path: string) => new WebAssembly.Module(cores.get(path) as BufferSource);
      return generated.instantiate(compile, imports) as Exports;
    },
    close: () => rmSync(root, { recursive: true }),
  };
}
