import type { ImportNode, InstantiationNode } from "../graph.ts";
import { packageKey } from "../packages.ts";
import type { State } from "./state.ts";

/**
 * An explicit import can't have the name of an implicit one, wherever in the text each of them is. Called once all
 * statements are resolved.
 */
export function checkImportConflicts(state: State): void {
  for (const node of state.graph.imports) {
    const implicit = node.explicit ? state.graph.implicitImport(node.name) : undefined;
    if (implicit === undefined || node.range === undefined || implicit.node.name !== node.name) {
      continue;
    }
    state.problems.add({
      code: "import-conflict",
      message: importConflictMessage(node, state.graph.userOf(implicit.node)),
      range: node.range,
      label: "explicit import here",
      related:
        implicit.range === undefined ? [] : [{ range: implicit.range, label: "implicitly imported here" }],
      hints: ["pass the explicit import as an argument, or give it another name with `as`"],
    });
  }
}

export function importConflictMessage({ name }: ImportNode, user: InstantiationNode | undefined): string {
  const by = user === undefined ? "a package" : `\`${packageKey(user.package)}\``;
  return `import \`${name}\` conflicts with an item that was implicitly imported by an instantiation of ${by}`;
}
