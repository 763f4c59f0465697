import { readComponent } from "./decode/component.ts";
import type { ComponentPlan } from "./decode/steps.ts";
import type { ComponentType } from "./types.ts";

export { isComponent } from "./decode/component.ts";

/** A decoded component. It holds no state: any number of instances can be made of it. */
export interface Component {
  /** What it was called when it was decoded, else what its name section says. */
  readonly name: string | undefined;
  readonly bytes: Uint8Array;
  readonly type: ComponentType;
  /** What instantiation does; for this package's own use. */
  readonly plan: ComponentPlan;
}

/**
 * Decodes a component from its binary form, nested modules and components included. Components of types only (packages and
 * worlds of WIT as `wasm-tools` encodes them) decode as well. The bytes are kept, not copied.
 *
 * @throws ComponentModelError `malformed`, `invalid` or `unsupported`, with the byte offset.
 */
export function decodeComponent(bytes: Uint8Array, options: { readonly name?: string } = {}): Component {
  const plan = readComponent(bytes);
  return { name: options.name ?? plan.names.component, bytes, type: plan.type, plan };
}
