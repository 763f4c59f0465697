/** Reads folders of WIT into one text, as the tools that embed worlds take it. */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { GuestError } from "./errors.ts";

export interface WitSource {
  /** The first folder's package, then the others as nested packages. */
  readonly text: string;
  /** The name of the first folder's package: `adas:perception@0.1.0`. */
  readonly rootPackage: string;
  /** Every file that was read, in the order of reading. */
  readonly files: readonly string[];
}

interface Package {
  readonly name: string;
  readonly body: string;
  readonly folder: string;
}

/**
 * Reads WIT folders: the files directly in each are one package; `deps/` holds a folder or a file for each further
 * package. A package that is found twice must be the same in both places.
 */
export function readWit(folders: readonly string[]): WitSource {
  const files: string[] = [];
  const packages = new Map<string, Package>();
  const read = (paths: readonly string[], folder: string) => {
    files.push(...paths);
    const found = readPackage(paths, folder);
    const known = packages.get(found.name);
    if (known !== undefined && known.body !== found.body) {
      throw new GuestError(
        "bad-wit",
        `The WIT package ${found.name} is in ${known.folder} and, with other content, in ${folder}.`,
      );
    }
    packages.set(found.name, known ?? found);
  };
  for (const folder of folders) {
    const own = witFiles(folder);
    if (own.length > 0) read(own, folder);
    const deps = join(folder, "deps");
    if (!existsSync(deps)) continue;
    for (const entry of readdirSync(deps).sort()) {
      const path = join(deps, entry);
      if (statSync(path).isDirectory()) read(witFiles(path), path);
      else if (entry.endsWith(".wit")) read([path], path);
    }
  }
  const [root, ...rest] = packages.values();
  if (root === undefined) throw new GuestError("bad-wit", `No .wit file is in ${folders.join(", ")}.`);
  const nested = rest.map((each) => `package ${each.name} {\n${each.body}\n}\n`);
  return { text: `package ${root.name};\n${root.body}\n${nested.join("")}`, rootPackage: root.name, files };
}

function witFiles(folder: string): string[] {
  if (!existsSync(folder)) throw new GuestError("bad-wit", `There is no WIT folder ${folder}.`);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".wit"))
    .sort()
    .map((name) => join(folder, name));
}

/** Joins the files of one package. At least one names the package, and all that do name the same. */
function readPackage(paths: readonly string[], folder: string): Package {
  let name: string | undefined;
  const bodies: string[] = [];
  for (const path of paths) {
    const { declared, body } = splitPackageStatement(readFileSync(path, "utf8"));
    if (declared !== undefined && name !== undefined && declared !== name) {
      throw new GuestError(
        "bad-wit",
        `${path} is of package ${declared}, other files in ${folder} are of ${name}.`,
      );
    }
    name ??= declared;
    bodies.push(body);
  }
  if (name === undefined)
    throw new GuestError("bad-wit", `No file in ${folder} says which WIT package it is.`);
  return { name, body: bodies.join("\n"), folder };
}

/** Takes `package a:b@1.0.0;` off the front, with the comments before it, which belong to it. */
export function splitPackageStatement(text: string): { declared: string | undefined; body: string } {
  const comments = /^(?:\s+|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/;
  const start = comments.exec(text)?.[0].length ?? 0;
  const statement = /^package\s+([^\s;{]+)\s*;/.exec(text.slice(start));
  if (statement === null) return { declared: undefined, body: text };
  return { declared: statement[1], body: text.slice(start + statement[0].length) };
}
