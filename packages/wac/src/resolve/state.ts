import type { InstanceType } from "@playhead/component-model";
import type { Document, Id, LetStatement, PackageName, Statement } from "../ast.ts";
import { closest } from "../did-you-mean.ts";
import { Consequence, cycleMessage, Problem, Problems, WacError } from "../errors.ts";
import type { GraphNode, Package } from "../graph.ts";
import type { PackageSet } from "../packages.ts";
import { packageKey } from "../packages.ts";
import type { Range } from "../source.ts";
import { findCycle } from "./cycle.ts";
import { listNames } from "./describe.ts";
import { GraphBuilder } from "./graph-builder.ts";
import { redefinition } from "./redefinition.ts";

/** What a name stands for at the top level of a composition. */
interface ScopeEntry {
  readonly range: Range;
  /** Undefined where its definition has an error, which is told already. */
  readonly node: GraphNode | undefined;
}

/** What is known while a document is resolved, statement by statement. */
export class State {
  readonly document: Document;
  readonly packages: PackageSet;
  readonly problems: Problems;
  readonly graph = new GraphBuilder();
  readonly scope = new Map<string, ScopeEntry>();
  /** Where each export of the composition is written. */
  readonly exportRanges = new Map<string, Range>();
  /** For each interface of the text: the interfaces whose types it uses, also by way of others, by name. */
  readonly interfaceUses = new Map<InstanceType, ReadonlyMap<string, InstanceType>>();
  readonly #toldPackages = new Set<string>();

  constructor(document: Document, packages: PackageSet) {
    this.document = document;
    this.packages = packages;
    this.problems = new Problems(document);
  }

  /** Gives a node a name. Names can't be given twice. */
  define(id: Id, node: GraphNode | undefined): void {
    this.refuseRedefinition(id);
    this.scope.set(id.name, { range: id.range, node });
    if (node !== undefined) {
      this.graph.nameNode(node, id.name);
    }
  }

  refuseRedefinition(id: Id): void {
    const previous = this.scope.get(id.name);
    if (previous !== undefined) {
      throw redefinition(id, previous.range);
    }
  }

  /** The node that a name stands for. */
  lookUp(id: Id): GraphNode {
    const entry = this.scope.get(id.name);
    if (entry === undefined) {
      throw this.#undefinedName(id);
    }
    if (entry.node === undefined) {
      throw new Consequence();
    }
    return entry.node;
  }

  /** What the names of the top level stand for, once all statements are resolved. */
  names(): ReadonlyMap<string, GraphNode> {
    return new Map([...this.scope].flatMap(([name, { node }]) => (node === undefined ? [] : [[name, node]])));
  }

  /** The package that a composition refers to. An error in it is told where it is first referred to. */
  package(reference: PackageName): Package {
    const key = packageKey(reference);
    const loaded = this.packages.get(key);
    if (loaded?.kind === "package") {
      return loaded.package;
    }
    if (this.#toldPackages.has(key)) {
      throw new Consequence();
    }
    this.#toldPackages.add(key);
    if (loaded?.kind === "invalid") {
      throw new Problem({
        code: "invalid-package",
        message: `package \`${key}\` is not a component that can be used: ${messageOf(loaded.cause)}`,
        range: reference.range,
        label: "this package can't be decoded",
        notes: [`it was read from ${loaded.from}`],
        cause: loaded.cause,
      });
    }
    throw this.#unknownPackage(reference, loaded?.lookedAt ?? [], loaded?.available ?? []);
  }

  #unknownPackage(
    reference: PackageName,
    lookedAt: readonly string[],
    available: readonly string[],
  ): Problem {
    const key = packageKey(reference);
    const otherVersions = available.filter((each) => each.split("@")[0] === reference.name);
    const meant = otherVersions.length > 0 ? undefined : closest(reference.name, available);
    if (reference.name === this.document.package.name.name) {
      return new Problem({
        code: "unknown-package",
        message: `cannot instantiate \`${key}\`: it is the package being defined`,
        range: reference.range,
        label: "the composition's own package",
      });
    }
    return new Problem({
      code: "unknown-package",
      message: `unknown package \`${key}\``,
      range: reference.range,
      label: "there is no package of this name",
      found: `\`${key}\``,
      notes: lookedAt.length === 0 ? [] : [`looked for it in\n${lookedAt.join("\n")}`],
      hints: [
        ...(otherVersions.length > 0 ? [`what there is of this package: ${listNames(otherVersions)}`] : []),
        ...(meant === undefined ? [] : [`did you mean \`${meant}\`?`]),
        ...(meant === undefined && otherVersions.length === 0 && available.length > 0
          ? [`there are ${listNames(available)}`]
          : []),
      ],
    });
  }

  #undefinedName(id: Id): Problem {
    const later = this.document.statements.find(
      (statement) => definedId(statement)?.name === id.name && statement.range.end > id.range.start,
    );
    if (later !== undefined) {
      return this.#usedTooEarly(id, later);
    }
    const meant = closest(id.name, this.scope.keys());
    return new Problem({
      code: "undefined-name",
      message: `undefined name \`${id.name}\``,
      range: id.range,
      label: "nothing of this name is defined before this",
      hints:
        meant !== undefined
          ? [`did you mean \`${meant}\`?`]
          : this.scope.size > 0
            ? [`there are ${listNames(this.scope.keys())}`]
            : [],
    });
  }

  #usedTooEarly(id: Id, later: Statement): Problem {
    const cycle = findCycle(
      this.document.statements.filter((statement): statement is LetStatement => statement.kind === "let"),
      id,
    );
    const place = { range: definedId(later)?.range ?? later.range, label: "defined here" };
    if (cycle !== undefined) {
      return new Problem({
        code: "cycle",
        message: cycleMessage(cycle),
        range: id.range,
        label: "needs what needs it",
        related: cycle.length > 2 ? [place] : [],
        hints: ["instances can't need each other; let one of them publish what the other reads later"],
      });
    }
    return new Problem({
      code: "used-before-definition",
      message: `\`${id.name}\` is used before it is defined`,
      range: id.range,
      label: "not defined yet",
      related: [place],
      hints: ["a composition is read from top to bottom: move the definition up"],
    });
  }
}

/** The name that a statement defines. */
export function definedId(statement: Statement): Id | undefined {
  return statement.kind === "export" ? undefined : statement.id;
}

function messageOf(cause: unknown): string {
  if (cause instanceof WacError) {
    return cause.toString();
  }
  return cause instanceof Error ? cause.message : String(cause);
}
