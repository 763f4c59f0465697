import { type Composition, type GraphNode, type InstantiationNode, originOf } from "./graph.ts";

/** What one instance gets from another. */
export interface Wire {
  /** Path of the instance that imports. */
  readonly consumer: string;
  /** Name of its import. */
  readonly importName: string;
  /** Path of the instance that exports. */
  readonly provider: string;
  /** The names of the exports that lead to what is passed; none where the instance itself is. */
  readonly exportPath: readonly string[];
}

/** Every argument that comes from another instance, by consumer in the order of the text, then by import. */
export function wiresOf(composition: Composition): readonly Wire[] {
  return composition.instantiations.flatMap((consumer) =>
    [...consumer.arguments].flatMap(([importName, node]): readonly Wire[] => {
      const { root, path } = originOf(node);
      return root.kind === "instantiation"
        ? [{ consumer: consumer.path, importName, provider: root.path, exportPath: path }]
        : [];
    }),
  );
}

/** The instances that an instance needs directly, each once. */
export function providersOf(node: InstantiationNode): readonly InstantiationNode[] {
  const found = new Set<InstantiationNode>();
  for (const argument of node.arguments.values()) {
    const { root } = originOf(argument);
    if (root.kind === "instantiation") {
      found.add(root);
    }
  }
  return [...found];
}

/** The instance that a node comes from; undefined where it is imported or declared. */
export function providerOf(node: GraphNode): InstantiationNode | undefined {
  const { root } = originOf(node);
  return root.kind === "instantiation" ? root : undefined;
}
