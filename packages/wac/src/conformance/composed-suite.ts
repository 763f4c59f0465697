/**
 * Compositions beside the components that wac made of them, `x.wac` and `x.wasm`: what is written here must be the same
 * bytes. The packages are taken from inside `x.wasm`, where wac puts them in the order in which they are needed.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { encodeComposition } from "../encode/encode-composition.ts";
import type { PackageReference, PackageResolver } from "../packages.ts";
import { packageKey, packageReferences } from "../packages.ts";
import { parseWac } from "../parse/document.ts";
import { compose } from "../resolve/resolve.ts";
import { accepted, type CaseReport } from "./case.ts";
import { nestedComponents, processedBy } from "./composed-file.ts";

/** The cases of a folder: every `.wac` file that has a `.wasm` file beside it. */
export async function runComposedSuite(folder: string): Promise<CaseReport[]> {
  const reports: CaseReport[] = [];
  for (const path of composedIn(folder)) {
    reports.push(await accepted(path, () => runCase(path)));
  }
  return reports;
}

export function composedIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".wac") && existsSync(join(folder, wasmOf(name))))
    .sort()
    .map((name) => join(folder, name));
}

async function runCase(path: string): Promise<string | undefined> {
  const expected = readFileSync(wasmOf(path));
  const text = readFileSync(path, "utf8");
  const document = parseWac(text, path);
  const names = [...new Set(packageReferences(document).map(packageKey))];
  const components = nestedComponents(expected);
  if (names.length !== components.length) {
    return `${basename(wasmOf(path))} has ${components.length} components inside, for ${names.length} packages`;
  }
  const packages = new Map(names.map((name, index) => [name, components[index]]));
  const composition = await compose(text, { file: path, resolver: resolverOf(packages) });
  const tool = processedBy(expected);
  const found = encodeComposition(composition, tool === undefined ? {} : { processedBy: tool });
  return differentBytes(found, expected);
}

function wasmOf(path: string): string {
  return path.replace(/\.wac$/, ".wasm");
}

function resolverOf(packages: ReadonlyMap<string, Uint8Array | undefined>): PackageResolver {
  return {
    find: (reference: PackageReference) => {
      const bytes = packages.get(packageKey(reference));
      return bytes === undefined ? { bytes, lookedAt: [] } : { bytes, from: packageKey(reference) };
    },
  };
}

function differentBytes(found: Uint8Array, expected: Uint8Array): string | undefined {
  const at = expected.findIndex((byte, index) => found[index] !== byte);
  if (at === -1 && found.length === expected.length) {
    return undefined;
  }
  return `${found.length} bytes in place of ${expected.length}; the first other one is at ${at === -1 ? expected.length : at}`;
}
