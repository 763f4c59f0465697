/** Words of a stream's state, each 0 … 2³² − 1. */
export type RandomState = readonly [number, number, number, number];

/**
 * Random numbers that are the same on every engine: sfc32 ("small fast counting"), C. Doty-Humphrey's generator from PractRand
 * in words of 32 bits. Not for secrets.
 */
export class RandomStream {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  /** The stream of a name: it depends on the seed and the name, not on what others draw. */
  static of(seed: number | string, name: string): RandomStream {
    const stream = new RandomStream();
    for (const byte of new TextEncoder().encode(`${typeof seed}:${seed}\n${name}`)) {
      stream.#a ^= byte;
      stream.nextU32();
    }
    for (let i = 0; i < 16; i++) stream.nextU32();
    return stream;
  }

  get state(): RandomState {
    return [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#counter >>> 0];
  }

  set state([a, b, c, counter]: RandomState) {
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#counter = counter;
  }

  nextU32(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** The first of two draws is the upper half. */
  nextU64(): bigint {
    const upper = BigInt(this.nextU32());
    return (upper << 32n) | BigInt(this.nextU32());
  }

  /** Each draw gives four bytes, the least significant first. */
  bytes(length: number): Uint8Array {
    const words = new DataView(new ArrayBuffer(Math.ceil(length / 4) * 4));
    for (let at = 0; at < words.byteLength; at += 4) words.setUint32(at, this.nextU32(), true);
    return new Uint8Array(words.buffer, 0, length);
  }
}
