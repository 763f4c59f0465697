import { asGuestTrap } from "../abi/traps.ts";
import { ComponentModelError } from "../errors.ts";
import type { ConstantValue } from "../rewrite/constant.ts";
import type { StateLayout } from "../rewrite/rewrite-module.ts";
import type { CoreInstance, Frame } from "./frame.ts";

type Imports = Record<string, CoreInstance>;

/** Adds to the imports of a rewritten module what it asks of the host. */
export function hostImports(frame: Frame, layout: StateLayout, imports: Imports): void {
  if (layout.imports.length === 0) return;
  const host: Record<string, WebAssembly.ExportValue> = Object.create(null);
  const constants = layout.constants((index) => importedValue(layout, imports, index));
  for (const { kind, name, global, type } of layout.imports) {
    switch (kind) {
      case "meter":
        host[name] = defined(frame.tree.options.meter?.globals.meter);
        break;
      case "reason":
        host[name] = defined(frame.state.reason);
        break;
      case "budget":
        host[name] = defined(frame.memoryBudget);
        break;
      case "constant": {
        const value = constants.get(global) as never;
        host[name] = new WebAssembly.Global({ value: type as "i32" | "i64" }, value);
        break;
      }
    }
  }
  imports[layout.host] = host;
}

function defined(global: WebAssembly.Global | undefined): WebAssembly.Global {
  if (global === undefined) throw new Error("Invariant: modules ask only for what there is");
  return global;
}

function importedValue(layout: StateLayout, imports: Imports, index: number): ConstantValue {
  const { module, name } = layout.importedGlobals[index] ?? { module: "", name: "" };
  const global = imports[module]?.[name];
  return (global as WebAssembly.Global | undefined)?.value as ConstantValue;
}

/** Takes the memories and tables that a module begins with out of what its component instance may have. */
export function spendMemory(frame: Frame, { initialBytes }: StateLayout): void {
  const { memoryBudget, state } = frame;
  if (memoryBudget === undefined) return;
  const left = (memoryBudget.value as bigint) - BigInt(initialBytes);
  if (left < 0n) {
    const { maxMemoryBytes } = frame.tree.options;
    throw new ComponentModelError(
      "memory-limit",
      `component instance "${state.path}" begins with more memory than the limit of ${maxMemoryBytes} bytes`,
      { where: state.path },
    );
  }
  memoryBudget.value = left;
}

/** Does what the engine would have done with the module as it came: fills tables and memories, calls the start function. */
export function startCore(frame: Frame, layout: StateLayout, exports: CoreInstance): void {
  const call = (name: string | undefined): void => {
    if (name !== undefined) (exports[name] as () => void)();
  };
  call(layout.fillTables);
  if (frame.tree.options.restoring) return;
  call(layout.fillMemories);
  if (layout.start === undefined) return;
  const { meter } = frame.state;
  meter?.enter();
  try {
    call(layout.start);
  } catch (error) {
    throw asGuestTrap(error, frame.state, "the start of a core module");
  } finally {
    meter?.leave();
  }
}
