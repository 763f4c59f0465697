/** `playhead.json`: what a folder says about the guest in it. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { GuestError } from "./errors.ts";

export const MANIFEST = "playhead.json";

export interface Manifest {
  /** The folder's name; the bindings are generated into a folder of this name. */
  readonly name: string;
  /** The absolute path of the folder. */
  readonly folder: string;
  /** `adas` and `video-decoder` of the package `adas:video-decoder`. */
  readonly packageNamespace: string;
  readonly packageName: string;
  readonly world: string;
  /** Absolute paths. */
  readonly witFolders: readonly string[];
  /** Where the guest's own files are, relative to the folder. */
  readonly source: string;
}

/** The manifests of a folder: its own, or those of the folders in it, ordered by name. */
export function findManifests(folder: string): Manifest[] {
  const root = resolve(folder);
  if (!existsSync(root)) throw new GuestError("bad-manifest", `There is no folder ${root}.`);
  if (existsSync(join(root, MANIFEST))) return [readManifest(join(root, MANIFEST))];
  const found = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, MANIFEST)))
    .map((entry) => readManifest(join(root, entry.name, MANIFEST)));
  if (found.length === 0) {
    throw new GuestError("bad-manifest", `Neither ${root} nor a folder in it has a ${MANIFEST}.`);
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function readManifest(path: string): Manifest {
  const members = parse(path);
  const text = (key: string, fallback?: string): string => {
    const value = members[key] ?? fallback;
    if (typeof value !== "string" || value === "") throw wrong(path, key, "a text", members[key]);
    return value;
  };
  const name = text("package");
  const parts = /^([a-z][a-z0-9-]*):([a-z][a-z0-9-]*)$/.exec(name);
  if (parts === null) throw wrong(path, "package", "a name such as adas:video-decoder", name);
  for (const key of Object.keys(members)) {
    if (!["package", "world", "wit", "source"].includes(key)) {
      throw new GuestError(
        "bad-manifest",
        `${path}: "${key}" is not known; expected package, world, wit, source.`,
      );
    }
  }
  const folder = dirname(path);
  return {
    name: basename(folder),
    folder,
    packageNamespace: parts[1] ?? "",
    packageName: parts[2] ?? "",
    world: text("world"),
    witFolders: witFolders(path, members.wit).map((each) => resolve(folder, each)),
    source: text("source", "src"),
  };
}

function parse(path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GuestError("bad-manifest", `${path} cannot be read as JSON: ${reason}`, cause);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new GuestError("bad-manifest", `${path} has to hold a JSON object.`);
  }
  return { ...value };
}

function witFolders(path: string, value: unknown): string[] {
  const isText = (each: unknown): each is string => typeof each === "string";
  if (!Array.isArray(value) || value.length === 0 || !value.every(isText)) {
    throw wrong(path, "wit", "a list of folders", value);
  }
  return value;
}

function wrong(path: string, key: string, expected: string, found: unknown): GuestError {
  const shown = found === undefined ? "nothing" : JSON.stringify(found);
  return new GuestError("bad-manifest", `${path}: "${key}" has to be ${expected}, found ${shown}.`);
}
