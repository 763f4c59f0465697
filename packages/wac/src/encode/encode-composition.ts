import {
  ComponentWriter,
  type Item,
  instanceOf,
  type Reference,
  TypeEncoder,
  worldOf,
} from "@playhead/component-model";
import type {
  AliasNode,
  Composition,
  DefinitionNode,
  GraphNode,
  ImportNode,
  InstantiationNode,
  Package,
} from "../graph.ts";
import { DeclaredTypes, exportOf, promoted } from "./declared-types.ts";
import { ImportMerger } from "./import-merger.ts";
import { InnerResources } from "./inner-resources.ts";

export interface EncodeOptions {
  /** Whether the components that are instantiated stand inside the result, or are imported as dependencies. */
  readonly dependencies?: "define" | "import" | undefined;
  /** What to call the tool in the `producers` section; without, there is no such section. */
  readonly processedBy?: { readonly name: string; readonly version: string } | undefined;
}

/**
 * A composition as one component. Equal compositions of equal packages give equal bytes. The layout is that of the
 * Bytecode Alliance's `wac`: imports, then the nodes of the graph in their order, then exports and names.
 *
 * @throws WacError `not-encodable` where an import speaks of a resource that an instance of the composition brings
 */
export function encodeComposition(composition: Composition, options: EncodeOptions = {}): Uint8Array {
  return new CompositionEncoder(composition, options).encode();
}

class CompositionEncoder {
  readonly #composition: Composition;
  readonly #options: EncodeOptions;
  readonly #out = new ComponentWriter();
  readonly #declared: DeclaredTypes | undefined;
  readonly #imports: ReadonlyMap<ImportNode, Item>;
  readonly #types: TypeEncoder;
  readonly #references = new Map<GraphNode, Reference>();
  readonly #components = new Map<Package, number>();
  readonly #firstExports: ReadonlyMap<GraphNode, string>;
  readonly #inner: InnerResources;

  constructor(composition: Composition, options: EncodeOptions) {
    this.#composition = composition;
    this.#options = options;
    const { text, exports } = composition;
    this.#firstExports = new Map([...exports].reverse().map(([name, node]) => [node, name]));
    this.#declared = text && new DeclaredTypes(text, (node) => this.#itemOf(node));
    this.#inner = new InnerResources(composition);
    this.#inner.refuseInImports();
    this.#imports = this.#mergeImports();
    this.#types = TypeEncoder.into(
      this.#out,
      new Map([...this.#imports].map(([{ name }, item]) => [name, item])),
    );
  }

  encode(): Uint8Array {
    const { nodes, exports } = this.#composition;
    this.#import();
    for (const node of nodes) {
      if (node.kind !== "import") {
        this.#references.set(node, this.#node(node));
      }
    }
    for (const [name, node] of exports) {
      if (node.kind !== "definition" || name !== this.#ownName(node)) {
        this.#out.export(name, this.#referenceTo(node));
      }
    }
    for (const node of nodes) {
      const name = this.#nameOf(node);
      if (name !== undefined) {
        this.#out.name(this.#referenceTo(node), name);
      }
    }
    this.#out.nameSection();
    const { processedBy } = this.#options;
    if (processedBy !== undefined) {
      this.#out.producersSection({ "processed-by": { [processedBy.name]: processedBy.version } });
    }
    return this.#out.finish();
  }

  /** Instances have paths also where the text does not name them: the same inside the result. */
  #nameOf(node: GraphNode): string | undefined {
    const isDefined = this.#options.dependencies !== "import";
    return node.label ?? (node.kind === "instantiation" && isDefined ? node.path : undefined);
  }

  /** What is imported for each node: first the implicit imports, in the order in which they are needed. */
  #mergeImports(): ReadonlyMap<ImportNode, Item> {
    const { imports, instantiations } = this.#composition;
    const merger = new ImportMerger();
    for (const node of instantiations) {
      merger.addInstantiation(node, worldOf(node.package.component));
    }
    const explicit = imports.filter((node) => node.explicit);
    for (const node of explicit) {
      merger.addExplicit(node, this.#declaredItem(node));
    }
    const implicit = imports.filter((node) => !node.explicit);
    return new Map([...implicit, ...explicit].map((node) => [node, merger.itemOf(node)]));
  }

  /** Instances come first, so that other imports can speak of their types. */
  #import(): void {
    const isInstance = ([node]: readonly [ImportNode, Item]): boolean => node.type.kind === "instance";
    const all = [...this.#imports].filter(([node]) => !this.#inner.isTypeOfInstance(node));
    for (const [node, item] of [...all.filter(isInstance), ...all.filter((each) => !isInstance(each))]) {
      this.#references.set(node, { sort: node.type.kind, index: this.#types.import(node.name, item) });
    }
  }

  #declaredItem(node: ImportNode): Item {
    const { declared } = node;
    if (declared?.kind === "package-export") {
      return promoted(exportOf(worldOf(declared.package.component), declared.exportName));
    }
    if (declared === undefined || this.#declared === undefined) {
      throw new Error(`Invariant: the import ${node.name} is declared somewhere`);
    }
    return this.#declared.imported(declared);
  }

  #node(node: Exclude<GraphNode, ImportNode>): Reference {
    switch (node.kind) {
      case "instantiation":
        return { sort: "instance", index: this.#instantiation(node) };
      case "alias":
        return this.#alias(node);
      case "definition":
        return { sort: "type", index: this.#definition(node) };
    }
  }

  #instantiation(node: InstantiationNode): number {
    const component = this.#component(node.package);
    const given = new Set(node.given);
    const implicit = [...node.arguments.keys()].filter((name) => !given.has(name));
    const args = [...[...given].reverse(), ...implicit].map((name) => {
      const argument = node.arguments.get(name);
      if (argument === undefined) {
        throw new Error(`Invariant: the argument ${name} is given`);
      }
      return [name, this.#argument(node, argument)] as const;
    });
    return this.#out.instantiate(component, args);
  }

  #argument(node: InstantiationNode, argument: GraphNode): Reference {
    const exporter = argument.kind === "import" ? this.#inner.exporterOf(argument, node) : undefined;
    if (exporter === undefined) {
      return this.#referenceTo(argument);
    }
    const { index } = this.#referenceTo(exporter.instance);
    return { sort: "type", index: this.#out.aliasExport("type", index, exporter.exportName) };
  }

  #component(from: Package): number {
    const known = this.#components.get(from);
    if (known !== undefined) {
      return known;
    }
    const { component } = from;
    const index =
      this.#options.dependencies === "import"
        ? this.#out.import(dependencyName(from), {
            kind: "component",
            type: this.#types.world(worldOf(component)),
          })
        : this.#out.component(component.bytes);
    this.#components.set(from, index);
    return index;
  }

  #alias(node: AliasNode): Reference {
    const { index: instance } = this.#referenceTo(node.source);
    const sort = node.type.kind;
    return { sort, index: this.#out.aliasExport(sort, instance, node.exportName) };
  }

  /** A declared type is exported at once, so that it has a name when others refer to it. */
  #definition(node: DefinitionNode): number {
    const definition = this.#declared?.definition(node.statement);
    if (definition === undefined) {
      throw new Error(`Invariant: the type ${node.name} is declared in a text`);
    }
    const isPackaged = definition.kind === "instance" || definition.kind === "component";
    const type = isPackaged ? this.#types.packaged(definition) : this.#types.named(definition);
    const index = this.#out.export(this.#ownName(node), { sort: "type", index: type });
    this.#types.rename(definition, index);
    return index;
  }

  /** The first of the names under which a declared type is exported. */
  #ownName(node: DefinitionNode): string {
    return this.#firstExports.get(node) ?? node.name;
  }

  #referenceTo(node: GraphNode): Reference {
    const known = this.#references.get(node);
    if (known === undefined) {
      throw new Error("Invariant: nodes come after those that they refer to");
    }
    return known;
  }

  /** What a node is, with the names of its types. */
  #itemOf(node: GraphNode): Item {
    switch (node.kind) {
      case "import":
        return this.#imports?.get(node) ?? this.#declaredItem(node);
      case "alias":
        return exportOf(this.#itemOf(node.source), node.exportName);
      case "definition":
        throw new Error("Invariant: declared types know their definitions themselves");
      case "instantiation": {
        const world = worldOf(node.package.component);
        const args = node.given.flatMap((name): readonly (readonly [string, Item])[] => {
          const argument = node.arguments.get(name);
          return argument === undefined ? [] : [[name, this.#itemOf(argument)]];
        });
        return instanceOf(world, new Map(args)).type;
      }
    }
  }
}

/** Source: the component model's Explainer.md, "Import and Export Definitions", names of unlocked dependencies. */
function dependencyName({ name, version }: Package): string {
  return `unlocked-dep=<${name}${version === undefined ? "" : `@{>=${version}}`}>`;
}
