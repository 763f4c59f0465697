import type { Document, Statement } from "../ast.ts";
import type { Composition } from "../graph.ts";
import { type Decode, loadPackages, type PackageResolver, type PackageSet } from "../packages.ts";
import { parseWac } from "../parse/document.ts";
import { checkImportConflicts } from "./conflicts.ts";
import { exportStatement } from "./exports.ts";
import { evaluate } from "./expressions.ts";
import { importStatement } from "./imports.ts";
import { definedId, State } from "./state.ts";
import { checkTarget } from "./targets.ts";
import { typeStatement } from "./type-statements.ts";

export interface ComposeOptions {
  /** Name of the text for messages. */
  readonly file?: string;
  readonly resolver: PackageResolver;
  /** How packages are decoded; the host's `decodeComponent` by default. A caller may keep what it has decoded before. */
  readonly decode?: Decode;
}

/**
 * Parses a composition, loads the packages that it refers to, and resolves it.
 *
 * @throws WacError what is wrong with the text, with its packages or with how they fit together.
 */
export async function compose(text: string, options: ComposeOptions): Promise<Composition> {
  const document = parseWac(text, options.file);
  return resolveComposition(document, await loadPackages(document, options.resolver, options.decode));
}

/**
 * Resolves a document into a graph whose types fit together, with packages that are loaded already.
 *
 * @throws WacError the first error in the text; in `others` those that are independent of it.
 */
export function resolveComposition(document: Document, packages: PackageSet): Composition {
  const state = new State(document, packages);
  for (const statement of document.statements) {
    if (!state.problems.full) {
      resolveStatement(state, statement);
    }
  }
  checkImportConflicts(state);
  if (document.package.targets !== undefined) {
    const { targets } = document.package;
    state.problems.attempt(() => checkTarget(state, targets));
  }
  state.problems.throwIfAny();
  return state.graph.finish(document.file, document.package.name, {
    document,
    packages,
    names: state.names(),
  });
}

function resolveStatement(state: State, statement: Statement): void {
  const done = state.problems.attempt(() => {
    switch (statement.kind) {
      case "import":
        importStatement(state, statement);
        break;
      case "let":
        state.define(statement.id, evaluate(state, statement.value));
        break;
      case "export":
        exportStatement(state, statement);
        break;
      default:
        typeStatement(state, statement);
    }
    return true;
  });
  const id = definedId(statement);
  if (!done && id !== undefined && !state.scope.has(id.name)) {
    // Whatever uses the name later does not tell the same error again.
    state.define(id, undefined);
  }
}
