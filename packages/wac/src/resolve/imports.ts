import type { ExternType } from "@playhead/component-model";
import type { ExternName, ImportStatement, NameReference } from "../ast.ts";
import { Problem } from "../errors.ts";
import { refusedName } from "../names.ts";
import type { Range } from "../source.ts";
import { interfaceTypeOf } from "./interfaces.ts";
import { resolvePath } from "./paths.ts";
import { promote } from "./promote.ts";
import type { State } from "./state.ts";
import { rootScope } from "./type-scope.ts";
import { funcTypeOf } from "./value-types.ts";

/** What a statement imports: its type inside the composition, and the names that it suggests. */
interface Imported {
  readonly type: ExternType;
  readonly interfaceName: string | undefined;
  readonly name: string;
  readonly nameRange: Range;
}

/** `import id as name: type;` */
export function importStatement(state: State, statement: ImportStatement): void {
  const imported = resolveImport(state, statement);
  const name = statement.as?.name ?? imported.name;
  const range = statement.as?.range ?? imported.nameRange;
  checkName(state, name, range, statement.as);
  const node = state.graph.addImport(name, imported.type, statement, imported.interfaceName, range);
  state.define(statement.id, node);
}

function resolveImport(state: State, { id, as, type }: ImportStatement): Imported {
  const local = { interfaceName: undefined, name: id.name, nameRange: id.range };
  const { resources } = state.graph;
  switch (type.kind) {
    case "path": {
      const found = resolvePath(state, type);
      const opened = resources.open(as?.name ?? type.text, promote(found.type), found.within);
      return { type: opened, interfaceName: found.interfaceName, name: type.text, nameRange: type.range };
    }
    case "func":
      return { ...local, type: { kind: "func", type: funcTypeOf(rootScope(state), type) } };
    case "inline-interface": {
      const declared = interfaceTypeOf(state, undefined, type.items);
      return { ...local, type: resources.open(as?.name ?? id.name, { kind: "instance", type: declared }) };
    }
    case "name":
      return resolveNamed(state, type, as, local);
  }
}

/** An import of the type that another name stands for; of an interface, under the interface's name. */
function resolveNamed(
  state: State,
  reference: NameReference,
  as: ExternName | undefined,
  local: Omit<Imported, "type">,
): Imported {
  const node = state.lookUp(reference.id);
  const name = node.interfaceName ?? local.name;
  const type = state.graph.resources.open(as?.name ?? name, promote(node.type));
  return { type, interfaceName: node.interfaceName, name, nameRange: local.nameRange };
}

function checkName(state: State, name: string, range: Range, as: ExternName | undefined): void {
  const refused = refusedName(name, "import");
  if (refused !== undefined) {
    throw new Problem({
      code: "invalid-extern-name",
      message: `import name \`${name}\` is not valid: ${refused}`,
      range,
      label: "invalid name",
    });
  }
  const previous = state.graph.explicitImport(name);
  if (previous !== undefined) {
    throw new Problem({
      code: "duplicate-import",
      message: `duplicate import \`${name}\``,
      range,
      label: "imported a second time",
      related: previous.range === undefined ? [] : [{ range: previous.range, label: "first imported here" }],
      hints: as === undefined ? ["use an `as` clause to import it under another name"] : [],
    });
  }
}
