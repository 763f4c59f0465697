import { type Component, decodeComponent } from "@playhead/component-model";
import type { Decode } from "./packages.ts";

interface Decoded {
  readonly bytes: Uint8Array;
  readonly component: Component;
}

/**
 * A way to decode packages that keeps what it decoded last under each name: a package whose bytes have not changed is the same
 * component again, with all that was compiled for it.
 */
export function keepingDecode(decode: Decode = (bytes, name) => decodeComponent(bytes, { name })): Decode {
  const kept = new Map<string, Decoded>();
  return (bytes, name) => {
    const known = kept.get(name);
    if (known !== undefined && equalBytes(known.bytes, bytes)) {
      return known.component;
    }
    const component = decode(bytes, name);
    kept.set(name, { bytes, component });
    return component;
  };
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
