import type { Component } from "./component.ts";
import { type Extern, publish } from "./link/externs.ts";
import { Frame, InstanceBudget } from "./link/frame.ts";
import { ImportResolver, type Imports } from "./link/imports.ts";
import { rootExports } from "./link/js-exports.ts";
import { type CallObserver, Observation } from "./link/observe.ts";
import { runSteps } from "./link/run.ts";
import type { Meter } from "./state/meter.ts";
import { stored } from "./state/operations.ts";
import type { PageStore } from "./state/page-store.ts";
import { restoreTree } from "./state/restore.ts";
import { sha256 } from "./state/sha256.ts";
import type { Snapshot } from "./state/snapshot.ts";
import { InstanceTree } from "./state/tree.ts";

export interface InstantiateOptions {
  /** Path of the instance in errors and for callers; instances nested inside append `/name`. By default the component's name. */
  readonly path?: string;
  /**
   * By name of the import: an extern of another instance, or a JavaScript object, function or class in jco's mapping. An import
   * `a:b/c@0.1.3` is also served by what is given as `a:b/c@0.1.0`. Interfaces of types only need not be given.
   */
  readonly imports?: Imports;
  /** Counts fuel and depth of calls. Instances that call each other share one. By default nothing is counted. */
  readonly meter?: Meter;
  /** Bytes that the memories and tables of one component instance may have: growing beyond it fails as `memory.grow` can. */
  readonly maxMemoryBytes?: number;
  /** Whether `snapshot` shall be possible (the default): core modules are rewritten so that their state is in reach. */
  readonly snapshots?: boolean;
  /** Is told of every call into and out of its instances. */
  readonly observer?: CallObserver;
  /** Begin with the state of a snapshot: no guest code runs, neither start functions nor active segments. */
  readonly from?: { readonly snapshot: Snapshot; readonly store: PageStore };
}

/** An instance of a component, ready to be called. */
export class ComponentInstance {
  readonly path: string;
  /** For JavaScript: functions under camelCase names; instances under their full names, as objects of functions. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** For other instances: every export by its name. */
  readonly externs: ReadonlyMap<string, Extern>;
  /** Handles to resources of its guests that the host held when the snapshot was taken which it began with. */
  readonly held: readonly object[];
  /** This instance and all nested inside; for this package's own use. */
  readonly tree: InstanceTree;

  constructor(
    path: string,
    externs: ReadonlyMap<string, Extern>,
    tree: InstanceTree,
    held: readonly object[],
  ) {
    this.path = path;
    this.externs = externs;
    this.tree = tree;
    this.held = held;
    this.exports = rootExports(externs, path);
  }
}

/**
 * Links a component to its imports and makes an instance of it, with all instances nested inside.
 *
 * @throws ComponentModelError `missing-import` or `type-mismatch` with the import's name, `link` when a core module cannot be
 * compiled, `memory-limit` when it would begin with more memory than it may have, `wrong-snapshot`, `TrapError` when a start function
 * traps.
 */
export function instantiate(component: Component, options: InstantiateOptions = {}): ComponentInstance {
  const path = options.path ?? component.name ?? "component";
  const { meter, maxMemoryBytes, snapshots = true, from, observer } = options;
  const tree = new InstanceTree(
    {
      meter,
      maxMemoryBytes,
      snapshots: snapshots || from !== undefined,
      restoring: from !== undefined,
      observation: observer && Observation.of(observer),
    },
    () => hashOf(component),
  );
  const frame = new Frame(component.plan, path, {
    outer: undefined,
    parent: undefined,
    budget: new InstanceBudget(),
    tree,
  });
  const resolver = new ImportResolver(options.imports ?? {}, component.type);
  runSteps(frame, (name, type) => resolver.resolve(name, type, frame.resources));
  const held = from === undefined ? [] : restoreTree(tree, from.snapshot, stored(from.store), true);
  const externs = new Map<string, Extern>();
  for (const [name, extern] of frame.exports) externs.set(name, publish(extern, frame.resources));
  return new ComponentInstance(path, externs, tree, held);
}

const hashes = new WeakMap<Component, string>();

function hashOf(component: Component): string {
  const hash = hashes.get(component) ?? sha256(component.bytes);
  hashes.set(component, hash);
  return hash;
}
