import { asGuestTrap } from "../abi/traps.ts";
import type { CoreModule, CoreRef, CoreSort } from "../decode/steps.ts";
import { CoreState } from "../state/core-state.ts";
import { linkError, prepareModule } from "./core-module.ts";
import { hostImports, spendMemory, startCore } from "./core-start.ts";
import { type CoreInstance, entry, type Frame } from "./frame.ts";

/** Core modules: compiling, instantiating, and passing what they export. */

export function instantiateModule(frame: Frame, index: number, args: ReadonlyMap<string, number>): void {
  const { module } = entry(frame.modules, index);
  frame.budget.spend(frame.state.path);
  const imports: Record<string, CoreInstance> = Object.create(null);
  for (const [name, instance] of args) imports[name] = entry(frame.coreInstances, instance);
  frame.coreInstances.push(run(frame, module, imports));
}

function run(frame: Frame, module: CoreModule, imports: Record<string, CoreInstance>): CoreInstance {
  const { path } = frame.state;
  const { compiled, layout } = prepareModule(module, frame.tree.rewrite, path);
  if (layout !== undefined) {
    spendMemory(frame, layout);
    hostImports(frame, layout, imports);
  }
  try {
    const { exports } = new WebAssembly.Instance(compiled, imports as WebAssembly.Imports);
    if (layout !== undefined) {
      frame.tree.cores.push(new CoreState(frame, layout, exports, imports));
      startCore(frame, layout, exports);
    }
    return exports;
  } catch (error) {
    if (error instanceof WebAssembly.LinkError) throw linkError("linked", module, path, error);
    // The start function or an active segment trapped.
    const trapped = asGuestTrap(error, frame.state, "the start of a core module");
    frame.state.lock(trapped);
    throw trapped;
  }
}

export function bundleCore(frame: Frame, refs: ReadonlyMap<string, CoreRef>): void {
  const bundle: Record<string, WebAssembly.ExportValue> = Object.create(null);
  for (const [name, ref] of refs) bundle[name] = coreItem(frame, ref);
  frame.coreInstances.push(bundle);
}

function coreItem(frame: Frame, { kind, index }: CoreRef): WebAssembly.ExportValue {
  switch (kind) {
    case "func":
      return entry(frame.coreFuncs, index).call;
    case "table":
      return entry(frame.tables, index);
    case "memory":
      return entry(frame.memories, index);
    case "global":
      return entry(frame.globals, index);
    case "tag":
      return entry(frame.tags, index) as unknown as WebAssembly.ExportValue;
  }
}

export function aliasCore(frame: Frame, instance: number, name: string, kind: CoreSort): void {
  const item = entry(frame.coreInstances, instance)[name];
  switch (kind) {
    case "func":
      frame.coreFuncs.push({ call: item as (...args: never[]) => unknown, name });
      break;
    case "table":
      frame.tables.push(item as WebAssembly.Table);
      break;
    case "memory":
      frame.memories.push(item as WebAssembly.Memory);
      break;
    case "global":
      frame.globals.push(item as WebAssembly.Global);
      break;
    case "tag":
      frame.tags.push(item as unknown as WebAssembly.Tag);
      break;
  }
}
