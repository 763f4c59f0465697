const SLAB_BYTES = 64 * 1024;
/** What is larger gets memory of its own. */
const LARGE_BYTES = 8 * 1024;

// NaN has many bit patterns, and which one a store writes is the engine's choice: payloads have these.
const NAN_F32 = 0x7fc00000;
const NAN_F64 = 0x7ff80000;

/**
 * Memory for payloads, little-endian. Small ones lie in a shared slab that is never reused: each stays valid as long as somebody keeps
 * it. `start` begins one, the setters write to it by byte offset, `finish` gives its bytes.
 */
export class PayloadArena {
  #slab = new Uint8Array(SLAB_BYTES);
  #slabView = new DataView(this.#slab.buffer);
  #slabUsed = 0;
  #bytes = this.#slab;
  #view = this.#slabView;
  #start = 0;
  #size = 0;

  start(sizeBytes: number): void {
    this.#size = sizeBytes;
    if (sizeBytes > LARGE_BYTES) {
      this.#bytes = new Uint8Array(sizeBytes);
      this.#view = new DataView(this.#bytes.buffer);
      this.#start = 0;
      return;
    }
    if (this.#slabUsed + sizeBytes > SLAB_BYTES) {
      this.#slab = new Uint8Array(SLAB_BYTES);
      this.#slabView = new DataView(this.#slab.buffer);
      this.#slabUsed = 0;
    }
    this.#bytes = this.#slab;
    this.#view = this.#slabView;
    this.#start = this.#slabUsed;
    this.#slabUsed += (sizeBytes + 7) & ~7;
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#start + this.#size);
  }

  u8(offset: number, value: number): void {
    this.#view.setUint8(this.#start + offset, value);
  }

  u32(offset: number, value: number): void {
    this.#view.setUint32(this.#start + offset, value, true);
  }

  i32(offset: number, value: number): void {
    this.#view.setInt32(this.#start + offset, value, true);
  }

  f32(offset: number, value: number): void {
    if (Number.isNaN(value)) this.#view.setUint32(this.#start + offset, NAN_F32, true);
    else this.#view.setFloat32(this.#start + offset, value, true);
  }

  f64(offset: number, value: number): void {
    if (Number.isNaN(value)) {
      this.#view.setUint32(this.#start + offset, 0, true);
      this.#view.setUint32(this.#start + offset + 4, NAN_F64, true);
    } else this.#view.setFloat64(this.#start + offset, value, true);
  }

  bytes(offset: number, source: Uint8Array): void {
    this.#bytes.set(source, this.#start + offset);
  }

  /** A few bytes from a place in a view. */
  copy(offset: number, source: DataView, sourceOffset: number, length: number): void {
    for (let index = 0; index < length; index++)
      this.u8(offset + index, source.getUint8(sourceOffset + index));
  }
}
