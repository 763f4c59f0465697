/** Reads what a path leads to as the binary of a package: a component, or WIT made into the form of one. */
import { readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Source } from "../source.ts";
import { WitPackages } from "../wit/wit-packages.ts";
import { readBytes, readText } from "./read-file.ts";
import { assemble } from "./text-format.ts";

/** Endings of files that can be packages, in the order in which they are looked for. */
export const PACKAGE_ENDINGS = [".wat", ".wasm", ".wit"] as const;

/** Longest text of a component, in bytes. */
const WAT_LIMIT = 128 << 20;

/**
 * A component (`.wasm`), a component in the text format (`.wat`), a WIT file, or a folder of WIT files with what they need
 * in `deps/`. Undefined where there is no such file, or where a folder has no WIT.
 *
 * @throws WacError what is wrong with WIT texts, the assembler's error for `.wat`, FileTooLargeError, or the file system's error
 */
export async function readPackage(path: string): Promise<Uint8Array | undefined> {
  const kind = await kindOf(path);
  if (kind === "folder") {
    return readWitFolder(path);
  }
  if (kind === undefined) {
    return undefined;
  }
  switch (extname(path)) {
    case ".wit": {
      const packages = new WitPackages();
      return packages.compile(packages.add([await readSource(path)]));
    }
    case ".wat":
      return assemble(await readText(path, WAT_LIMIT));
    default:
      return readBytes(path);
  }
}

/** The files directly in a folder are one package; `deps/` has a folder or a file for each further one. */
async function readWitFolder(folder: string): Promise<Uint8Array | undefined> {
  const own = await witFiles(folder);
  if (own.length === 0) {
    return undefined;
  }
  const packages = new WitPackages();
  const key = packages.add(own);
  const deps = join(folder, "deps");
  for (const entry of await list(deps)) {
    const path = join(deps, entry);
    const files = (await kindOf(path)) === "folder" ? await witFiles(path) : await onlyWit(path);
    if (files.length > 0) {
      packages.add(files);
    }
  }
  return packages.compile(key);
}

async function witFiles(folder: string): Promise<readonly Source[]> {
  const names = (await list(folder)).filter((name) => name.endsWith(".wit"));
  return Promise.all(names.map((name) => readSource(join(folder, name))));
}

async function onlyWit(path: string): Promise<readonly Source[]> {
  return path.endsWith(".wit") ? [await readSource(path)] : [];
}

async function readSource(path: string): Promise<Source> {
  return { file: path, text: await readText(path) };
}

/** The names in a folder, in the order of their bytes; none where there is no folder. */
export async function list(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isAbsence(error)) {
      return [];
    }
    throw error;
  }
}

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (isAbsence(error)) {
      return undefined;
    }
    throw error;
  }
}

/** No file, or a folder or file where the path has the other. */
export function isAbsence(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR";
}
