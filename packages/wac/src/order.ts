import type { ExternType } from "@playhead/component-model";
import { compareBytes } from "./bytes.ts";
import { cycleMessage, WacError } from "./errors.ts";
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
  const byRank = [...composition.instantiations].sort((a, b) => compareNodes(a, b, names));
  const queue = new ReadyQueue(byRank);
  const ordered: InstantiationNode[] = [];
  for (let next = queue.take(); next !== undefined; next = queue.take()) {
    ordered.push(next);
  }
  if (ordered.length < byRank.length) {
    const done = new Set(ordered);
    throw cycleError(composition, new Set(byRank.filter((node) => !done.has(node))));
  }
  return ordered;
}

/** The instances whose providers have all been taken, least rank first. */
class ReadyQueue {
  readonly #byRank: readonly InstantiationNode[];
  readonly #ranks: ReadonlyMap<InstantiationNode, number>;
  readonly #consumers = new Map<InstantiationNode, InstantiationNode[]>();
  readonly #missing = new Map<InstantiationNode, number>();
  /** Ranks, the least last. */
  readonly #ready: number[] = [];

  constructor(byRank: readonly InstantiationNode[]) {
    this.#byRank = byRank;
    this.#ranks = new Map(byRank.map((node, index) => [node, index]));
    for (const node of byRank) {
      const providers = providersOf(node);
      this.#missing.set(node, providers.length);
      for (const provider of providers) {
        const consumers = this.#consumers.get(provider) ?? [];
        consumers.push(node);
        this.#consumers.set(provider, consumers);
      }
    }
    for (const node of byRank) {
      if (this.#missing.get(node) === 0) {
        this.#add(node);
      }
    }
  }

  take(): InstantiationNode | undefined {
    const rank = this.#ready.pop();
    const node = rank === undefined ? undefined : this.#byRank[rank];
    for (const consumer of (node && this.#consumers.get(node)) ?? []) {
      const missing = (this.#missing.get(consumer) ?? 0) - 1;
      this.#missing.set(consumer, missing);
      if (missing === 0) {
        this.#add(consumer);
      }
    }
    return node;
  }

  #add(node: InstantiationNode): void {
    const rank = this.#ranks.get(node) ?? 0;
    let low = 0;
    let high = this.#ready.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ready[middle] ?? 0) > rank) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    this.#ready.splice(low, 0, rank);
  }
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
      message: cycleMessage(cycle.map((each) => each.path)),
      range: cycle[0]?.range ?? { start: 0, end: 0 },
      label: "needs what needs it",
    },
  );
}
