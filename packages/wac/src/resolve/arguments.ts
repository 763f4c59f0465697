import type { Argument, Id, NewExpression } from "../ast.ts";
import { Problem } from "../errors.ts";
import { type GraphNode, interfaceOf, type Package } from "../graph.ts";
import type { Range } from "../source.ts";
import { listNames } from "./describe.ts";
import { evaluate, exportsOfInstance } from "./expressions.ts";
import { findByLastSegment } from "./extern-lookup.ts";
import type { State } from "./state.ts";

/** What is given for one import of a component. */
interface GivenArgument {
  /** Undefined where its expression has an error, which is told already. */
  readonly node: GraphNode | undefined;
  /** The place to mark when it does not fit. */
  readonly range: Range;
}

export interface GivenArguments {
  readonly byName: ReadonlyMap<string, GivenArgument>;
  /** Whether `...` asks for what is left to be imported. */
  readonly fill: boolean;
  /** Whether an error hides which imports are given, so that it is not known what is missing. */
  readonly uncertain: boolean;
}

/** Finds which import each argument is for. Spreads come after all others, in their order. */
export function collectArguments(state: State, expression: NewExpression, from: Package): GivenArguments {
  const collector = new ArgumentCollector(state, from);
  for (const [index, argument] of expression.arguments.entries()) {
    state.problems.attempt(() => collector.add(argument, index === expression.arguments.length - 1));
  }
  for (const argument of expression.arguments) {
    if (argument.kind === "spread") {
      state.problems.attempt(() => collector.spread(argument.id));
    }
  }
  return collector;
}

class ArgumentCollector implements GivenArguments {
  readonly byName = new Map<string, GivenArgument>();
  fill = false;
  uncertain = false;
  readonly #state: State;
  readonly #imports: ReadonlySet<string>;

  constructor(state: State, from: Package) {
    this.#state = state;
    this.#imports = new Set(from.component.type.imports.keys());
  }

  add(argument: Argument, isLast: boolean): void {
    switch (argument.kind) {
      case "named": {
        const { name, quoted, range } = argument.name;
        const node = this.#state.problems.attempt(() => evaluate(this.#state, argument.value));
        this.#give(quoted ? name : (findByLastSegment(name, this.#imports) ?? name), node, range);
        break;
      }
      case "inferred": {
        const node = this.#state.problems.attempt(() => this.#state.lookUp(argument.id));
        this.#give(this.#inferName(argument.id.name, node), node, argument.range);
        break;
      }
      case "fill":
        this.fill = true;
        if (!isLast) {
          throw new Problem({
            code: "fill-not-last",
            message: "implicit import argument `...` must be the last argument",
            range: argument.range,
            label: "must be the last argument",
          });
        }
        break;
      case "spread":
        break;
    }
  }

  /** Gives every import that nothing is given for yet the export of the same name. */
  spread(id: Id): void {
    const node = this.#state.problems.attempt(() => this.#state.lookUp(id));
    if (node === undefined) {
      this.uncertain = true;
      return;
    }
    const exports = exportsOfInstance(node, id.range, "spread");
    let spread = false;
    for (const name of this.#imports) {
      const alias = this.byName.has(name) ? undefined : this.#state.graph.alias(node, name, id.range);
      if (alias !== undefined) {
        this.byName.set(name, { node: alias, range: id.range });
        spread = true;
      }
    }
    if (!spread) {
      const open = [...this.#imports].filter((name) => !this.byName.has(name));
      throw new Problem({
        code: "unmatched-spread",
        message: "the instance has no matching exports for the remaining unsatisfied arguments",
        range: id.range,
        label: "no export of this instance is an argument that is still needed",
        notes: [
          open.length > 0 ? `still needed: ${listNames(open)}` : "no argument is needed any more",
          exports.size > 0 ? `it exports ${listNames(exports.keys())}` : "it exports nothing",
        ],
      });
    }
  }

  #give(name: string | undefined, node: GraphNode | undefined, range: Range): void {
    if (name === undefined) {
      this.uncertain = true;
      return;
    }
    const previous = this.byName.get(name);
    if (previous !== undefined) {
      throw new Problem({
        code: "duplicate-argument",
        message: `duplicate instantiation argument \`${name}\``,
        range,
        label: "given a second time",
        related: [{ range: previous.range, label: "first given here" }],
      });
    }
    this.byName.set(name, { node, range });
  }

  /** LANGUAGE.md, "Inferred Arguments", in the order of its rules. Undefined where an error hides the name. */
  #inferName(local: string, node: GraphNode | undefined): string | undefined {
    const named = node?.kind === "import" ? node.name : node?.kind === "alias" ? node.exportName : undefined;
    for (const candidate of [node && interfaceOf(node), named]) {
      if (candidate !== undefined && this.#imports.has(candidate)) {
        return candidate;
      }
    }
    const bySegment = findByLastSegment(local, this.#imports);
    return bySegment ?? (node !== undefined || this.#imports.has(local) ? local : undefined);
  }
}
