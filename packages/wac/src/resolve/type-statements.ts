import type { DefinedType } from "@playhead/component-model";
import type { TypeStatement } from "../ast.ts";
import { Problem } from "../errors.ts";
import { declaredTypeOf, interfaceTypeOf } from "./interfaces.ts";
import type { State } from "./state.ts";
import { rootScope } from "./type-scope.ts";
import { worldTypeOf } from "./worlds.ts";

/** A declaration at the top level. What is declared is also exported. */
export function typeStatement(state: State, statement: TypeStatement): void {
  const { id } = statement;
  const type = definedTypeOf(state, statement);
  const named = statement.kind === "interface" || statement.kind === "world";
  const fullName = named ? fullNameOf(state, id.name) : undefined;
  if (type.kind === "instance" && fullName !== undefined) {
    for (const resource of type.type.resources ?? []) {
      state.graph.resources.declare(resource, fullName, resource.name);
    }
  }
  const previous = state.graph.exports.get(id.name);
  if (previous !== undefined && !state.scope.has(id.name)) {
    const place = state.exportRanges.get(id.name);
    throw new Problem({
      code: "duplicate-export",
      message: `type declaration \`${id.name}\` conflicts with a previous export of the same name`,
      range: id.range,
      label: "declared types are exported under their names",
      related: place === undefined ? [] : [{ range: place, label: "exported here" }],
    });
  }
  state.refuseRedefinition(id);
  state.define(id, state.graph.addDefinition(id.name, type, statement, fullName));
  state.exportRanges.set(id.name, id.range);
}

function definedTypeOf(state: State, statement: TypeStatement): DefinedType {
  switch (statement.kind) {
    case "interface":
      return { kind: "instance", type: interfaceTypeOf(state, statement.id.name, statement.items) };
    case "world":
      return { kind: "component", type: worldTypeOf(state, statement) };
    default:
      return declaredTypeOf(rootScope(state), statement);
  }
}

/** The name of an interface or world of the composition's own package. */
function fullNameOf(state: State, name: string): string {
  const { name: packageName, version } = state.document.package.name;
  return `${packageName}/${name}${version === undefined ? "" : `@${version}`}`;
}
