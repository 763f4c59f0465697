import type { RuntimeResource } from "../abi/resources.ts";
import { ComponentModelError } from "../errors.ts";
import { findCompatible, parseName } from "../names.ts";
import type { ComponentType, ExternType, ResourceType } from "../types.ts";
import { printExtern } from "../typing/print-type.ts";
import { checkSubtype } from "../typing/subtype.ts";
import { type Extern, externType, isExtern } from "./externs.ts";
import {
  type HostImport,
  hostFunction,
  hostInstance,
  hostResource,
  isObject,
  needsNothing,
  plain,
} from "./host.ts";

export type Imports = Readonly<Record<string, Extern | HostImport>>;

/** Finds what the imports of a root component are, among what it was given, and checks that it fits. */
export class ImportResolver {
  readonly #given: Imports;
  readonly #imported: ReadonlySet<ResourceType>;
  readonly #bindings = new Map<ResourceType, ResourceType>();

  constructor(given: Imports, type: ComponentType) {
    this.#given = given;
    this.#imported = new Set(type.importedResources);
  }

  resolve(name: string, type: ExternType, resources: ReadonlyMap<ResourceType, RuntimeResource>): Extern {
    const key = findCompatible(name, Object.keys(this.#given));
    const given = key === undefined ? undefined : this.#given[key];
    if (isExtern(given)) return this.#checked(name, type, given);
    switch (type.kind) {
      case "instance":
        if (isObject(given) && typeof given !== "function")
          return hostInstance(type.type, { host: given, where: name, resources });
        if (given === undefined && needsNothing(type)) {
          return hostInstance(type.type, { host: {}, where: name, resources });
        }
        throw this.#refused(name, type, given);
      case "func":
        return this.#func(name, type, given, resources);
      case "type": {
        const place = { host: this.#given, where: name, resources };
        const resource =
          type.type.kind === "resource" ? hostResource(name, type.type.type, place) : undefined;
        return { kind: "type", type: type.type, resource };
      }
      default:
        throw this.#refused(name, type, given);
    }
  }

  #checked(name: string, type: ExternType, given: Extern): Extern {
    const mismatch = checkSubtype(externType(given), type, this.#bindings, (resource) =>
      this.#imported.has(resource),
    );
    if (mismatch === undefined) return given;
    const where = [name, ...mismatch.path].join(" / ");
    const code = mismatch.missing ? "missing-import" : "type-mismatch";
    throw new ComponentModelError(
      code,
      `import ${name}: ${mismatch.path.join(" / ") || "type"}: expected ${mismatch.expected}, found ${mismatch.found}`,
      { where },
    );
  }

  #func(
    name: string,
    type: ExternType & { kind: "func" },
    given: Extern | HostImport | undefined,
    resources: ReadonlyMap<ResourceType, RuntimeResource>,
  ): Extern {
    const kind = parseName(name)?.kind;
    if (kind === "method" || kind === "constructor" || kind === "static") {
      return hostFunction(name, type, { host: this.#given, where: name, resources });
    }
    const fn =
      isObject(given) && typeof given !== "function" ? (given as { default?: unknown }).default : given;
    if (typeof fn !== "function") throw this.#refused(name, type, given);
    return {
      kind: "func",
      type: type.type,
      name,
      target: plain(fn as (...args: unknown[]) => unknown, undefined),
    };
  }

  #refused(name: string, type: ExternType, given: unknown): ComponentModelError {
    const expected = `expected ${printExtern(type)}`;
    if (given !== undefined) {
      return new ComponentModelError(
        "type-mismatch",
        `import ${name}: ${expected}, found a value of type ${typeof given}`,
        {
          where: name,
        },
      );
    }
    const offered = Object.keys(this.#given);
    const found = offered.length === 0 ? "no imports were given" : `given are ${offered.join(", ")}`;
    return new ComponentModelError("missing-import", `missing import ${name}: ${expected}; ${found}`, {
      where: name,
    });
  }
}
