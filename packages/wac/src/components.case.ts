/** Components for tests: made from WIT with empty bodies, or from the text format. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import type { PackageReference, PackageResolver } from "./packages.ts";
import { packageKey } from "./packages.ts";

/** A component of a world whose functions do nothing. */
export async function dummyOf(witSource: string, world: string): Promise<Uint8Array> {
  const core = await componentEmbed({ witSource, world, dummy: true, stringEncoding: "utf16" });
  return componentNew(core, []);
}

/** A component from the text format: `(component …)`. */
export function componentFrom(text: string): Promise<Uint8Array> {
  return parse(text);
}

/** Packages by name, or name with version. */
export function packagesOf(bytes: Readonly<Record<string, Uint8Array>>): PackageResolver {
  return {
    find: (reference: PackageReference) => {
      const found = bytes[packageKey(reference)];
      return found === undefined
        ? {
            bytes: undefined,
            lookedAt: [`packages/${packageKey(reference)}.wasm`],
            available: Object.keys(bytes),
          }
        : { bytes: found, from: `packages/${packageKey(reference)}.wasm` };
    },
  };
}

const wit = fileURLToPath(new URL("../../../wit", import.meta.url));

/** The contract of this repository as one source: both packages, one inside the other. */
export function contractSource(): string {
  const root = witFiles(wit);
  const nested = witFiles(join(wit, "deps/playhead-sim"));
  return `package adas:perception@0.1.0;\n${root}\npackage playhead:sim@0.1.0 {\n${nested}\n}\n`;
}

/** The files of a package without its header and the comment before that. */
function witFiles(directory: string): string {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".wit"))
    .map((name) => readFileSync(join(directory, name), "utf8").replace(/^(?:\/\/\/.*\n)*package [^;]*;/m, ""))
    .join("\n");
}
