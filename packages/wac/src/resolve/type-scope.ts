import type { DefinedType, ExternType } from "@playhead/component-model";
import type { Id } from "../ast.ts";
import { closest } from "../did-you-mean.ts";
import { Problem } from "../errors.ts";
import type { Range } from "../source.ts";
import { listNames } from "./describe.ts";
import { redefinition } from "./redefinition.ts";
import type { State } from "./state.ts";

/** Where names of types are looked up. */
export interface TypeScope {
  lookUp(id: Id): ExternType;
}

/** The top level of the composition: its declarations, imports and lets. */
export function rootScope(state: State): TypeScope {
  return { lookUp: (id) => state.lookUp(id).type };
}

/** The types of one interface or world. As in WIT, those of the top level are not among them: `use` brings them in. */
export class LocalScope implements TypeScope {
  readonly #types = new Map<string, { readonly type: DefinedType; readonly range: Range }>();

  lookUp(id: Id): ExternType {
    const known = this.#types.get(id.name);
    if (known === undefined) {
      const meant = closest(id.name, this.#types.keys());
      throw new Problem({
        code: "undefined-name",
        message: `undefined name \`${id.name}\``,
        range: id.range,
        label: "no type of this name is declared before this",
        hints: [
          ...(meant === undefined ? [] : [`did you mean \`${meant}\`?`]),
          ...(this.#types.size === 0 ? [] : [`there are ${listNames(this.#types.keys())}`]),
        ],
      });
    }
    return { kind: "type", type: known.type };
  }

  /** What has been declared under a name, or undefined: for references that may also be to the top level. */
  find(name: string): ExternType | undefined {
    const known = this.#types.get(name);
    return known && { kind: "type", type: known.type };
  }

  define(id: Id, type: DefinedType): void {
    const previous = this.#types.get(id.name);
    if (previous !== undefined) {
      throw redefinition(id, previous.range);
    }
    this.#types.set(id.name, { type, range: id.range });
  }
}
