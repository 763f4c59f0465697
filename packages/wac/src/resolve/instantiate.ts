import {
  type ComponentType,
  checkSubtype,
  type ExternType,
  type Mismatch,
  type ResourceType,
  Substitution,
} from "@playhead/component-model";
import type { NewExpression } from "../ast.ts";
import { closest } from "../did-you-mean.ts";
import type { WacErrorDetails } from "../errors.ts";
import type { GraphNode, InstantiationNode, Package } from "../graph.ts";
import { lastSegment, versionTrack } from "../names.ts";
import { packageKey } from "../packages.ts";
import type { Range } from "../source.ts";
import { collectArguments, type GivenArguments } from "./arguments.ts";
import { describeMismatch, describeTypes, listNames } from "./describe.ts";
import { findByLastSegment, lastSegments } from "./extern-lookup.ts";
import type { GraphBuilder } from "./graph-builder.ts";
import { resourcesOf } from "./imported-resources.ts";
import type { MergeConflict } from "./merge-imports.ts";
import type { State } from "./state.ts";

const RESOURCE_HINT =
  "resources of two instances are different types, whatever their names: give everything that speaks of one from the same instance";

/** `new package { … }` */
export function evaluateNew(state: State, expression: NewExpression): InstantiationNode {
  const from = state.package(expression.package);
  const given = collectArguments(state, expression, from);
  const misspelt = refuseUnknown(state, from, given);
  if (!given.fill && !given.uncertain) {
    refuseMissing(state, expression, from, given, misspelt);
  }
  const { range } = expression.package;
  const nodes = new Map([...given.byName].map(([name, { node }]) => [name, node]));
  return instantiate(state.graph, from, nodes, given.fill, range, {
    mismatch: (name, node, expected, mismatch) =>
      state.problems.add({
        code: "mismatched-argument",
        message: `mismatched instantiation argument \`${name}\``,
        range: given.byName.get(name)?.range ?? range,
        label: `does not fit \`${name}\``,
        expected: mismatch.expected,
        found: mismatch.found,
        notes: [...describeMismatch(mismatch), ...describeTypes(mismatch, node.type, expected)],
        hints: mismatch.found.startsWith("another resource") ? [RESOURCE_HINT] : [],
      }),
    conflict: (name, conflict) => state.problems.add(mergeProblem(name, conflict, range)),
  });
}

/** Told what does not fit while an instance is made. */
interface InstantiateEvents {
  mismatch(name: string, node: GraphNode, expected: ExternType, mismatch: Mismatch): void;
  conflict(name: string, conflict: MergeConflict): void;
}

/**
 * Adds an instance of a component. The imports are gone through in the component's order, since later ones speak of the
 * resource types of earlier ones: what is given for those takes their place everywhere.
 */
export function instantiate(
  graph: GraphBuilder,
  from: Package,
  given: ReadonlyMap<string, GraphNode | undefined>,
  fill: boolean,
  range: Range | undefined,
  events: InstantiateEvents,
): InstantiationNode {
  const { type } = from.component;
  const imported = new Set(type.importedResources);
  const bindings = new Map<ResourceType, ResourceType>();
  const args = new Map<string, GraphNode>();
  for (const [name, expected] of type.imports) {
    const node = given.get(name);
    if (node !== undefined) {
      const mismatch = checkSubtype(node.type, expected, bindings, (resource) => imported.has(resource));
      if (mismatch !== undefined) {
        events.mismatch(name, node, expected, mismatch);
      }
      args.set(name, node);
    }
    // Whatever is not bound by now is the composition's own: of an implicit import, or unknown because of an error.
    graph.resources.bind(name, expected, bindings);
    if (fill && !given.has(name)) {
      const implicit = graph.importImplicitly(name, new Substitution(bindings).extern(expected), range);
      if (implicit.kind === "conflict") {
        events.conflict(name, implicit);
      } else {
        args.set(name, implicit);
      }
    }
  }
  const brings = bindFresh(type, bindings);
  const { exports } = new Substitution(bindings).instance({ exports: type.exports });
  const givenNames = [...given.keys()].filter((name) => args.has(name));
  return graph.addInstantiation(
    { package: from, arguments: args, given: givenNames, brings },
    exports,
    range,
  );
}

/** The resource types that a component brings along are new in every instance; they are called as they are exported. */
function bindFresh(type: ComponentType, bindings: Map<ResourceType, ResourceType>): readonly ResourceType[] {
  const names = new Map<ResourceType, string>();
  for (const [name, extern] of type.exports) {
    for (const [resourceName, resource] of resourcesOf(name, extern)) {
      names.set(resource, resourceName);
    }
  }
  return (type.resources ?? []).map((resource) => {
    const fresh: ResourceType = { kind: "resource", name: names.get(resource) ?? resource.name };
    bindings.set(resource, fresh);
    return fresh;
  });
}

/** Returns the imports that were probably meant by arguments of other names. */
function refuseUnknown(state: State, from: Package, given: GivenArguments): ReadonlySet<string> {
  const misspelt = new Set<string>();
  const imports = [...from.component.type.imports.keys()];
  for (const [name, { range }] of given.byName) {
    if (from.component.type.imports.has(name)) {
      continue;
    }
    const otherVersion = imports.find((each) => versionTrack(each) === versionTrack(name));
    const ending = imports.filter((each) => lastSegment(each) === name);
    const meant = otherVersion ?? closest(name, [...imports, ...lastSegments(imports)]);
    const whole = meant !== undefined ? (findByLastSegment(meant, new Set(imports)) ?? meant) : undefined;
    if (whole !== undefined) {
      misspelt.add(whole);
    }
    state.problems.add({
      code: "unknown-argument",
      message: `component \`${packageKey(from)}\` has no import named \`${name}\``,
      range,
      label: "no such import",
      found: `\`${name}\``,
      hints: [
        ...(ending.length > 1
          ? [
              `several imports end with it, so write one in full: ${listNames(ending.map((each) => `"${each}"`))}`,
            ]
          : meant !== undefined
            ? [`did you mean ${meant.includes(":") ? `\`"${meant}": …\`` : `\`${meant}\``}?`]
            : []),
        imports.length > 0 ? `it imports ${listNames(imports)}` : "it imports nothing",
      ],
    });
  }
  return misspelt;
}

function refuseMissing(
  state: State,
  expression: NewExpression,
  from: Package,
  given: GivenArguments,
  misspelt: ReadonlySet<string>,
): void {
  const imports = [...from.component.type.imports.keys()];
  const missing = imports.filter((name) => !given.byName.has(name) && !misspelt.has(name));
  if (missing.length === 0) {
    return;
  }
  const list = listNames(missing);
  state.problems.add({
    code: "missing-argument",
    message: `missing instantiation argument${missing.length > 1 ? "s" : ""} ${list} for package \`${packageKey(from)}\``,
    range: expression.package.range,
    label: missing.length > 1 ? `${missing.length} arguments are missing` : "an argument is missing",
    expected: list,
    hints: [
      ...missing.flatMap((name) => providerHint(state, name)),
      "with `...` as the last argument, what is not given is imported from the host",
    ],
  });
}

/** Says which instance of the composition exports what is missing. */
function providerHint(state: State, name: string): readonly string[] {
  for (const [local, { node }] of state.scope) {
    const exports = node?.type.kind === "instance" ? [...node.type.type.exports.keys()] : [];
    if (exports.includes(name)) {
      const short = lastSegment(name) ?? name;
      return [`\`${local}\` exports \`${name}\`: pass it with \`${short}: ${local}.${short}\``];
    }
    const path = name.replace(/@.*$/, "");
    const other = exports.find((each) => each.replace(/@.*$/, "") === path);
    if (other !== undefined) {
      return [
        `\`${local}\` exports another version: \`"${name}": ${local}["${other}"]\` passes it if it fits`,
      ];
    }
  }
  return [];
}

function mergeProblem(name: string, conflict: MergeConflict, range: Range): WacErrorDetails {
  const within = conflict.exportName === undefined ? "" : `, in its export \`${conflict.exportName}\``;
  return {
    code: "merge-conflict",
    message: `failed to merge the type definition for implicit import \`${name}\` due to conflicting types`,
    range,
    label: `needs another \`${name}\``,
    expected: conflict.mismatch.expected,
    found: conflict.mismatch.found,
    notes: [`the two differ${within}`, ...describeMismatch(conflict.mismatch, "needed first", "needed here")],
    related: conflict.first === undefined ? [] : [{ range: conflict.first, label: "first needed here" }],
    hints: ["give one of them the argument by name, so that they do not share one import"],
  };
}
