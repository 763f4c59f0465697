/** Resolves a world of WIT packages to its component type. */

import { componentEmbed, componentNew } from "@bytecodealliance/jco-transpile/wasm-tools";
import { type ComponentType, decodeComponent } from "@playhead/component-model";
import { GuestError } from "./errors.ts";
import type { WitSource } from "./wit-source.ts";

/** The type of a component of that world: what it imports and exports, in order, with every name resolved. */
export async function resolveWorld(wit: WitSource, world: string): Promise<ComponentType> {
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
