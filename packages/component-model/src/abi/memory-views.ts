import { type WideScan, wideScanOf } from "./wide-scan.ts";

/**
 * Typed arrays over a guest's memory. Growing a memory detaches its buffer, so whoever called into the guest looks at
 * `u8.length` (zero when detached) and refreshes. Generated code reads and writes through these fields only.
 */
export class MemoryViews {
  readonly memory: WebAssembly.Memory;
  u8!: Uint8Array;
  i8!: Int8Array;
  u16!: Uint16Array;
  i16!: Int16Array;
  u32!: Uint32Array;
  i32!: Int32Array;
  u64!: BigUint64Array;
  i64!: BigInt64Array;
  f32!: Float32Array;
  f64!: Float64Array;
  /** The same bytes as a Node.js Buffer, where there is one: its UTF-16 conversions are far faster than a loop. */
  text: Buffer | undefined;
  /** Second result of functions that put a string or list into memory and return its address: the length to pass with it. */
  count = 0;
  /** Bytes that the current call may still lift or copy, see `limits.ts`. */
  budget = 0;
  #wide: WideScan | undefined | "not made" = "not made";

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    this.refresh();
  }

  /** Functions that scan the memory with SIMD instructions, where there are any. Made when they are first needed. */
  get wide(): WideScan | undefined {
    if (this.#wide === "not made") this.#wide = wideScanOf(this.memory);
    return this.#wide;
  }

  refresh(): void {
    const { buffer } = this.memory;
    this.u8 = new Uint8Array(buffer);
    this.i8 = new Int8Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.i16 = new Int16Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u64 = new BigUint64Array(buffer);
    this.i64 = new BigInt64Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.text = globalThis.Buffer?.from(buffer);
  }
}

const known = new WeakMap<WebAssembly.Memory, MemoryViews>();

/** One set of views per memory, shared by all functions that use it. */
export function viewsOf(memory: WebAssembly.Memory): MemoryViews {
  let views = known.get(memory);
  if (views === undefined) {
    views = new MemoryViews(memory);
    known.set(memory, views);
  }
  return views;
}
