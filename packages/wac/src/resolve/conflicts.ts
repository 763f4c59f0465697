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
    const user = state.graph.instantiations.find(({ arguments: args }) =>
      [...args.values()].includes(implicit.node),
    );
    state.problems.add({
      code: "import-conflict",
      message: `import \`${node.name}\` conflicts with an item that was implicitly imported by an instantiation of \`${user ? packageKey(user.package) : "a package"}\``,
      range: node.range,
      label: "explicit import here",
      related:
        implicit.range === undefined ? [] : [{ range: implicit.range, label: "implicitly imported here" }],
      hints: ["pass the explicit import as an argument, or give it another name with `as`"],
    });
  }
}
