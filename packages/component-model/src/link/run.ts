import { type CanonOptions, liftFunction } from "../abi/lift.ts";
import { lowerFunction } from "../abi/lower.ts";
import { canonResourceDrop, canonResourceNew, canonResourceRep } from "../abi/resources.ts";
import type { CanonicalOptions, Ref, Step } from "../decode/steps.ts";
import type { ExternType, FuncType } from "../types.ts";
import { bindResources } from "./bind-resources.ts";
import { aliasCore, bundleCore, instantiateModule } from "./core.ts";
import {
  type ComponentExtern,
  type Extern,
  type InstanceExtern,
  instanceExtern,
  isHostFunction,
} from "./externs.ts";
import { type CoreFunction, entry, Frame, hasCode } from "./frame.ts";
import { GuestResource } from "./guest-resource.ts";

/** Gives an import of the component that is being instantiated. */
export type ImportSource = (name: string, type: ExternType) => Extern;

/** Makes an instance: does the component's steps in order. What was made of it is in the frame. */
export function runSteps(frame: Frame, imports: ImportSource): void {
  frame.state.mayEnter = false;
  for (const step of frame.plan.steps) runStep(frame, step, imports);
  frame.state.mayEnter = true;
}

function runStep(frame: Frame, step: Step, imports: ImportSource): void {
  switch (step.op) {
    case "module":
      frame.modules.push({ kind: "module", type: step.module.type, module: step.module });
      break;
    case "component": {
      const { plan } = step;
      const name = frame.plan.names.components.get(frame.components.length) ?? plan.names.component;
      frame.components.push({ kind: "component", type: plan.type, plan, outer: frame, name });
      break;
    }
    case "instantiate-module":
      instantiateModule(frame, step.module, step.args);
      break;
    case "bundle-core":
      bundleCore(frame, step.exports);
      break;
    case "instantiate":
      instantiateComponent(frame, step);
      break;
    case "bundle": {
      const exports = new Map<string, Extern>();
      for (const [name, ref] of step.exports) exports.set(name, resolve(frame, ref));
      frame.instances.push(instanceExtern(step.type, exports, frame.state.path));
      break;
    }
    case "alias":
      define(frame, exportOf(entry(frame.instances, step.instance), step.name));
      break;
    case "alias-core":
      aliasCore(frame, step.instance, step.name, step.kind);
      break;
    case "alias-outer":
      aliasOuter(frame, step.kind, step.scopes, step.index);
      break;
    case "lift":
      lift(frame, step.func, step.options, step.type);
      break;
    case "lower":
      lower(frame, step.func, step.options, step.type);
      break;
    case "resource": {
      const destructor = step.destructor === undefined ? undefined : entry(frame.coreFuncs, step.destructor);
      frame.resources.set(step.resource, new GuestResource(step.resource.name, frame.state, destructor));
      break;
    }
    case "resource-new":
      builtin(frame, "resource.new", canonResourceNew(frame.resourceOf(step.resource), frame.state));
      break;
    case "resource-drop":
      builtin(frame, "resource.drop", canonResourceDrop(frame.resourceOf(step.resource), frame.state));
      break;
    case "resource-rep":
      builtin(frame, "resource.rep", canonResourceRep(frame.resourceOf(step.resource), frame.state));
      break;
    case "import": {
      const extern = imports(step.name, step.type);
      bindResources(step.type, extern, frame.resources, step.name);
      define(frame, extern);
      break;
    }
    case "export": {
      const extern = resolve(frame, step.ref);
      bindResources(step.type, extern, frame.resources, step.name);
      const shown = { ...extern, type: step.type.type } as Extern;
      frame.exports.set(step.name, shown);
      define(frame, shown);
      break;
    }
  }
}

/** Appends to the index space of its kind. Types are resolved while decoding and need no space here. */
function define(frame: Frame, extern: Extern): void {
  switch (extern.kind) {
    case "func":
      frame.funcs.push(extern);
      break;
    case "instance":
      frame.instances.push(extern);
      break;
    case "component":
      frame.components.push(extern);
      break;
    case "module":
      frame.modules.push(extern);
      break;
    case "type":
      break;
  }
}

function resolve(frame: Frame, ref: Ref): Extern {
  switch (ref.kind) {
    case "func":
      return entry(frame.funcs, ref.index);
    case "instance":
      return entry(frame.instances, ref.index);
    case "component":
      return entry(frame.components, ref.index);
    case "module":
      return entry(frame.modules, ref.index);
    case "type":
      return {
        kind: "type",
        type: ref.type,
        resource: ref.type.kind === "resource" ? frame.resources.get(ref.type.type) : undefined,
      };
  }
}

function exportOf(instance: InstanceExtern, name: string): Extern {
  const extern = instance.exports.get(name);
  if (extern === undefined) throw new Error(`Invariant: the instance exports ${name}`);
  return extern;
}

function instantiateComponent(frame: Frame, step: Step & { op: "instantiate" }): void {
  const component = entry(frame.components, step.component);
  const args = new Map<string, Extern>();
  for (const [name, ref] of step.args) args.set(name, resolve(frame, ref));
  const child = childFrame(frame, component);
  runSteps(child, (name) => {
    const given = args.get(name);
    if (given === undefined) throw new Error(`Invariant: argument ${name} is given`);
    return given;
  });
  const instance = instanceExtern(step.type, child.exports, child.state.path);
  bindResources({ kind: "instance", type: step.type }, instance, frame.resources, child.state.path);
  frame.instances.push(instance);
}

function childFrame(frame: Frame, component: ComponentExtern): Frame {
  const { plan, outer, name } = component;
  const path = frame.paths.next(frame.instances.length, name);
  frame.budget.spend(path);
  const child = new Frame(plan, path, {
    outer,
    parent: enclosing(frame),
    budget: frame.budget,
    tree: frame.tree,
  });
  frame.children.push(child);
  return child;
}

/**
 * The instance whose code a call to its children could disturb. A component without code of its own, a mere composition, has none:
 * it does not keep the host from calling one of its children while another waits for the host.
 */
function enclosing(frame: Frame): Frame["state"] | undefined {
  return hasCode(frame.plan) ? frame.state : frame.state.parent;
}

function aliasOuter(frame: Frame, kind: "module" | "component", scopes: number, index: number): void {
  let target: Frame = frame;
  for (let level = 0; level < scopes; level++) {
    if (target.outer === undefined) throw new Error("Invariant: outer aliases stay inside the component");
    target = target.outer;
  }
  if (kind === "module") frame.modules.push(entry(target.modules, index));
  else frame.components.push(entry(target.components, index));
}

function lift(frame: Frame, func: number, options: CanonicalOptions, type: FuncType): void {
  const { call, name: coreName } = entry(frame.coreFuncs, func);
  const name = readableName(coreName);
  const target = liftFunction(type, call, canonOptions(frame, options), frame.state, frame.resourceOf, name);
  const { observation } = frame.tree.options;
  const { path, meter } = frame.state;
  // Only the host calls it like this: calls from other instances are observed where they are lowered.
  const seen = observation && { ...target, call: observation.export(target.call, path, name, meter) };
  frame.funcs.push({ kind: "func", type, name, target: seen ?? target });
}

/** Toolchains name core exports `a:b/c@1.0.0#f` or, more recently, `cm32p2|a:b/c@1.0|f`. */
function readableName(name: string): string {
  return name.replace(/^cm32p2\|/, "").replace("|", "#");
}

function lower(frame: Frame, func: number, options: CanonicalOptions, type: FuncType): void {
  const { target, name } = entry(frame.funcs, func);
  // The types of this component speak for both sides: a resource is the same thing at run time, whatever each calls it.
  const { observation } = frame.tree.options;
  const { state, resourceOf } = frame;
  const own = canonOptions(frame, options);
  if (isHostFunction(target)) {
    const seen = observation?.import(target, state.path, name, state.meter) ?? target;
    const call = lowerFunction(type, seen, own, state, resourceOf, name);
    frame.coreFuncs.push({ call: call as CoreFunction["call"], name });
    return;
  }
  const call = lowerFunction(type, { ...target, resources: resourceOf }, own, state, resourceOf, name);
  const site = { caller: state.path, callee: target.state.path, name };
  const seen = observation?.wire(call, site, state.meter) ?? call;
  frame.coreFuncs.push({ call: seen as CoreFunction["call"], name });
}

function canonOptions(frame: Frame, options: CanonicalOptions): CanonOptions {
  const { encoding, memory, realloc, postReturn } = options;
  const allocate = realloc === undefined ? undefined : entry(frame.coreFuncs, realloc).call;
  return {
    encoding,
    ...(memory !== undefined && { memory: entry(frame.memories, memory) }),
    ...(allocate !== undefined && {
      realloc: frame.tree.options.observation?.realloc(allocate, frame.state.path) ?? allocate,
    }),
    ...(postReturn !== undefined && { postReturn: entry(frame.coreFuncs, postReturn).call }),
  };
}

function builtin(frame: Frame, name: string, call: (value: number) => unknown): void {
  frame.coreFuncs.push({ call: call as CoreFunction["call"], name });
}
