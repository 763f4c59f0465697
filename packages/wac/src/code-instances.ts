import { describeInstances, type InstanceGraph } from "@playhead/component-model";
import { type Composition, type GraphNode, type InstantiationNode, originOf } from "./graph.ts";

/** One instance is given something that another one implements. */
export interface CodeWire {
  /** Path of the instance that imports. */
  readonly consumer: string;
  readonly importName: string;
  /** Path of the instance whose code answers. */
  readonly provider: string;
}

/**
 * The instances that have code, wherever they stand: a component that is composed already is looked into. One without any
 * code inside counts as a whole.
 */
export interface CodeInstances {
  /** Paths, as host functions are told them. */
  readonly paths: readonly string[];
  readonly wires: readonly CodeWire[];
  /** For each export of the composition, the path of the instance that implements it; undefined for the host. */
  readonly exports: ReadonlyMap<string, string | undefined>;
}

/** Looks into every component of a composition. Nothing is instantiated. */
export function codeInstances(composition: Composition): CodeInstances {
  return new Insides(composition).all();
}

class Insides {
  readonly #composition: Composition;
  readonly #graphs: ReadonlyMap<InstantiationNode, InstanceGraph>;

  constructor(composition: Composition) {
    this.#composition = composition;
    this.#graphs = new Map(
      composition.instantiations.map((node) => [node, describeInstances(node.package.component, node.path)]),
    );
  }

  all(): CodeInstances {
    const paths = [...this.#graphs].flatMap(([node, graph]) => pathsOf(node, graph));
    const known = new Set(paths);
    const wires = [...this.#graphs].flatMap(([node, graph]) => [
      ...this.#wiresTo(node),
      ...this.#wiresInside(node, graph),
    ]);
    return {
      paths,
      wires: wires.filter(({ consumer }) => known.has(consumer)),
      exports: new Map([...this.#composition.exports].map(([name, node]) => [name, this.#implementer(node)])),
    };
  }

  #wiresTo(node: InstantiationNode): readonly CodeWire[] {
    return [...node.arguments].flatMap(([importName, argument]) => {
      const provider = this.#implementer(argument);
      return provider === undefined ? [] : [{ consumer: node.path, importName, provider }];
    });
  }

  /** What an instance inside imports from outside its component comes from what the component is given. */
  #wiresInside(node: InstantiationNode, { wires }: InstanceGraph): readonly CodeWire[] {
    return wires.flatMap(({ consumer, import: importName, provider }) => {
      if (consumer === node.path) {
        return [];
      }
      const providers = provider === undefined ? this.#given(node, importName) : [provider];
      return providers.map((each) => ({ consumer, importName, provider: each }));
    });
  }

  /**
   * Who implements what a component passes on to an instance inside it. The import that it goes by is known by its name;
   * where a component renames what it passes on, it may be any of them.
   */
  #given(node: InstantiationNode, importName: string): readonly string[] {
    const named = node.arguments.get(importName);
    const candidates = named === undefined ? [...node.arguments.values()] : [named];
    return [...new Set(candidates.flatMap((argument) => this.#implementer(argument) ?? []))];
  }

  /** Path of the instance whose code is behind a node. */
  #implementer(node: GraphNode): string | undefined {
    const { root, path } = originOf(node);
    if (root.kind !== "instantiation") {
      return undefined;
    }
    const [exportName] = path;
    return (
      (exportName === undefined ? undefined : this.#graphs.get(root)?.exports.get(exportName)) ?? root.path
    );
  }
}

function pathsOf(node: InstantiationNode, { instances }: InstanceGraph): readonly string[] {
  const withCode = instances.filter(({ hasCode }) => hasCode).map(({ path }) => path);
  return withCode.length > 0 ? withCode : [node.path];
}
