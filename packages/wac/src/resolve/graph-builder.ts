import type { DefinedType, ExternType } from "@playhead/component-model";
import type { ImportStatement, TypeStatement } from "../ast.ts";
import type {
  AliasNode,
  Composition,
  CompositionText,
  DefinitionNode,
  GraphNode,
  ImportNode,
  InstantiationNode,
  PackageExport,
} from "../graph.ts";
import { compareVersions, isInterfaceName, versionTrack } from "../names.ts";
import type { Range } from "../source.ts";
import { ImportedResources } from "./imported-resources.ts";
import { type MergeConflict, mergeImports } from "./merge-imports.ts";

type Building<T> = { -readonly [K in keyof T]: T[K] };

/** An implicit import while it is still being merged, with the place that asked for it first. */
interface ImplicitImport {
  readonly node: Building<ImportNode>;
  readonly range: Range | undefined;
}

/** Builds the nodes of a composition, in the order in which they are needed. */
export class GraphBuilder {
  /** What implicit imports have in common that are one import. */
  readonly #sharedName: (name: string) => string;
  readonly resources = new ImportedResources();
  readonly imports: ImportNode[] = [];
  readonly exports = new Map<string, GraphNode>();
  readonly #nodes: GraphNode[] = [];
  readonly instantiations: Building<InstantiationNode>[] = [];
  readonly #aliases = new Map<GraphNode, Map<string, AliasNode>>();
  readonly #explicit = new Map<string, ImportNode>();
  readonly #implicit = new Map<string, ImplicitImport>();

  /** @param sharing Whether implicit imports of an interface in versions that fit each other are one import. */
  constructor(sharing: "compatible-versions" | "same-name" = "compatible-versions") {
    this.#sharedName = sharing === "same-name" ? (name) => name : versionTrack;
  }

  /** Gives a node its name in the text; the first one counts. */
  nameNode(node: GraphNode, name: string): void {
    const building: Building<GraphNode> = node;
    building.label ??= name;
  }

  /** `type` as it is inside the composition. */
  addImport(
    name: string,
    type: ExternType,
    declared: ImportStatement | PackageExport,
    interfaceName: string | undefined,
    range: Range | undefined,
  ): ImportNode {
    const base = this.#base(type, interfaceName, range);
    const node: ImportNode = { kind: "import", ...base, name, explicit: true, declared };
    this.#nodes.push(node);
    this.imports.push(node);
    this.#explicit.set(name, node);
    return node;
  }

  explicitImport(name: string): ImportNode | undefined {
    return this.#explicit.get(name);
  }

  /** The implicit import of a name, or of a version that fits it. */
  implicitImport(name: string): ImplicitImport | undefined {
    return this.#implicit.get(this.#sharedName(name));
  }

  /** The first instance that is given a node. */
  userOf(node: GraphNode): InstantiationNode | undefined {
    return this.instantiations.find(({ arguments: args }) => [...args.values()].includes(node));
  }

  /**
   * Imports what an instantiation lacks. Several that lack the same interface, in versions that fit each other, share one
   * import of the later version, which has all that any of them needs.
   */
  importImplicitly(name: string, type: ExternType, range: Range | undefined): ImportNode | MergeConflict {
    const track = this.#sharedName(name);
    const known = this.#implicit.get(track);
    if (known === undefined) {
      const base = this.#base(type, isInterfaceName(name) ? name : undefined, range);
      const node: Building<ImportNode> = {
        kind: "import",
        ...base,
        name,
        explicit: false,
        declared: undefined,
      };
      this.#nodes.push(node);
      this.imports.push(node);
      this.#implicit.set(track, { node, range });
      return node;
    }
    const merged = mergeImports(known.node.type, type);
    if (merged.kind === "conflict") {
      return { ...merged, first: known.range };
    }
    known.node.type = merged.type;
    if (compareVersions(name, known.node.name) > 0) {
      known.node.name = name;
      known.node.interfaceName = name;
    }
    return known.node;
  }

  addInstantiation(
    instance: Pick<InstantiationNode, "package" | "arguments" | "given" | "brings">,
    exports: ReadonlyMap<string, ExternType>,
    range: Range | undefined,
  ): InstantiationNode {
    const base = this.#base({ kind: "instance", type: { exports } }, undefined, range);
    const node: Building<InstantiationNode> = { kind: "instantiation", ...base, path: "", ...instance };
    this.#nodes.push(node);
    this.instantiations.push(node);
    return node;
  }

  /** An export of a node; the same one every time. Undefined where the node has no export of this name. */
  alias(source: GraphNode, exportName: string, range: Range | undefined): AliasNode | undefined {
    const type = source.type.kind === "instance" ? source.type.type.exports.get(exportName) : undefined;
    if (type === undefined) {
      return undefined;
    }
    const ofSource = this.#aliases.get(source) ?? new Map<string, AliasNode>();
    this.#aliases.set(source, ofSource);
    const known = ofSource.get(exportName);
    if (known !== undefined) {
      return known;
    }
    const interfaceName = type.kind === "instance" && isInterfaceName(exportName) ? exportName : undefined;
    const node: AliasNode = { kind: "alias", ...this.#base(type, interfaceName, range), source, exportName };
    this.#nodes.push(node);
    ofSource.set(exportName, node);
    return node;
  }

  addDefinition(
    name: string,
    definition: DefinedType,
    statement: TypeStatement,
    interfaceName: string | undefined,
  ): DefinitionNode {
    const base = this.#base({ kind: "type", type: definition }, interfaceName, statement.id.range);
    const node: DefinitionNode = { kind: "definition", ...base, name, definition, statement };
    this.#nodes.push(node);
    this.exports.set(name, node);
    return node;
  }

  finish(
    file: string,
    { name, version }: { readonly name: string; readonly version: string | undefined },
    text?: CompositionText,
  ): Composition {
    this.#namePaths();
    return {
      file,
      name,
      version,
      text,
      nodes: this.#nodes,
      imports: this.imports,
      instantiations: this.instantiations,
      exports: this.exports,
    };
  }

  #base(type: ExternType, interfaceName: string | undefined, range: Range | undefined) {
    return { id: this.#nodes.length, type, label: undefined, interfaceName, range };
  }

  /** Instantiations without a name of their own get their package's last word, with a number where it is taken. */
  #namePaths(): void {
    const taken = new Set<string>();
    for (const node of this.instantiations) {
      node.path = node.label ?? "";
      taken.add(node.path);
    }
    for (const node of this.instantiations.filter(({ path }) => path === "")) {
      const word = node.package.name.split(":").at(-1) ?? node.package.name;
      node.path = word;
      for (let number = 2; taken.has(node.path); number++) {
        node.path = `${word}-${number}`;
      }
      taken.add(node.path);
    }
  }
}
