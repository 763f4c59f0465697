import {
  type ComponentInstance,
  type Extern,
  type ExternType,
  findCompatible,
  type HostImport,
  type InstanceExtern,
  type InstanceType,
  type InstantiateOptions,
  instantiate,
  isExtern,
} from "@playhead/component-model";
import type { Composition, DefinitionNode, GraphNode, InstantiationNode } from "./graph.ts";
import { order } from "./order.ts";
import { providerOf, type Wire, wiresOf } from "./wires.ts";

/** What can be passed for an import: something of another instance, or of the host. */
export type LinkValue = Extern | HostImport;

export interface LinkOptions {
  /**
   * What the composition imports, by import name; where there is none of the exact name, in a version that fits. Imports
   * of types alone need not be given.
   */
  readonly imports?: Readonly<Record<string, LinkValue>>;
  /** Comes before the path of each instance: with `adas`, the instance `decoder` has the path `adas/decoder`. */
  readonly path?: string;
  /** What every instance is made with: a meter that they share, a cap on memory. */
  readonly limits?: Pick<InstantiateOptions, "meter" | "maxMemoryBytes" | "snapshots">;
}

/** Something that a linked composition exports. */
export interface LinkedExport {
  readonly value: LinkValue;
  /** Path of the instance that provides it, as in the graph. Undefined where it comes from the host. */
  readonly provider: string | undefined;
}

/** A composition whose instances run, linked to each other without any bytes in between. */
export interface LinkedComposition {
  /** By export name, in the order of the text. Declared types are left out. */
  readonly exports: ReadonlyMap<string, LinkedExport>;
  /** By the path in the graph (without the prefix of the options), in the order of instantiation. */
  readonly instances: ReadonlyMap<string, ComponentInstance>;
  readonly wires: readonly Wire[];
}

/**
 * Instantiates every node of a composition in the host, providers first. Each instance's path is its name in the
 * composition, which is what host functions made with `withCaller` are told.
 *
 * @throws ComponentModelError `missing-import` where the host lacks something, or whatever instantiation throws.
 */
export function link(composition: Composition, options: LinkOptions = {}): LinkedComposition {
  const linker = new Linker(options);
  for (const node of order(composition)) {
    linker.instantiate(node);
  }
  const exports = new Map<string, LinkedExport>();
  for (const [name, node] of composition.exports) {
    const value = node.kind === "definition" ? undefined : linker.valueOf(node);
    if (value !== undefined) {
      exports.set(name, { value, provider: providerOf(node)?.path });
    }
  }
  return { exports, instances: linker.instances, wires: wiresOf(composition) };
}

class Linker {
  readonly instances = new Map<string, ComponentInstance>();
  readonly #imports: Readonly<Record<string, LinkValue>>;
  readonly #prefix: string;
  readonly #limits: LinkOptions["limits"];

  constructor({ imports = {}, path, limits }: LinkOptions) {
    this.#imports = imports;
    this.#limits = limits;
    this.#prefix = path === undefined ? "" : `${path}/`;
  }

  instantiate(node: InstantiationNode): void {
    const imports: Record<string, LinkValue> = {};
    for (const [name, argument] of node.arguments) {
      const value = this.valueOf(argument);
      // What is missing is left to the host: it knows whether anything of it is needed, and says what is.
      if (value !== undefined) {
        imports[name] = value;
      }
    }
    const path = this.#prefix + node.path;
    this.instances.set(node.path, instantiate(node.package.component, { ...this.#limits, path, imports }));
  }

  /** What a node stands for. Undefined where the host gives nothing for it. */
  valueOf(node: GraphNode): LinkValue | undefined {
    switch (node.kind) {
      case "import":
        return this.#importOf(node.name);
      case "instantiation":
        return this.#wholeInstance(node);
      case "definition":
        return typeExtern(node);
      case "alias":
        return node.source.kind === "instantiation"
          ? this.#instance(node.source).externs.get(node.exportName)
          : exportOf(this.valueOf(node.source), node.exportName);
    }
  }

  #importOf(name: string): LinkValue | undefined {
    const given = findCompatible(name, Object.keys(this.#imports));
    return given === undefined ? undefined : this.#imports[given];
  }

  #instance(node: InstantiationNode): ComponentInstance {
    const instance = this.instances.get(node.path);
    if (instance === undefined) {
      throw new Error(`Invariant: ${node.path} is instantiated before it is used`);
    }
    return instance;
  }

  /** An instance of a component as one value: all that it exports. */
  #wholeInstance(node: InstantiationNode): InstanceExtern {
    const { externs, path } = this.#instance(node);
    const types = new Map([...externs].map(([name, extern]) => [name, typeOf(extern)]));
    const type: InstanceType = { exports: types };
    return { kind: "instance", type, exports: externs, origin: path };
  }
}

/** An export of a value: of an instance, or of an object of the host in its JavaScript form. */
function exportOf(value: LinkValue | undefined, name: string): LinkValue | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (isExtern(value)) {
    return value.kind === "instance" ? value.exports.get(name) : undefined;
  }
  const host = value as Readonly<Record<string, LinkValue | undefined>>;
  return host[name] ?? host[camelCase(name)] ?? host[upperCamelCase(name)];
}

function typeOf(extern: Extern): ExternType {
  return { kind: extern.kind, type: extern.type } as ExternType;
}

function typeExtern({ definition }: DefinitionNode): Extern {
  return { kind: "type", type: definition, resource: undefined };
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function upperCamelCase(name: string): string {
  return camelCase(`-${name}`);
}
