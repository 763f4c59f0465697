import type { ExportStatement } from "../ast.ts";
import { Problem } from "../errors.ts";
import { type GraphNode, interfaceOf } from "../graph.ts";
import { refusedName } from "../names.ts";
import type { Range } from "../source.ts";
import { describeDefined } from "./describe.ts";
import { evaluate, exportsOfInstance } from "./expressions.ts";
import type { State } from "./state.ts";

/** `export expression;`, `export expression as name;` and `export expression...;` */
export function exportStatement(state: State, statement: ExportStatement): void {
  const node = evaluate(state, statement.value);
  if (statement.spread !== undefined) {
    spreadExport(state, node, statement.value.range, statement.spread);
  } else if (statement.as !== undefined) {
    exportNode(state, node, statement.as.name, statement.as.range, false);
  } else {
    exportNode(state, node, inferredName(node, statement.value.range), statement.value.range, true);
  }
}

/** Exports every export of an instance, except those whose names are exported already. */
function spreadExport(state: State, node: GraphNode, range: Range, spread: Range): void {
  let exported = false;
  for (const name of exportsOfInstance(node, range, "spread").keys()) {
    const alias = state.graph.exports.has(name) ? undefined : state.graph.alias(node, name, range);
    if (alias !== undefined) {
      exportNode(state, alias, name, spread, false);
      exported = true;
    }
  }
  if (!exported) {
    throw new Problem({
      code: "unmatched-spread",
      message: "instance has no exports or all exports of the instance match previously exported names",
      range,
      label: "spreading the exports of this instance has no effect",
    });
  }
}

/** The name of the interface, of the import, or of the export that was accessed. */
function inferredName(node: GraphNode, range: Range): string {
  const name =
    interfaceOf(node) ??
    (node.kind === "import" ? node.name : node.kind === "alias" ? node.exportName : undefined);
  if (name === undefined) {
    throw new Problem({
      code: "export-needs-name",
      message: "export statement requires an `as` clause as the export name cannot be inferred",
      range,
      label: "an `as` clause is required",
      hints: [
        node.type.kind === "instance"
          ? "to export everything that the instance exports, write `...` after it"
          : "write `as` and a name after it",
      ],
    });
  }
  return name;
}

function exportNode(state: State, node: GraphNode, name: string, range: Range, inferred: boolean): void {
  const hints = inferred ? ["use an `as` clause to export it under another name"] : [];
  const refused = refusedName(name, "export");
  if (refused !== undefined) {
    throw new Problem({
      code: "invalid-extern-name",
      message: `export name \`${name}\` is not valid: ${refused}`,
      range,
      label: "invalid name",
    });
  }
  const declared = state.scope.get(name)?.node;
  if (declared?.kind === "definition") {
    const defined = declared.range === undefined ? [] : [{ range: declared.range, label: "defined here" }];
    throw new Problem({
      code: "duplicate-export",
      message: `export \`${name}\` conflicts with ${describeDefined(declared.definition)} definition`,
      range,
      label: "declared types are exported under their names",
      related: defined,
      hints,
    });
  }
  if (state.graph.exports.has(name)) {
    const first = state.exportRanges.get(name);
    throw new Problem({
      code: "duplicate-export",
      message: `duplicate export \`${name}\``,
      range,
      label: "exported a second time",
      related: first === undefined ? [] : [{ range: first, label: "first exported here" }],
      hints,
    });
  }
  // A declared type is exported under its own name only where no other is said.
  if (node.kind === "definition" && state.graph.exports.get(node.name) === node) {
    state.graph.exports.delete(node.name);
  }
  state.graph.exports.set(name, node);
  state.exportRanges.set(name, range);
}
