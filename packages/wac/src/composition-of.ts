import type { Component } from "@playhead/component-model";
import type { Composition, Package } from "./graph.ts";
import { GraphBuilder } from "./resolve/graph-builder.ts";
import { instantiate } from "./resolve/instantiate.ts";

/**
 * A component as a composition of its own: one instance, all of whose imports are the composition's and all of whose
 * exports are exported. For components that come composed already.
 *
 * @param name What to call the instance, and the package in messages.
 */
export function compositionOf(component: Component, name = component.name ?? "component"): Composition {
  const graph = new GraphBuilder("same-name");
  const from: Package = { name, version: undefined, component, from: name };
  const invariant = (what: string): never => {
    throw new Error(`Invariant: ${what} of a single component can't conflict`);
  };
  const node = instantiate(graph, from, new Map(), true, undefined, {
    mismatch: invariant,
    conflict: invariant,
  });
  for (const exportName of component.type.exports.keys()) {
    const alias = graph.alias(node, exportName, undefined);
    if (alias !== undefined) {
      graph.exports.set(exportName, alias);
    }
  }
  return graph.finish(name, { name, version: undefined });
}
