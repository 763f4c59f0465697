/**
 * Components from npm packages. A package says which file is its component by the field `component` of its
 * `package.json`: a path, or one path for each name of a WAC package.
 */
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { PackageReference } from "../packages.ts";
import { isAbsence } from "./read-package.ts";

export const NPM_PREFIX = "npm:";

/** Where a component of an npm package lies, or where it was looked for. */
export type NpmPath = {
  /** The manifests that were looked for, nearest first. */
  readonly lookedAt: readonly string[];
} & Found;

type Found =
  | { readonly kind: "found"; readonly path: string }
  | { readonly kind: "missing" }
  | { readonly kind: "unusable"; readonly from: string; readonly problem: string };

/**
 * The file that `npm:name` or `npm:name/path` names: in the nearest `node_modules` above a folder.
 *
 * @param wanted the WAC package that it is for; for packages that have several components
 */
export async function npmPath(specifier: string, from: string, wanted: PackageReference): Promise<NpmPath> {
  const { name, subpath } = splitSpecifier(specifier.slice(NPM_PREFIX.length));
  const lookedAt: string[] = [];
  for (const folder of foldersAbove(from)) {
    const manifest = join(folder, "node_modules", name, "package.json");
    lookedAt.push(manifest);
    const text = await readIfThere(manifest);
    if (text === undefined) {
      continue;
    }
    const found: Found =
      subpath === undefined
        ? declared(manifest, text, wanted)
        : { kind: "found", path: join(dirname(manifest), subpath) };
    return { ...found, lookedAt };
  }
  return { kind: "missing", lookedAt };
}

/** The npm package in which a WAC package is looked for that nothing else provides: `acme:decoder` in `@acme/decoder`. */
export function npmNameOf({ name }: PackageReference): string | undefined {
  const [scope, ...rest] = name.split(":");
  return rest.length === 1 ? `${NPM_PREFIX}@${scope}/${rest[0]}` : undefined;
}

function declared(manifest: string, text: string, wanted: PackageReference): Found {
  const { component, version } = readManifest(text);
  const path = typeof component === "object" ? component[wanted.name] : component;
  if (path === undefined) {
    const problem =
      component === undefined
        ? "it has no field `component` that says which file is its component"
        : `its field \`component\` has no entry for \`${wanted.name}\``;
    return { kind: "unusable", from: manifest, problem };
  }
  if (wanted.version !== undefined && wanted.version !== version) {
    return {
      kind: "unusable",
      from: manifest,
      problem: `version ${wanted.version} is asked for, and version ${version ?? "unknown"} is installed`,
    };
  }
  return { kind: "found", path: join(dirname(manifest), path) };
}

interface Manifest {
  readonly version: string | undefined;
  readonly component: string | Readonly<Record<string, string>> | undefined;
}

/** What is not of the expected kind counts as absent. */
function readManifest(text: string): Manifest {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return { version: undefined, component: undefined };
  }
  const { version, component } = (manifest ?? {}) as { version?: unknown; component?: unknown };
  return {
    version: typeof version === "string" ? version : undefined,
    component: isComponentField(component) ? component : undefined,
  };
}

function isComponentField(value: unknown): value is string | Readonly<Record<string, string>> {
  if (typeof value === "string") {
    return true;
  }
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((path) => typeof path === "string")
  );
}

/** `@scope/name/path` → `@scope/name` and `path`. */
function splitSpecifier(specifier: string): { readonly name: string; readonly subpath: string | undefined } {
  const parts = specifier.split("/");
  const length = specifier.startsWith("@") ? 2 : 1;
  const subpath = parts.slice(length).join("/");
  return { name: parts.slice(0, length).join("/"), subpath: subpath === "" ? undefined : subpath };
}

/** A folder and those above it. */
function foldersAbove(from: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    folders.push(folder);
    if (folder === dirname(folder)) {
      return folders;
    }
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isAbsence(error)) {
      return undefined;
    }
    throw error;
  }
}
