/** Builds one guest: bindings, core module, component. */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { type Bindings, GLUE, generateBindings } from "../bindings/generate.ts";
import { GuestError } from "../errors.ts";
import { MANIFEST, type Manifest } from "../manifest.ts";
import { readWit } from "../wit-source.ts";
import { makeComponent, resolveWorld } from "../world.ts";
import { type Compiled, compile } from "./compile.ts";
import { importNames, renameExports } from "./core-module.ts";
import { fingerprint, hashOf, hashOfFolders, isCurrent, writeRecord } from "./fingerprint.ts";

export interface BuiltGuest {
  readonly name: string;
  /** The component's file. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Whether everything was as at the last build. */
  readonly skipped: boolean;
  readonly warnings: string;
}

const OWN_FOLDER = join(import.meta.dirname, "..");
const RUNTIME_FOLDER = join(OWN_FOLDER, "..", "runtime");
/** In the repository both the sources and what is compiled from them run; they count as the same tool. */
const SOURCE_FOLDER = join(OWN_FOLDER, "..", "src");

/** The folder that holds the guests, and with them `generated/` and `build/`. */
function baseOf(manifest: Manifest): string {
  return dirname(manifest.folder);
}

function generatedFolder(manifest: Manifest): string {
  return join(baseOf(manifest), "generated", manifest.name);
}

/** Where the component of a manifest is built to: `build/<namespace>/<name>.wasm`, which WAC reads as dependencies. */
export function outputPath(manifest: Manifest): string {
  return join(baseOf(manifest), "build", manifest.packageNamespace, `${manifest.packageName}.wasm`);
}

/** Builds a guest, unless nothing that it was built of has changed. */
export async function buildGuest(manifest: Manifest, options: { force?: boolean } = {}): Promise<BuiltGuest> {
  const path = outputPath(manifest);
  const record = join(baseOf(manifest), "build", ".inputs", `${manifest.name}.json`);
  const tool = toolHash(manifest);
  const built = (skipped: boolean, warnings: string): BuiltGuest => ({
    name: manifest.name,
    path,
    sizeBytes: readFileSync(path).length,
    skipped,
    warnings,
  });
  if (!options.force && existsSync(path) && isCurrent(record, tool)) return built(true, "");
  const wit = readWit(manifest.witFolders);
  const bindings = await writeBindings(manifest, wit);
  const compiled = await compileGuest(manifest, bindings);
  const component = await makeComponent(
    renameExports(compiled.module, bindings.coreExports),
    wit,
    manifest.world,
  );
  mkdirSync(dirname(path), { recursive: true });
  writeWhole(path, component);
  const compiledFiles = compiled.files.map((file) => join(baseOf(manifest), file));
  writeRecord(record, fingerprint(tool, [join(manifest.folder, MANIFEST), ...wit.files, ...compiledFiles]));
  return built(false, compiled.warnings);
}

/** Generates the bindings of a guest into `generated/<its folder's name>`. Files that are right already are not touched. */
export async function writeBindings(
  manifest: Manifest,
  wit = readWit(manifest.witFolders),
): Promise<Bindings> {
  const folder = generatedFolder(manifest);
  const world = await resolveWorld(wit, manifest.world);
  const toSources = relative(folder, join(manifest.folder, manifest.source)).split(sep).join("/");
  const bindings = generateBindings(world, toSources);
  const files = new Map([...bindings.files, ...runtimeFiles()]);
  mkdirSync(join(folder, "runtime"), { recursive: true });
  for (const [name, text] of files) writeWhenDifferent(join(folder, name), text);
  for (const entry of readdirSync(folder)) {
    if (entry.endsWith(".ts") && !files.has(entry)) rmSync(join(folder, entry));
  }
  return bindings;
}

/** Writes a file so that nobody ever reads a part of it. */
function writeWhole(path: string, content: Uint8Array | string): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}

function runtimeFiles(): [string, string][] {
  return readdirSync(RUNTIME_FOLDER)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => [`runtime/${name}`, readFileSync(join(RUNTIME_FOLDER, name), "utf8")]);
}

function writeWhenDifferent(path: string, text: string): void {
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeWhole(path, text);
}

async function compileGuest(manifest: Manifest, bindings: Bindings): Promise<Compiled> {
  for (const [file, what] of bindings.sources) {
    const path = join(manifest.folder, manifest.source, `${file}.ts`);
    if (!existsSync(path)) {
      throw new GuestError(
        "missing-source",
        `${manifest.name} exports ${what}, so there has to be a file ${path}.`,
      );
    }
  }
  const base = baseOf(manifest);
  const inBase = (path: string) => relative(base, path).split(sep).join("/");
  const generated = inBase(generatedFolder(manifest));
  const compiled = await compile({
    baseFolder: base,
    entry: `${generated}/${GLUE}`,
    abort: `${generated}/abort`,
  });
  const strange = importNames(compiled.module).find((each) => each.module === "env");
  if (strange !== undefined) {
    throw new GuestError(
      "bad-import",
      `${manifest.name} uses env.${strange.name}, which no component has. Math.random, Date, console and trace are not ` +
        "available; use playhead:sim/diagnostics to log.",
    );
  }
  return compiled;
}

/** Changes when the manifest, the names of WIT files, this package, the compiler or the component tools change. */
function toolHash(manifest: Manifest): string {
  const require = createRequire(import.meta.url);
  const versions = ["assemblyscript", "@bytecodealliance/jco-transpile"].map((name) =>
    packageVersion(require, name),
  );
  const own = hashOfFolders([existsSync(SOURCE_FOLDER) ? SOURCE_FOLDER : OWN_FOLDER, RUNTIME_FOLDER]);
  const witNames = manifest.witFolders.flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }).sort() : [],
  );
  return hashOf(own, ...versions, JSON.stringify({ ...manifest, witNames }));
}

function packageVersion(require: NodeJS.Require, name: string): string {
  for (const folder of require.resolve.paths(name) ?? []) {
    const path = join(folder, name, "package.json");
    if (existsSync(path)) return `${name} ${readFileSync(path, "utf8")}`;
  }
  return name;
}
