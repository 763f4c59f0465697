import type { Component, ExternType, Mismatch } from "@playhead/component-model";
import { closest } from "./did-you-mean.ts";
import { cycleMessage, WacError, type WacErrorCode, type WacErrorDetails } from "./errors.ts";
import type { Composition, GraphNode, InstantiationNode, Package } from "./graph.ts";
import { refusedName } from "./names.ts";
import { packageKey } from "./packages.ts";
import { importConflictMessage } from "./resolve/conflicts.ts";
import { describeKind, describeMismatch, listNames } from "./resolve/describe.ts";
import { GraphBuilder } from "./resolve/graph-builder.ts";
import { instantiate } from "./resolve/instantiate.ts";
import type { MergeConflict } from "./resolve/merge-imports.ts";
import { promote } from "./resolve/promote.ts";
import { topologicalOrder } from "./topological-order.ts";

/** Something in a composition that is being built. */
export type Handle =
  | {
      readonly kind: "import";
      readonly name: string;
      readonly package: Package;
      readonly exportName: string;
      label?: string;
    }
  | {
      readonly kind: "instantiation";
      readonly package: Package;
      readonly given: Map<string, Handle>;
      label?: string;
    }
  | { readonly kind: "alias"; readonly source: Handle; readonly exportName: string; label?: string };

/**
 * Builds a composition without a text. What an instance is not given, the composition imports. Names are checked as they
 * come, types and cycles by `build`.
 *
 * @throws WacError from every method, with the code that the same mistake in a text has.
 */
export class CompositionBuilder {
  readonly #name: string;
  readonly #packages = new Map<string, Package>();
  readonly #handles: Handle[] = [];
  /** From what is needed to what needs it, in the order in which they were said. */
  readonly #edges: (readonly [Handle, Handle])[] = [];
  readonly #imports = new Set<string>();
  readonly #exports = new Map<string, Handle>();

  constructor(name: string) {
    this.#name = name;
  }

  /** Makes a component available under the name of a package, `ns:name`. */
  addPackage(name: string, component: Component, version?: string): Package {
    const added: Package = { name, version, component, from: component.name ?? name };
    const key = packageKey(added);
    if (this.#packages.has(key)) {
      throw this.#error("duplicate-name", `package \`${key}\` is there already`);
    }
    this.#packages.set(key, added);
    return added;
  }

  /** Imports, under a name, something of the type of an export of a package. */
  import(name: string, from: Package, exportName: string): Handle {
    const refused = refusedName(name, "import");
    if (refused !== undefined) {
      throw this.#error("invalid-extern-name", `import name \`${name}\` is not valid: ${refused}`);
    }
    if (this.#imports.has(name)) {
      throw this.#error("duplicate-import", `duplicate import \`${name}\``);
    }
    if (!from.component.type.exports.has(exportName)) {
      throw this.#unknownExport(exportName, from.component.type.exports.keys());
    }
    this.#imports.add(name);
    return this.#add({ kind: "import", name, package: from, exportName });
  }

  instantiate(from: Package): Handle {
    return this.#add({ kind: "instantiation", package: from, given: new Map() });
  }

  /** An export of an instance. */
  alias(source: Handle, exportName: string): Handle {
    const type = typeOf(source);
    if (type.kind !== "instance") {
      const found = describeKind(type);
      throw this.#error("not-an-instance", `an access needs an instance, but this is a ${found}`, {
        expected: "an instance",
        found,
      });
    }
    if (!type.type.exports.has(exportName)) {
      throw this.#unknownExport(exportName, type.type.exports.keys());
    }
    const alias = this.#add({ kind: "alias", source, exportName });
    this.#edges.push([source, alias]);
    return alias;
  }

  /** Gives an instance something for one of its imports. */
  give(instance: Handle, importName: string, argument: Handle): void {
    if (instance.kind !== "instantiation") {
      throw this.#error(
        "wrong-kind",
        "only what is instantiated from a package, an instantiation, takes arguments",
      );
    }
    const { imports } = instance.package.component.type;
    if (!imports.has(importName)) {
      const key = packageKey(instance.package);
      throw this.#error("unknown-argument", `component \`${key}\` has no import named \`${importName}\``, {
        hints: [imports.size > 0 ? `it imports ${listNames(imports.keys())}` : "it imports nothing"],
      });
    }
    if (instance.given.has(importName)) {
      throw this.#error("duplicate-argument", `duplicate instantiation argument \`${importName}\``);
    }
    instance.given.set(importName, argument);
    this.#edges.push([argument, instance]);
  }

  export(item: Handle, name: string): void {
    const refused = refusedName(name, "export");
    if (refused !== undefined) {
      throw this.#error("invalid-extern-name", `export name \`${name}\` is not valid: ${refused}`);
    }
    if (this.#exports.has(name)) {
      throw this.#error("duplicate-export", `duplicate export \`${name}\``);
    }
    this.#exports.set(name, item);
  }

  /** Names something, as `let` does. */
  label(item: Handle, name: string): void {
    item.label = name;
  }

  build(): Composition {
    const ordered = topologicalOrder(this.#handles, this.#edges);
    if (ordered.kind === "cycle") {
      const names = ordered.cycle.slice(1).flatMap(pathOf);
      throw this.#error("cycle", cycleMessage([...names.slice(-1), ...names]));
    }
    const graph = new GraphBuilder();
    const nodes = new Map<Handle, GraphNode>();
    for (const handle of ordered.items) {
      const node = this.#node(graph, handle, nodes);
      nodes.set(handle, node);
      if (handle.label !== undefined) {
        graph.nameNode(node, handle.label);
      }
    }
    for (const [name, handle] of this.#exports) {
      graph.exports.set(name, nodeOf(nodes, handle));
    }
    this.#checkImports(graph);
    return graph.finish(this.#name, { name: this.#name, version: undefined });
  }

  #node(graph: GraphBuilder, handle: Handle, nodes: ReadonlyMap<Handle, GraphNode>): GraphNode {
    switch (handle.kind) {
      case "import": {
        const { name, package: from, exportName } = handle;
        const type = graph.resources.open(name, typeOf(handle), from.component.type);
        const declared = { kind: "package-export", package: from, exportName } as const;
        return graph.addImport(name, type, declared, undefined, undefined);
      }
      case "alias": {
        const alias = graph.alias(nodeOf(nodes, handle.source), handle.exportName, undefined);
        if (alias === undefined) {
          throw new Error("Invariant: exports were checked when the alias was made");
        }
        return alias;
      }
      case "instantiation":
        return this.#instantiate(graph, handle, nodes);
    }
  }

  #instantiate(
    graph: GraphBuilder,
    { package: from, given }: Handle & { readonly kind: "instantiation" },
    nodes: ReadonlyMap<Handle, GraphNode>,
  ): InstantiationNode {
    const args = new Map([...given].map(([name, handle]) => [name, nodeOf(nodes, handle)]));
    return instantiate(graph, from, args, true, undefined, {
      mismatch: (name: string, _node: GraphNode, _expected: ExternType, mismatch: Mismatch) => {
        throw this.#error("mismatched-argument", `mismatched instantiation argument \`${name}\``, {
          expected: mismatch.expected,
          found: mismatch.found,
          notes: describeMismatch(mismatch),
        });
      },
      conflict: (name: string, { exportName, mismatch }: MergeConflict) => {
        const within = exportName === undefined ? "" : `, in its export \`${exportName}\``;
        throw this.#error(
          "merge-conflict",
          `failed to merge the type definition for implicit import \`${name}\` due to conflicting types`,
          {
            expected: mismatch.expected,
            found: mismatch.found,
            notes: [`the two differ${within}`, ...describeMismatch(mismatch)],
          },
        );
      },
    });
  }

  /** An explicit import can't have the name of an implicit one. */
  #checkImports(graph: GraphBuilder): void {
    for (const node of graph.imports) {
      const implicit = node.explicit ? graph.implicitImport(node.name)?.node : undefined;
      if (implicit?.name === node.name) {
        throw this.#error("import-conflict", importConflictMessage(node, graph.userOf(implicit)));
      }
    }
  }

  #add<T extends Handle>(handle: T): T {
    this.#handles.push(handle);
    return handle;
  }

  #unknownExport(name: string, exports: Iterable<string>): WacError {
    const all = [...exports];
    const meant = closest(name, all);
    return this.#error("unknown-export", `the instance has no export named \`${name}\``, {
      hints: [
        ...(meant === undefined ? [] : [`did you mean \`${meant}\`?`]),
        all.length > 0 ? `it exports ${listNames(all)}` : "it exports nothing",
      ],
    });
  }

  #error(code: WacErrorCode, message: string, details: Partial<WacErrorDetails> = {}): WacError {
    const range = { start: 0, end: 0 };
    return new WacError({ file: "", text: "" }, { ...details, code, message, range });
  }
}

/** The type of what a handle stands for, as far as it is known before arguments are given: resources are the component's. */
function typeOf(handle: Handle): ExternType {
  switch (handle.kind) {
    case "import":
      return promote(exportType(handle.package.component.type.exports, handle.exportName));
    case "instantiation":
      return { kind: "instance", type: { exports: handle.package.component.type.exports } };
    case "alias": {
      const source = typeOf(handle.source);
      return exportType(source.kind === "instance" ? source.type.exports : new Map(), handle.exportName);
    }
  }
}

function exportType(exports: ReadonlyMap<string, ExternType>, name: string): ExternType {
  const type = exports.get(name);
  if (type === undefined) {
    throw new Error("Invariant: exports are checked before handles are made");
  }
  return type;
}

function nodeOf(nodes: ReadonlyMap<Handle, GraphNode>, handle: Handle): GraphNode {
  const node = nodes.get(handle);
  if (node === undefined) {
    throw new Error("Invariant: handles come after those that they need");
  }
  return node;
}

/** How the message about a cycle calls a handle; aliases are left out. */
function pathOf(handle: Handle): readonly string[] {
  return handle.kind === "instantiation" ? [handle.label ?? packageKey(handle.package)] : [];
}
