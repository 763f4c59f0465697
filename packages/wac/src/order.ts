import type { ExternType } from "@playhead/component-model";
import { compareBytes } from "./bytes.ts";
import { WacError } from "./errors.ts";
import type { Composition, InstantiationNode } from "./graph.ts";
import { providerOf, providersOf } from "./wires.ts";

/**
 * The instances of a composition, each after those that it needs. Of those that could come next, the one whose export of
 * the composition has the name that is least by its bytes; instances of which nothing is exported come as soon as they
 * can, so that they, and the names that they have inside, do not change the order of the others.
 *
 * @throws WacError `cycle`, in a graph that was not made from a text: instances that need each other, by their paths.
 */
export function order(composition: Composition): readonly InstantiationNode[] {
  const names = leastExportNames(composition);
  const waiting = new Set(composition.instantiations);
  const ordered: InstantiationNode[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter((node) => providersOf(node).every((each) => !waiting.has(each)));
    const [next] = ready.sort((a, b) => compareNodes(a, b, names));
    if (next === undefined) {
      throw cycleError(composition, waiting);
    }
    waiting.delete(next);
    ordered.push(next);
  }
  return ordered;
}

/** An instance that the composition exports. */
export interface ExportedInstance {
  readonly exportName: string;
  readonly type: ExternType;
  /** The interface that it implements, where that is known: `playhead:sim/component@0.1.0`. */
  readonly interfaceName: string | undefined;
  /** Path of the instance that provides it. Undefined where the composition exports what it imports. */
  readonly provider: string | undefined;
}

/** The instances that a composition exports: in the order of their providers, then by the bytes of their names. */
export function exportedInstances(composition: Composition): readonly ExportedInstance[] {
  const position = new Map(order(composition).map((node, index) => [node.path, index]));
  const positionOf = ({ provider }: ExportedInstance): number =>
    provider === undefined ? -1 : (position.get(provider) ?? -1);
  return [...composition.exports]
    .filter(([, node]) => node.type.kind === "instance")
    .map(([exportName, node]) => ({
      exportName,
      type: node.type,
      interfaceName: node.interfaceName,
      provider: providerOf(node)?.path,
    }))
    .sort((a, b) => positionOf(a) - positionOf(b) || compareBytes(a.exportName, b.exportName));
}

function leastExportNames(composition: Composition): ReadonlyMap<InstantiationNode, string> {
  const names = new Map<InstantiationNode, string>();
  for (const [name, node] of composition.exports) {
    const provider = providerOf(node);
    const known = provider && names.get(provider);
    if (provider !== undefined && (known === undefined || compareBytes(name, known) < 0)) {
      names.set(provider, name);
    }
  }
  return names;
}

function compareNodes(
  a: InstantiationNode,
  b: InstantiationNode,
  names: ReadonlyMap<InstantiationNode, string>,
): number {
  const left = names.get(a);
  const right = names.get(b);
  if (left === undefined || right === undefined) {
    return Number(left !== undefined) - Number(right !== undefined) || compareBytes(a.path, b.path);
  }
  return compareBytes(left, right);
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
      message: `a cycle: ${cycle.map((each) => `\`${each.path}\``).join(" needs ")}`,
      range: cycle[0]?.range ?? { start: 0, end: 0 },
      label: "needs what needs it",
    },
  );
}
