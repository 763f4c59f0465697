import type { TypeStatement } from "../ast.ts";
import type { Composition, DefinitionNode, GraphNode } from "../graph.ts";
import { packageKey } from "../packages.ts";
import { describeKind } from "../resolve/describe.ts";
import { typesMentioned } from "../type-names.ts";

/**
 * The graph of a composition in Graphviz's language, as `wac resolve` of the Bytecode Alliance's tool prints it: what is
 * imported implicitly is left out.
 */
export function graphDot(composition: Composition): string {
  const nodes = composition.nodes.filter((node) => node.kind !== "import" || node.explicit);
  const numbers = new Map(nodes.map((node, index) => [node, index]));
  const definitions = new Map(
    nodes.flatMap((node) => (node.kind === "definition" ? [[node.name, node] as const] : [])),
  );
  const exportNames = new Map([...composition.exports].map(([name, node]) => [node, name]));
  const lines = nodes.map((node) => {
    const exported = exportNames.get(node);
    const attributes = [
      `label = ${quoted(labelOf(node, exported))}`,
      `kind = "${describeKind(node.type)}"`,
      ...(exported === undefined ? [] : [`export = ${quoted(exported)}`]),
    ];
    return `    ${numbers.get(node)} [ ${attributes.join("; ")}]`;
  });
  const edges = nodes.flatMap((node) =>
    edgesTo(node, definitions).map(
      ([from, label]) => `    ${numbers.get(from)} -> ${numbers.get(node)} [ label = "${label}" ]`,
    ),
  );
  return ["digraph {", ...lines, ...edges, "}", ""].join("\n");
}

function labelOf(node: GraphNode, exported: string | undefined): string {
  switch (node.kind) {
    case "import":
      return `import "${node.name}"`;
    case "instantiation":
      return `instantiation of package "${packageKey(node.package)}"`;
    case "alias":
      return `alias of export "${node.exportName}"`;
    case "definition":
      return `type definition "${exported ?? node.name}"`;
  }
}

function edgesTo(
  node: GraphNode,
  definitions: ReadonlyMap<string, DefinitionNode>,
): readonly (readonly [GraphNode, string])[] {
  switch (node.kind) {
    case "import":
      return [];
    case "alias":
      return [[node.source, "aliased export"]];
    case "instantiation":
      return node.given.flatMap((name): readonly (readonly [GraphNode, string])[] => {
        const argument = node.arguments.get(name);
        return argument === undefined ? [] : [[argument, "argument to"]];
      });
    case "definition":
      return [...new Set(typesIn(node.statement))].flatMap(
        (name): readonly (readonly [GraphNode, string])[] => {
          const used = definitions.get(name);
          return used === undefined ? [] : [[used, "dependency of"]];
        },
      );
  }
}

/** The names of declared types that a declaration consists of. Interfaces and worlds see no others. */
function typesIn(statement: TypeStatement): readonly string[] {
  if (statement.kind === "interface" || statement.kind === "world") {
    return [];
  }
  const isOtherName = statement.kind === "alias" && statement.type.kind === "name";
  return isOtherName ? [] : typesMentioned(statement);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
