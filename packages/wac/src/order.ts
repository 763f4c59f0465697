import type { ExternType } from "@playhead/component-model";
import { compareBytes } from "./bytes.ts";
import { type CodeInstances, codeInstances } from "./code-instances.ts";
import { cycleMessage, WacError } from "./errors.ts";
import type { Composition, InstantiationNode } from "./graph.ts";
import { readyOrder } from "./ready-order.ts";
import { providerOf, providersOf } from "./wires.ts";

/**
 * The instances of a composition, each after those that it needs. Of those that could come next, the one whose export of
 * the composition has the name that is least by its bytes; instances of which nothing is exported come as soon as they
 * can, so that they, and the names that they have inside, do not change the order of the others.
 *
 * @throws WacError `cycle`, in a graph that was not made from a text: instances that need each other, by their paths.
 */
export function order(composition: Composition): readonly InstantiationNode[] {
  const byPath = new Map(composition.instantiations.map((node) => [node.path, node]));
  const names = leastNames([...composition.exports].map(([name, node]) => [name, providerOf(node)?.path]));
  const needs = (path: string): readonly string[] => {
    const node = byPath.get(path);
    return node === undefined ? [] : providersOf(node).map((provider) => provider.path);
  };
  const ordered = readyOrder(
    ranked([...byPath.keys()], names).map((path) => ({ item: path, needs: needs(path) })),
  );
  if (ordered.length < byPath.size) {
    const done = new Set(ordered);
    throw cycleError(composition, new Set(composition.instantiations.filter(({ path }) => !done.has(path))));
  }
  return ordered.flatMap((path) => byPath.get(path) ?? []);
}

/** An instance that the composition exports. */
export interface ExportedInstance {
  readonly exportName: string;
  readonly type: ExternType;
  /** The interface that it implements, where that is known: `playhead:sim/component@0.1.0`. */
  readonly interfaceName: string | undefined;
  /** Path of the instance whose code it is. Undefined where the composition exports what it imports. */
  readonly provider: string | undefined;
}

/**
 * The instances that a composition exports: in the order of those whose code they are, then by the bytes of their names. A
 * component that was composed before is looked into, so that the order is that of the composition it was made from.
 */
export function exportedInstances(
  composition: Composition,
  inside: CodeInstances = codeInstances(composition),
): readonly ExportedInstance[] {
  const positions = codePositions(inside);
  const positionOf = ({ provider }: ExportedInstance): number =>
    provider === undefined ? -1 : (positions.get(provider) ?? -1);
  return [...composition.exports]
    .filter(([, node]) => node.type.kind === "instance")
    .map(([exportName, node]) => ({
      exportName,
      type: node.type,
      interfaceName: node.interfaceName,
      provider: inside.exports.get(exportName),
    }))
    .sort((a, b) => positionOf(a) - positionOf(b) || compareBytes(a.exportName, b.exportName));
}

/** Where each instance with code stands in the order of providers before consumers. */
function codePositions({ paths, wires, exports }: CodeInstances): ReadonlyMap<string, number> {
  const needs = new Map(paths.map((path) => [path, new Set<string>()]));
  for (const { consumer, provider } of wires) {
    if (consumer !== provider && needs.has(provider)) {
      needs.get(consumer)?.add(provider);
    }
  }
  const byRank = ranked(paths, leastNames(exports));
  const ordered = readyOrder(byRank.map((path) => ({ item: path, needs: [...(needs.get(path) ?? [])] })));
  return new Map(ordered.map((path, index) => [path, index]));
}

/** The least of the names under which something of each instance is exported. */
function leastNames(
  exports: Iterable<readonly [name: string, provider: string | undefined]>,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [name, provider] of exports) {
    const known = provider === undefined ? undefined : names.get(provider);
    if (provider !== undefined && (known === undefined || compareBytes(name, known) < 0)) {
      names.set(provider, name);
    }
  }
  return names;
}

/** Instances of which nothing is exported first, then by the names of exports. */
function ranked(paths: readonly string[], names: ReadonlyMap<string, string>): readonly string[] {
  return [...paths].sort((a, b) => {
    const left = names.get(a);
    const right = names.get(b);
    return left === undefined || right === undefined
      ? Number(left !== undefined) - Number(right !== undefined) || compareBytes(a, b)
      : compareBytes(left, right);
  });
}

/** Follows providers from any node that is left until one comes again. */
function cycleError(composition: Composition, waiting: ReadonlySet<InstantiationNode>): WacError {
  const path: InstantiationNode[] = [];
  let node = [...waiting].sort((a, b) => compareBytes(a.path, b.path))[0];
  while (node !== undefined && !path.includes(node)) {
    path.push(node);
    node = providersOf(node).find((each) => waiting.has(each));
  }
  const cycle = [...path.slice(node === undefined ? 0 : path.indexOf(node)), ...(node ? [node] : [])];
  return new WacError(
    { file: composition.file, text: "" },
    {
      code: "cycle",
      message: cycleMessage(cycle.map((each) => each.path)),
      range: cycle[0]?.range ?? { start: 0, end: 0 },
      label: "needs what needs it",
    },
  );
}
