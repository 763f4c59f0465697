/** Random numbers that are the same on every engine. Not for secrets. */

import { log } from "./exponential.ts";
import { cos } from "./trigonometric.ts";
import { nextU32 } from "./xoshiro128.ts";

type Words = readonly [number, number, number, number];

const TWO_PI = 6.283185307179586;

export class Random {
  /** What the stream was made from: forks depend on it, never on how much was drawn. */
  readonly #key: Words;
  readonly #state: Uint32Array;

  private constructor(key: Words) {
    this.#key = key;
    this.#state = Uint32Array.from(key);
    if (this.#state.every((word) => word === 0)) this.#state[0] = 1;
  }

  /** The same seed gives the same stream, for ever. A number is taken by its 64 bits, so that 1 and 1.5 differ. */
  static fromSeed(seed: number | string): Random {
    return new Random(absorb([0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667], seedBytes(seed)));
  }

  /** A stream of its own: independent of this one, of its other forks, and of how much any of them was used. */
  fork(name: string): Random {
    return new Random(absorb(this.#key, new TextEncoder().encode(`fork:${name}`)));
  }

  /** An integer from 0 to 2³² − 1. */
  nextU32(): number {
    return nextU32(this.#state);
  }

  /** Evenly between low (inclusive) and high (exclusive), 0 … 1 without them; 53 random bits, two draws. */
  uniform(low = 0, high = 1): number {
    const upper = this.nextU32() >>> 5;
    const lower = this.nextU32() >>> 6;
    return low + (high - low) * ((upper * 67108864 + lower) / 9007199254740992);
  }

  /** Normally distributed; always four draws (G. E. P. Box and M. E. Muller, 1958). */
  normal(mean = 0, standardDeviation = 1): number {
    const radius = Math.sqrt(-2 * log(1 - this.uniform()));
    return mean + standardDeviation * radius * cos(TWO_PI * this.uniform());
  }
}

function seedBytes(seed: number | string): Uint8Array {
  if (typeof seed === "string") return new TextEncoder().encode(`text:${seed}`);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, seed === 0 ? 0 : seed, true);
  return bytes;
}

/** Stirs bytes into four words; each byte reaches every word. */
function absorb(key: Words, bytes: Uint8Array): Words {
  let [a, b, c, d] = key;
  for (const byte of bytes) {
    a = stir(a ^ byte);
    b = stir((b + a) | 0);
    c = stir((c ^ b) | 0);
    d = stir((d + c) | 0);
  }
  a = stir((a + d + bytes.length) | 0);
  b = stir((b ^ a) | 0);
  c = stir((c + b) | 0);
  d = stir((d ^ c) | 0);
  return [a, b, c, d];
}

/** One step of SplitMix32: the increment, then MurmurHash3's finaliser. */
function stir(word: number): number {
  let z = (word + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}
