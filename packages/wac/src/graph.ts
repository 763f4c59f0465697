/**
 * A composition, resolved: what is imported, what is instantiated from which package with which arguments, and what is
 * exported. The graph has no cycles; `nodes` has every node after those that it refers to.
 */
import type { Component, DefinedType, ExternType, ResourceType } from "@playhead/component-model";
import type { Document, ImportStatement, TypeStatement } from "./ast.ts";
import type { PackageSet } from "./packages.ts";
import type { Range } from "./source.ts";

export interface Composition {
  /** File name of the text, for messages. */
  readonly file: string;
  /** Name of the composition's own package, without its version: `adas:pipeline`. */
  readonly name: string;
  readonly version: string | undefined;
  readonly nodes: readonly GraphNode[];
  /** Explicit ones in the order of the text, implicit ones where they are first needed. */
  readonly imports: readonly ImportNode[];
  readonly instantiations: readonly InstantiationNode[];
  /** By export name, in the order of the text. Declared types are exported too, as `DefinitionNode`. */
  readonly exports: ReadonlyMap<string, GraphNode>;
  /** What it was resolved from. Undefined for a graph that comes from no text. */
  readonly text: CompositionText | undefined;
}

/** A text with what its names stand for. */
export interface CompositionText {
  readonly document: Document;
  readonly packages: PackageSet;
  /** The names at the top level. */
  readonly names: ReadonlyMap<string, GraphNode>;
}

export type GraphNode = ImportNode | InstantiationNode | AliasNode | DefinitionNode;

interface NodeBase {
  /** Its position in `nodes`. */
  readonly id: number;
  readonly type: ExternType;
  /** Its name in the text: of several, the first. */
  readonly label: string | undefined;
  /** For an instance or an interface: its name, `adas:perception/frames@0.1.0`, where it has one. */
  readonly interfaceName: string | undefined;
  /** Where in the text it comes from. Undefined in a graph that comes from no text. */
  readonly range: Range | undefined;
}

/** Something that the composition imports. */
export interface ImportNode extends NodeBase {
  readonly kind: "import";
  /** The name that the host provides it under. */
  readonly name: string;
  /** Whether an `import` statement asks for it; otherwise `...` does, for the instantiations that need it. */
  readonly explicit: boolean;
  /** Where an explicit import says what it imports. */
  readonly declared: ImportStatement | PackageExport | undefined;
}

/** What a package exports under a name. */
export interface PackageExport {
  readonly kind: "package-export";
  readonly package: Package;
  readonly exportName: string;
}

/** An instance of a component. Its type is an instance of all that the component exports. */
export interface InstantiationNode extends NodeBase {
  readonly kind: "instantiation";
  /**
   * Its name in the composition: that of its `let`, otherwise the package's last word, numbered where need be
   * (`decoder`, `decoder-2`). Unique among the instantiations.
   */
  readonly path: string;
  readonly package: Package;
  /** What it is given, by the component's import names. Complete: implicit imports included. */
  readonly arguments: ReadonlyMap<string, GraphNode>;
  /** The names of those arguments that are no implicit imports, in the order in which they were given. */
  readonly given: readonly string[];
  /** Resource types that come to be with this instance. */
  readonly brings: readonly ResourceType[];
}

/** An export of another node. */
export interface AliasNode extends NodeBase {
  readonly kind: "alias";
  readonly source: GraphNode;
  /** The exact name of the export. */
  readonly exportName: string;
}

/** A type that the composition declares and thereby exports: under its own name, unless a statement exports it as another. */
export interface DefinitionNode extends NodeBase {
  readonly kind: "definition";
  readonly name: string;
  readonly definition: DefinedType;
  readonly statement: TypeStatement;
}

/** A component, or a WIT package in the form of one, under the name that compositions use. */
export interface Package {
  /** Without the version: `adas:video-decoder`. */
  readonly name: string;
  readonly version: string | undefined;
  readonly component: Component;
  /** Where it was found, for messages. */
  readonly from: string;
}

/** The name of the interface that an instance implements, where it is known. */
export function interfaceOf(node: GraphNode): string | undefined {
  return node.type.kind === "instance" ? node.interfaceName : undefined;
}

/** The import or instantiation that a node comes from, and the names of the exports that lead from there to the node. */
export function originOf(node: GraphNode): {
  readonly root: Exclude<GraphNode, AliasNode>;
  readonly path: readonly string[];
} {
  const path: string[] = [];
  let root = node;
  while (root.kind === "alias") {
    path.unshift(root.exportName);
    root = root.source;
  }
  return { root, path };
}
