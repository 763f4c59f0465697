import type { CoreModule } from "../decode/steps.ts";
import { ComponentModelError } from "../errors.ts";
import { type RewriteOptions, rewriteModule, type StateLayout } from "../rewrite/rewrite-module.ts";

/** A core module made ready: compiled, and what the rewriter tells of it. */
export interface PreparedModule {
  readonly compiled: WebAssembly.Module;
  /** Undefined when the module runs as it came. */
  readonly layout: StateLayout | undefined;
}

/** Compiles a module, as it came or rewritten. Done once for each way. */
export function prepareModule(
  module: CoreModule,
  rewrite: RewriteOptions | undefined,
  path: string,
): PreparedModule {
  module.prepared ??= new Map();
  const way = rewrite === undefined ? "as it came" : `${rewrite.metered} ${rewrite.capped}`;
  let prepared = module.prepared.get(way);
  if (prepared === undefined) {
    prepared = make(module, rewrite, path);
    module.prepared.set(way, prepared);
  }
  return prepared;
}

function make(module: CoreModule, rewrite: RewriteOptions | undefined, path: string): PreparedModule {
  const { bytes, offset } = module;
  // An engine without extended constant expressions takes a module with such only when it is rewritten.
  if (rewrite === undefined && WebAssembly.validate(bytes as BufferSource)) {
    return { compiled: compile(module, bytes, path), layout: undefined };
  }
  // Offsets in errors are those of the component, which the module's bytes are a part of.
  const whole = new Uint8Array(bytes.buffer, bytes.byteOffset - offset, offset + bytes.length);
  const rewritten = rewriteModule(whole, offset, whole.length, rewrite ?? { metered: false, capped: false });
  return { compiled: compile(module, rewritten.bytes, path), layout: rewritten.layout };
}

function compile(module: CoreModule, bytes: Uint8Array, path: string): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes as BufferSource);
  } catch (error) {
    throw linkError("compiled", module, path, error);
  }
}

export function linkError(
  what: string,
  module: CoreModule,
  path: string,
  cause: unknown,
): ComponentModelError {
  const { offset } = module;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ComponentModelError("link", `the core module at byte ${offset} cannot be ${what}: ${reason}`, {
    offset,
    where: path,
    cause,
  });
}
