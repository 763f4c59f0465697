import { HandleTable } from "../abi/handle-table.ts";
import { InstanceState } from "../abi/instance-state.ts";
import type { RuntimeResource } from "../abi/resources.ts";
import type { ComponentPlan } from "../decode/steps.ts";
import { ComponentModelError } from "../errors.ts";
import type { InstanceTree } from "../state/tree.ts";
import type { ResourceType } from "../types.ts";
import type { ComponentExtern, Extern, FuncExtern, InstanceExtern, ModuleExtern } from "./externs.ts";
import { InstancePaths } from "./instance-paths.ts";

const maxInstances = 10_000;

/** Counts the instances of a tree: components that instantiate others several times each could make it explode. */
export class InstanceBudget {
  #left = maxInstances;

  spend(path: string): void {
    if (this.#left-- <= 0) {
      throw new ComponentModelError("unsupported", `more than ${maxInstances} instances in one component`, {
        where: path,
      });
    }
  }
}

/** A core instance: what it exports by name, whether a module made it or a bundle. */
export type CoreInstance = Readonly<Record<string, WebAssembly.ExportValue>>;

/** A core function and what it is called, for messages. */
export interface CoreFunction {
  readonly call: (...args: never[]) => unknown;
  readonly name: string;
}

/** One component instance while and after it is made: its index spaces with what the definitions became. */
export class Frame {
  readonly plan: ComponentPlan;
  /** The instance around the definition of this component, for outer aliases. */
  readonly outer: Frame | undefined;
  readonly state: InstanceState;
  readonly budget: InstanceBudget;
  readonly children: Frame[] = [];
  readonly modules: ModuleExtern[] = [];
  readonly components: ComponentExtern[] = [];
  readonly instances: InstanceExtern[] = [];
  readonly funcs: FuncExtern[] = [];
  readonly coreInstances: CoreInstance[] = [];
  readonly coreFuncs: CoreFunction[] = [];
  readonly memories: WebAssembly.Memory[] = [];
  readonly tables: WebAssembly.Table[] = [];
  readonly globals: WebAssembly.Global[] = [];
  readonly tags: WebAssembly.Tag[] = [];
  /** What the resource types that the component speaks of stand for in this instance. */
  readonly resources = new Map<ResourceType, RuntimeResource>();
  readonly exports = new Map<string, Extern>();
  readonly paths: InstancePaths;
  readonly tree: InstanceTree;
  /** Bytes (i64) that its memories and tables may still grow by; undefined without a limit. */
  readonly memoryBudget: WebAssembly.Global | undefined;

  constructor(
    plan: ComponentPlan,
    path: string,
    options: {
      outer: Frame | undefined;
      parent: InstanceState | undefined;
      budget: InstanceBudget;
      tree: InstanceTree;
    },
  ) {
    this.plan = plan;
    this.outer = options.outer;
    this.state = new InstanceState(path, options.parent);
    this.budget = options.budget;
    this.paths = new InstancePaths(path, plan.names);
    this.tree = options.tree;
    const { meter, maxMemoryBytes } = this.tree.options;
    this.state.meter = meter;
    if (maxMemoryBytes !== undefined) {
      this.memoryBudget = new WebAssembly.Global({ value: "i64", mutable: true }, BigInt(maxMemoryBytes));
      this.state.reason = new WebAssembly.Global({ value: "i32", mutable: true }, 0);
      this.state.handles = new HandleTable(this.tree.maxHandles);
    }
    if (meter !== undefined) this.state.reason = meter.globals.reason;
    this.tree.frames.push(this);
  }

  /** Looks up what a resource type stands for; given to the canonical ABI. */
  readonly resourceOf = (type: ResourceType): RuntimeResource => {
    const resource = this.resources.get(type);
    if (resource === undefined) throw new Error(`Invariant: resource type ${type.name} is bound`);
    return resource;
  };
}

/** An entry of an index space. Decoding has checked that it exists. */
export function entry<T>(space: readonly T[], index: number): T {
  const item = space[index];
  if (item === undefined) throw new Error(`Invariant: index ${index} is below ${space.length}`);
  return item;
}

/** Whether a component makes core instances or lifts and lowers functions itself: a mere composition or a shim does not. */
export function hasCode(plan: ComponentPlan): boolean {
  return plan.steps.some(
    (step) => step.op === "instantiate-module" || step.op === "lift" || step.op === "lower",
  );
}
