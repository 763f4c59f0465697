/**
 * The guests of `guests/`, ready to be instantiated by Playhead's component host and, transpiled, by jco.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse, transpile } from "@bytecodealliance/jco";
import { decodeComponent, instantiate } from "../../packages/component-model/dist/index.js";

const manifest = createRequire(import.meta.url)("./node_modules/@bytecodealliance/jco/package.json");
export const jcoVersion = manifest.version;

/** Whether the engine runs modules with several memories: then jco copies between components with instructions for that. */
export const multiMemory = WebAssembly.validate(
  Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 5, 2, 0, 0, 0, 0),
);

/** For what jco generates; goes when the process ends. */
const folder = mkdtempSync(join(tmpdir(), "benchmark-"));
process.once("exit", () => rmSync(folder, { recursive: true }));
let count = 0;

/** Bytes of a guest. */
export function assemble(name) {
  return parse(readFileSync(new URL(`guests/${name}.wat`, import.meta.url), "utf8"));
}

/** How Playhead makes an instance of the bytes: `instance` from what is decoded, `load` from the bytes on. */
export function playhead(bytes) {
  const component = decodeComponent(bytes);
  return {
    instance: (imports = {}) => instantiate(component, { imports }).exports,
    load: (imports = {}) => instantiate(decodeComponent(bytes), { imports }).exports,
  };
}

/** How jco does: `instance` from what is loaded, `load` from the generated files on. */
export async function jco(bytes, name) {
  const files = await transpiled(bytes, name);
  const { instantiate: instantiateTranspiled } = await importFiles(files);
  const compiled = new Map([...files.cores].map(([path, core]) => [path, new WebAssembly.Module(core)]));
  return {
    instance: (imports = {}) => instantiateTranspiled((path) => compiled.get(path), imports),
    load: async (imports = {}) => {
      const loaded = await importFiles(files);
      return loaded.instantiate((path) => new WebAssembly.Module(files.cores.get(path)), imports);
    },
  };
}

/** What jco generates for a component, with synchronous instantiation: a script in a file, and core modules. */
export async function transpiled(bytes, name) {
  const { files } = await transpile(bytes, { name, instantiation: { tag: "sync" }, multiMemory });
  const script = join(folder, `${name}-${count++}.mjs`);
  writeFileSync(script, files[`${name}.js`]);
  const cores = Object.entries(files).filter(([path]) => path.endsWith(".wasm"));
  return { script, cores: new Map(cores.map(([path, core]) => [basename(path), core])) };
}

/** The engine keeps what it has imported under an address. */
function importFiles({ script }) {
  return import(`${pathToFileURL(script).href}?${count++}`);
}

/** The core modules of a guest, for glue written by hand: sections of id 1, in order. */
export function coreModules(bytes) {
  const modules = [];
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at++];
    let size = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = bytes[at++];
      size |= (byte & 0x7f) << shift;
      more = byte >= 0x80;
    }
    if (id === 1) modules.push(new WebAssembly.Module(bytes.slice(at, at + size)));
    at += size;
  }
  return modules;
}
