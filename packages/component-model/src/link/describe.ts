/**
 * What instantiation would make of a component, told without doing it: the same steps, done with origins in the place of
 * functions and instances.
 */
import type { Component } from "../component.ts";
import type { ComponentPlan, Ref, Step } from "../decode/steps.ts";
import type { ExternType } from "../types.ts";
import { entry, hasCode, InstanceBudget } from "./frame.ts";
import { commonOrigin, InstancePaths } from "./instance-paths.ts";

/** A component instance as `instantiate` would make it. */
export interface InstanceDescription {
  /** As `Caller.path`, `InstanceExtern.origin` and errors say it. */
  readonly path: string;
  /** The name of its component, where the binary has one. */
  readonly name: string | undefined;
  /** False for a mere composition, or a shim: it makes no core instance, lifts and lowers nothing. */
  readonly hasCode: boolean;
}

/** One instance is given something that another one implements. */
export interface InstanceWire {
  /** Path of the instance that imports. */
  readonly consumer: string;
  /** Name of its import. */
  readonly import: string;
  /** Path of the instance whose code answers; undefined when it is whoever instantiates the component. */
  readonly provider: string | undefined;
}

export interface InstanceGraph {
  /** In the order in which they are instantiated, the component itself first. */
  readonly instances: readonly InstanceDescription[];
  /** In the order of the instances that import, and of their imports. */
  readonly wires: readonly InstanceWire[];
  /** What the component exports, by name, and the path of the instance that implements it. */
  readonly exports: ReadonlyMap<string, string | undefined>;
}

/**
 * The component instances inside a (composed) component, and the wires between them, as instantiation at `path` would make
 * them. Components that only pass things on, and bundles, are looked through; an import that brings the functions of several
 * instances gets a wire to each.
 *
 * @throws ComponentModelError `unsupported` when there are more instances than one component may have.
 */
export function describeInstances(
  component: Component,
  path: string = component.name ?? "component",
): InstanceGraph {
  const graph: Graph = { instances: [], wires: [], budget: new InstanceBudget() };
  const root = new Sketch(component.plan, path, undefined);
  note(graph, root, component.name);
  const given = new Map<string, Item>();
  for (const [name, type] of component.type.imports) given.set(name, itemOf(type, undefined));
  run(root, given, graph);
  const exports = new Map<string, string | undefined>();
  for (const [name, item] of root.exports) {
    if (item.kind === "func" || item.kind === "instance") exports.set(name, item.origin);
  }
  return { instances: graph.instances, wires: graph.wires, exports };
}

interface Graph {
  readonly instances: InstanceDescription[];
  readonly wires: InstanceWire[];
  readonly budget: InstanceBudget;
}

/** What stands in the index spaces. An origin is the path of the implementing instance, undefined outside of the component. */
type Item = FuncItem | InstanceItem | ComponentItem | { readonly kind: "other" };

interface FuncItem {
  readonly kind: "func";
  readonly origin: string | undefined;
}

interface InstanceItem {
  readonly kind: "instance";
  readonly exports: ReadonlyMap<string, Item>;
  readonly origin: string | undefined;
}

interface ComponentItem {
  readonly kind: "component";
  /** Undefined for a component that is itself an import: nothing is known of its inside. */
  readonly plan: ComponentPlan | undefined;
  readonly outer: Sketch | undefined;
  readonly name: string | undefined;
}

/** A component instance in outline: what a `Frame` holds, as far as it tells who implements what. */
class Sketch {
  readonly plan: ComponentPlan;
  readonly path: string;
  readonly outer: Sketch | undefined;
  readonly paths: InstancePaths;
  readonly funcs: FuncItem[] = [];
  readonly instances: InstanceItem[] = [];
  readonly components: ComponentItem[] = [];
  readonly exports = new Map<string, Item>();

  constructor(plan: ComponentPlan, path: string, outer: Sketch | undefined) {
    this.plan = plan;
    this.path = path;
    this.outer = outer;
    this.paths = new InstancePaths(path, plan.names);
  }

  define(item: Item): void {
    if (item.kind === "func") this.funcs.push(item);
    else if (item.kind === "instance") this.instances.push(item);
    else if (item.kind === "component") this.components.push(item);
  }

  resolve(ref: Ref): Item {
    switch (ref.kind) {
      case "func":
        return entry(this.funcs, ref.index);
      case "instance":
        return entry(this.instances, ref.index);
      case "component":
        return entry(this.components, ref.index);
      default:
        return { kind: "other" };
    }
  }

  resolveAll(refs: ReadonlyMap<string, Ref>): Map<string, Item> {
    return new Map([...refs].map(([name, ref]) => [name, this.resolve(ref)]));
  }
}

function run(sketch: Sketch, given: ReadonlyMap<string, Item>, graph: Graph): void {
  for (const step of sketch.plan.steps) {
    const item = outcome(sketch, step, given, graph);
    if (item !== undefined) sketch.define(item);
  }
}

/** What a step appends to an index space that matters here. */
function outcome(
  sketch: Sketch,
  step: Step,
  given: ReadonlyMap<string, Item>,
  graph: Graph,
): Item | undefined {
  switch (step.op) {
    case "component": {
      const { plan } = step;
      const name = sketch.plan.names.components.get(sketch.components.length) ?? plan.names.component;
      return { kind: "component", plan, outer: sketch, name };
    }
    case "instantiate":
      return instantiate(sketch, step, graph);
    case "bundle":
      return instanceItem(sketch.resolveAll(step.exports), sketch.path);
    case "alias":
      return entry(sketch.instances, step.instance).exports.get(step.name);
    case "alias-outer":
      return step.kind === "component"
        ? entry(outward(sketch, step.scopes).components, step.index)
        : undefined;
    case "lift":
      return { kind: "func", origin: sketch.path };
    case "import":
      return given.get(step.name);
    case "export": {
      const item = sketch.resolve(step.ref);
      sketch.exports.set(step.name, item);
      return item;
    }
    default:
      return undefined;
  }
}

function instantiate(sketch: Sketch, step: Step & { op: "instantiate" }, graph: Graph): InstanceItem {
  const { plan, outer, name } = entry(sketch.components, step.component);
  const args = sketch.resolveAll(step.args);
  const path = sketch.paths.next(sketch.instances.length, name);
  graph.budget.spend(path);
  if (plan === undefined) {
    graph.instances.push({ path, name, hasCode: true });
    connect(graph, path, args.keys(), args);
    return itemOf({ kind: "instance", type: step.type }, path) as InstanceItem;
  }
  const child = new Sketch(plan, path, outer);
  note(graph, child, name);
  connect(graph, path, plan.type.imports.keys(), args);
  run(child, args, graph);
  return instanceItem(child.exports, path);
}

function note(graph: Graph, { path, plan }: Sketch, name: string | undefined): void {
  graph.instances.push({ path, name, hasCode: hasCode(plan) });
}

function connect(
  graph: Graph,
  consumer: string,
  names: Iterable<string>,
  args: ReadonlyMap<string, Item>,
): void {
  for (const name of names) {
    const item = args.get(name);
    if (item === undefined) continue;
    for (const provider of providersOf(item)) graph.wires.push({ consumer, import: name, provider });
  }
}

/** Whose code an import reaches. An instance without functions counts as that of whoever made it. */
function providersOf(item: Item): ReadonlySet<string | undefined> {
  if (item.kind === "func") return new Set([item.origin]);
  if (item.kind !== "instance") return new Set();
  const providers = new Set<string | undefined>();
  for (const part of item.exports.values()) for (const provider of providersOf(part)) providers.add(provider);
  return providers.size > 0 ? providers : new Set([item.origin]);
}

/** An item of which nothing is known but its type and who implements it. */
function itemOf(type: ExternType, origin: string | undefined): Item {
  switch (type.kind) {
    case "func":
      return { kind: "func", origin };
    case "instance": {
      const exports = [...type.type.exports].map(([name, item]): [string, Item] => [
        name,
        itemOf(item, origin),
      ]);
      return { kind: "instance", exports: new Map(exports), origin };
    }
    case "component":
      return { kind: "component", plan: undefined, outer: undefined, name: undefined };
    default:
      return { kind: "other" };
  }
}

function instanceItem(exports: ReadonlyMap<string, Item>, path: string): InstanceItem {
  const origins = [...exports.values()].map((item) => (item.kind === "func" ? item.origin : undefined));
  return { kind: "instance", exports, origin: commonOrigin(origins, path) };
}

function outward(sketch: Sketch, scopes: number): Sketch {
  let target: Sketch | undefined = sketch;
  for (let level = 0; level < scopes; level++) target = target?.outer;
  if (target === undefined) throw new Error("Invariant: outer aliases stay inside the component");
  return target;
}
