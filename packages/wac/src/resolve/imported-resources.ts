import {
  type ComponentType,
  type ExternType,
  type ResourceType,
  Substitution,
} from "@playhead/component-model";
import { versionTrack } from "../names.ts";

/**
 * The resource types that the composition's imports bring. An interface brings the same ones however often it is
 * imported: by a statement, by `...` for several components, or because another interface uses its types.
 */
export class ImportedResources {
  readonly #known = new Map<string, ResourceType>();
  /** The import that a resource type of the composition's own declarations comes from. */
  readonly #origins = new Map<ResourceType, { readonly importName: string; readonly name: string }>();

  /** The resource type `name` of what is imported as `importName`. */
  get(importName: string, name: string): ResourceType {
    const key = `${versionTrack(importName)} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) {
      return known;
    }
    const resource: ResourceType = { kind: "resource", name };
    this.#known.set(key, resource);
    return resource;
  }

  /** Tells that an interface `interfaceName` declares a resource type. */
  declare(resource: ResourceType, interfaceName: string, name: string): void {
    this.#origins.set(resource, { importName: interfaceName, name });
  }

  /** The type that an import has inside the composition: with the composition's resource types. */
  open(importName: string, type: ExternType, within?: ComponentType): ExternType {
    const bindings = new Map<ResourceType, ResourceType>();
    for (const [name, extern] of within?.imports ?? []) {
      this.bind(name, extern, bindings);
    }
    for (const [resource, origin] of this.#origins) {
      bindings.set(resource, this.get(origin.importName, origin.name));
    }
    const brought = new Set(type.kind === "instance" ? type.type.resources : []);
    for (const resource of within?.resources ?? []) {
      brought.add(resource);
    }
    this.bind(importName, type, bindings, (resource) => brought.has(resource));
    const opened = new Substitution(bindings).extern(type);
    return opened.kind === "instance" ? { ...opened, type: { exports: opened.type.exports } } : opened;
  }

  /** Finds the composition's resource type for each one that an import brings and that is not bound yet. */
  bind(
    importName: string,
    type: ExternType,
    bindings: Map<ResourceType, ResourceType>,
    brings: (resource: ResourceType) => boolean = (resource) => !bindings.has(resource),
  ): void {
    for (const [name, resource] of resourcesOf(importName, type)) {
      if (brings(resource)) {
        bindings.set(resource, this.get(importName, name));
      }
    }
  }
}

/** The resource types that an import or export names, with their names. */
export function resourcesOf(
  externName: string,
  type: ExternType,
): readonly (readonly [string, ResourceType])[] {
  if (type.kind === "type" && type.type.kind === "resource") {
    return [[externName, type.type.type]];
  }
  if (type.kind !== "instance") {
    return [];
  }
  return [...type.type.exports].flatMap(([name, extern]) =>
    extern.kind === "type" && extern.type.kind === "resource" ? [[name, extern.type.type] as const] : [],
  );
}
