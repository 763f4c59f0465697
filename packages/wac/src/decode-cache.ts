import { type Component, decodeComponent } from "@playhead/component-model";
import type { Decode } from "./packages.ts";

/** How many contents are kept under a name: packages may be there in several versions at once. */
const KEPT = 8;

interface Decoded {
  readonly bytes: Uint8Array;
  readonly component: Component;
}

/**
 * A way to decode packages that keeps what it decoded last under each name: equal bytes are the same component again, with
 * all that was compiled for it.
 */
export function keepingDecode(decode: Decode = (bytes, name) => decodeComponent(bytes, { name })): Decode {
  const kept = new Map<string, readonly Decoded[]>();
  return (bytes, name) => {
    const all = kept.get(name) ?? [];
    const known = all.find((each) => equalBytes(each.bytes, bytes));
    const used = known ?? { bytes, component: decode(bytes, name) };
    kept.set(name, [used, ...all.filter((each) => each !== used)].slice(0, KEPT));
    return used.component;
  };
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) {
    return false;
  }
  for (let index = 0; index < a.length; index++) {
    if (a[index] !== b[index]) {
      return false;
    }
  }
  return true;
}
