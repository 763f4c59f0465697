import type { Access, Expression, PrimaryExpression } from "../ast.ts";
import { closest } from "../did-you-mean.ts";
import { Problem } from "../errors.ts";
import type { GraphNode } from "../graph.ts";
import type { Range } from "../source.ts";
import { describeKind, listNames } from "./describe.ts";
import { findByLastSegment, lastSegments } from "./extern-lookup.ts";
import { evaluateNew } from "./instantiate.ts";
import type { State } from "./state.ts";

/** The node that an expression stands for. */
export function evaluate(state: State, expression: Expression): GraphNode {
  let node = evaluatePrimary(state, expression.primary);
  let range = expression.primary.range;
  for (const access of expression.accesses) {
    node = evaluateAccess(state, node, range, access);
    range = access.range;
  }
  return node;
}

function evaluatePrimary(state: State, primary: PrimaryExpression): GraphNode {
  switch (primary.kind) {
    case "new":
      return evaluateNew(state, primary);
    case "nested":
      return evaluate(state, primary.inner);
    case "name":
      return state.lookUp(primary.id);
  }
}

/**
 * `.name` and `["name"]`. A name without quotes also finds the one export whose path ends with it (LANGUAGE.md, "Access
 * Expressions").
 */
function evaluateAccess(state: State, node: GraphNode, range: Range, access: Access): GraphNode {
  const exports = exportsOfInstance(node, range, "access");
  const { name, quoted } = access.name;
  const exact = quoted ? name : (findByLastSegment(name, exports.keys()) ?? name);
  return state.graph.alias(node, exact, access.range) ?? fail(unknownExport(access, [...exports.keys()]));
}

/** The exports of an instance; what is not an instance has none to access or spread. */
export function exportsOfInstance(node: GraphNode, range: Range, operation: "access" | "spread") {
  if (node.type.kind !== "instance") {
    throw new Problem({
      code: "not-an-instance",
      message: `${operation === "access" ? "an access needs" : "a spread needs"} an instance, but this is a ${describeKind(node.type)}`,
      range,
      label: `this is a ${describeKind(node.type)}`,
      expected: "an instance",
      found: describeKind(node.type),
    });
  }
  return node.type.type.exports;
}

function unknownExport({ name, range }: Access, exports: readonly string[]): Problem {
  const ambiguous = name.quoted ? [] : exports.filter((each) => lastSegments([each]).includes(name.name));
  const meant = closest(name.name, name.quoted ? exports : [...exports, ...lastSegments(exports)]);
  return new Problem({
    code: "unknown-export",
    message: `the instance has no export named \`${name.name}\``,
    range,
    label: "no such export",
    found: `\`${name.name}\``,
    hints: [
      ...(ambiguous.length > 1
        ? [
            `several exports end with it, so write one in full: ${ambiguous.map((each) => `["${each}"]`).join(" or ")}`,
          ]
        : meant !== undefined
          ? [`did you mean \`${meant}\`?`]
          : []),
      exports.length > 0 ? `it exports ${listNames(exports)}` : "it exports nothing",
    ],
  });
}

function fail(problem: Problem): never {
  throw problem;
}
