import {
  type Component,
  type ComponentType,
  checkSubtype,
  type ResourceType,
} from "@playhead/component-model";
import { closest } from "./did-you-mean.ts";
import type { WacErrorCode } from "./errors.ts";
import { definitionsOf } from "./packages.ts";
import { describeKind, describeMismatch, listNames } from "./resolve/describe.ts";

/** In what a component does not fit a world. */
export interface WorldMisfit {
  readonly code: Extract<WacErrorCode, "target-import" | "target-export" | "target-mismatch">;
  /** The import or export. */
  readonly name: string;
  readonly message: string;
  /** Where the types differ, and what would help; one a line. */
  readonly notes: readonly string[];
}

/** The worlds that a WIT package defines, by their short names. */
export function worldsOf(wit: Component): ReadonlyMap<string, ComponentType> {
  const worlds = [...definitionsOf(wit)].flatMap(([name, definition]) =>
    definition.kind === "world" ? [[name, definition.type] as const] : [],
  );
  return new Map(worlds);
}

/**
 * Everything in which a component does not fit a world: it may import only what the world imports, and must export all that
 * the world exports. Nothing where it fits.
 */
export function worldMisfits(component: ComponentType, world: ComponentType): readonly WorldMisfit[] {
  const bindings = new Map<ResourceType, ResourceType>();
  const imports = [...component.imports].flatMap(([name, needed]) => {
    const provided = world.imports.get(name);
    if (provided === undefined) {
      return [missingImport(name, world)];
    }
    const own = new Set(component.importedResources);
    const mismatch = checkSubtype(provided, needed, bindings, (resource) => own.has(resource));
    const notes = mismatch && describeMismatch(mismatch, "the component needs", "the world provides");
    return notes === undefined ? [] : [mismatched("import", name, notes)];
  });
  const worlds = new Map([...bindings].map(([own, of]) => [of, own]));
  const brought = new Set(world.resources);
  const exports = [...world.exports].flatMap(([name, wanted]) => {
    const exported = component.exports.get(name);
    if (exported === undefined) {
      return [missingExport(name, describeKind(wanted), component)];
    }
    const mismatch = checkSubtype(exported, wanted, worlds, (resource) => brought.has(resource));
    return mismatch === undefined ? [] : [mismatched("export", name, describeMismatch(mismatch))];
  });
  return [...imports, ...exports];
}

function missingImport(name: string, { imports }: ComponentType): WorldMisfit {
  const meant = closest(name, imports.keys());
  return {
    code: "target-import",
    name,
    message: `the world does not have an import named \`${name}\``,
    notes: [
      ...(meant === undefined ? [] : [`did you mean \`${meant}\`?`]),
      imports.size > 0 ? `the world imports ${listNames(imports.keys())}` : "the world imports nothing",
    ],
  };
}

function missingExport(name: string, kind: string, { exports }: ComponentType): WorldMisfit {
  return {
    code: "target-export",
    name,
    message: `the world requires the export of ${kind === "instance" || kind === "interface" ? "an" : "a"} ${kind} named \`${name}\``,
    notes: [
      exports.size > 0
        ? `the component exports ${listNames(exports.keys())}`
        : "the component exports nothing",
    ],
  };
}

function mismatched(what: "import" | "export", name: string, notes: readonly string[]): WorldMisfit {
  return {
    code: "target-mismatch",
    name,
    message: `${what} \`${name}\` has a mismatched type for the world`,
    notes,
  };
}
