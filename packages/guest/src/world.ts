/** Resolves a world of WIT packages to its component type. */

import { type ComponentType, decodeComponent } from "@playhead/component-model";
import { GuestError } from "./errors.ts";
import type { WitSource } from "./wit-source.ts";

/** The type of a component of that world: what it imports and exports, in order, with every name resolved. */
export async function resolveWorld(wit: WitSource, world: string): Promise<ComponentType> {
  const { componentEmbed, componentNew } = await loadTools();
  let bytes: Uint8Array;
  try {
    bytes = await componentNew(await componentEmbed({ witSource: wit.text, world, dummy: true }), []);
  } catch (cause) {
    throw new GuestError(
      "bad-wit",
      `The world ${world} of ${wit.rootPackage} cannot be resolved: ${toolMessage(cause)}`,
      cause,
    );
  }
  return decodeComponent(bytes, { name: `world ${world}` }).type;
}

/** Turns a core module that was compiled for a world into a component of it. */
export async function makeComponent(core: Uint8Array, wit: WitSource, world: string): Promise<Uint8Array> {
  const { componentEmbed, componentNew } = await loadTools();
  try {
    const embedded = await componentEmbed({
      binary: core,
      witSource: wit.text,
      world,
      stringEncoding: "utf16",
    });
    return await componentNew(embedded, []);
  } catch (cause) {
    throw new GuestError(
      "bad-component",
      `The guest does not fit the world ${world}: ${toolMessage(cause)}`,
      cause,
    );
  }
}

/** Loaded when needed: they are large, and most builds find that nothing has changed. */
function loadTools(): Promise<typeof import("@bytecodealliance/jco-transpile/wasm-tools")> {
  return import("@bytecodealliance/jco-transpile/wasm-tools");
}

/** The tools throw errors whose text may lie in a payload. */
function toolMessage(cause: unknown): string {
  if (
    typeof cause === "object" &&
    cause !== null &&
    "payload" in cause &&
    typeof cause.payload === "string"
  ) {
    return cause.payload;
  }
  return cause instanceof Error ? cause.message : String(cause);
}
