import { WasiError } from "./errors.ts";
import type { Guest } from "./guest.ts";
import type { Guests } from "./guests.ts";

/** Bytes that one call may ask for. */
const MOST_BYTES = 2 ** 20;

/** `wasi:random/random`: as good as the others, and no fit for secrets. */
export function randomImports(guests: Guests): Record<string, unknown> {
  return { getRandomBytes: guests.serve(bytes), getRandomU64: guests.serve(u64) };
}

export function insecureImports(guests: Guests): Record<string, unknown> {
  return { getInsecureRandomBytes: guests.serve(bytes), getInsecureRandomU64: guests.serve(u64) };
}

export function insecureSeedImports(guests: Guests): Record<string, unknown> {
  return { insecureSeed: guests.serve((guest): [bigint, bigint] => [u64(guest), u64(guest)]) };
}

function bytes({ random }: Guest, length: bigint): Uint8Array {
  if (length > MOST_BYTES)
    throw new WasiError(
      "too-much",
      `random bytes: expected at most ${MOST_BYTES} in a call, found ${length}`,
    );
  return random.bytes(Number(length));
}

function u64({ random }: Guest): bigint {
  return random.nextU64();
}
