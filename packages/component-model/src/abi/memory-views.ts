import { type WideScan, wideScanOf } from "./wide-scan.ts";

const empty = new ArrayBuffer(0);
const none = {
  u8: new Uint8Array(empty),
  i8: new Int8Array(empty),
  u16: new Uint16Array(empty),
  i16: new Int16Array(empty),
  u32: new Uint32Array(empty),
  i32: new Int32Array(empty),
  u64: new BigUint64Array(empty),
  i64: new BigInt64Array(empty),
  f32: new Float32Array(empty),
  f64: new Float64Array(empty),
};

/**
 * Typed arrays over a guest's memory. They are empty before the first call. Growing a memory detaches its buffer, so whoever called
 * into the guest looks at `u8.length` (zero when detached) and refreshes. Generated code reads and writes through these fields only.
 */
export class MemoryViews {
  readonly memory: WebAssembly.Memory;
  u8 = none.u8;
  i8 = none.i8;
  u16 = none.u16;
  i16 = none.i16;
  u32 = none.u32;
  i32 = none.i32;
  u64 = none.u64;
  i64 = none.i64;
  f32 = none.f32;
  f64 = none.f64;
  /** The same bytes as a Node.js Buffer, where there is one: its UTF-16 conversions are far faster than a loop. */
  text: Buffer | undefined = undefined;
  /** Second result of functions that put a string or list into memory and return its address: the length to pass with it. */
  count = 0;
  /** Bytes that the current call may still lift or copy, see `limits.ts`. */
  budget = 0;
  #wide: WideScan | undefined | "not made" = "not made";

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
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
