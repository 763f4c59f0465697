import {
  type ComponentType,
  checkSubtype,
  type ExternType,
  type ResourceType,
} from "@playhead/component-model";
import type { PackagePath } from "../ast.ts";
import { closest } from "../did-you-mean.ts";
import { describeKind, describeMismatch, listNames } from "./describe.ts";
import type { State } from "./state.ts";
import { worldAt } from "./worlds.ts";

/**
 * Checks that a composition fits the world that its header targets: it imports nothing that the world does not import,
 * and exports all that the world exports.
 */
export function checkTarget(state: State, targets: PackagePath): void {
  const world = worldAt(state, targets);
  const bindings = new Map<ResourceType, ResourceType>();
  checkImports(state, targets, world, bindings);
  checkExports(state, targets, world, bindings);
}

/** `bindings` tells afterwards which of the world's resource types each of the composition's stands for. */
function checkImports(
  state: State,
  targets: PackagePath,
  world: ComponentType,
  bindings: Map<ResourceType, ResourceType>,
): void {
  for (const node of state.graph.imports) {
    const range = node.range ?? targets.range;
    const provided = world.imports.get(node.name);
    if (provided === undefined) {
      const meant = closest(node.name, world.imports.keys());
      state.problems.add({
        code: "target-import",
        message: `target world \`${targets.text}\` does not have an import named \`${node.name}\``,
        range,
        label: node.explicit ? "not an import of the world" : `this needs \`${node.name}\``,
        related: [{ range: targets.range, label: "the world that is targeted" }],
        hints: [
          ...(meant === undefined ? [] : [`did you mean \`${meant}\`?`]),
          world.imports.size > 0
            ? `the world imports ${listNames(world.imports.keys())}`
            : "the world imports nothing",
        ],
      });
      continue;
    }
    const mismatch = checkSubtype(provided, node.type, bindings);
    if (mismatch !== undefined) {
      state.problems.add({
        code: "target-mismatch",
        message: `import \`${node.name}\` has a mismatched type for target world \`${targets.text}\``,
        range,
        label: "needs what the world does not provide",
        expected: mismatch.found,
        found: mismatch.expected,
        notes: describeMismatch(mismatch, "the composition needs", "the world provides"),
      });
    }
  }
}

function checkExports(
  state: State,
  targets: PackagePath,
  world: ComponentType,
  imports: ReadonlyMap<ResourceType, ResourceType>,
): void {
  const bindings = new Map([...imports].map(([own, worlds]) => [worlds, own]));
  for (const [name, expected] of world.exports) {
    const exported: ExternType | undefined = state.graph.exports.get(name)?.type;
    if (exported === undefined) {
      const meant = closest(name, state.graph.exports.keys());
      state.problems.add({
        code: "target-export",
        message: `target world \`${targets.text}\` requires an export named \`${name}\``,
        range: targets.range,
        label: `this world asks for the ${describeKind(expected)} \`${name}\``,
        hints: meant === undefined ? [] : [`\`${meant}\` is exported; rename it with \`as "${name}"\``],
      });
      continue;
    }
    const mismatch = checkSubtype(exported, expected, bindings);
    if (mismatch !== undefined) {
      state.problems.add({
        code: "target-mismatch",
        message: `export \`${name}\` has a mismatched type for target world \`${targets.text}\``,
        range: state.exportRanges.get(name) ?? targets.range,
        label: "does not fit the world",
        expected: mismatch.expected,
        found: mismatch.found,
        notes: describeMismatch(mismatch),
      });
    }
  }
}
