import type { Machine } from "./options.ts";

/** Where random numbers are drawn from. */
export interface RandomSource {
  nextU64(): bigint;
  bytes(length: number): Uint8Array;
}

/** The machine's randomness: nothing of it can be saved or drawn again. */
export function machineRandom({ randomBytes }: Machine): RandomSource {
  return {
    nextU64: () => {
      const bytes = randomBytes(8);
      return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
    },
    bytes: randomBytes,
  };
}
