import { MalformedMessageError } from "./malformed.ts";

/**
 * How ROS messages lie in their bytes.
 *
 * - `cdr`, ROS 2's: the OMG's Common Data Representation. Four bytes say which form, then come values that are aligned by their size, counted from
 *   the end of those four. Forms: plain CDR and plain CDR 2, either endianness. Source: DDS-XTypes 1.3, 7.4.3.
 * - `ros1`: values without any gap, little-endian; strings have no closing zero.
 */
export type Wire = "cdr" | "ros1";

/** A position in a message. */
export class MessageCursor {
  readonly wire: Wire;
  /** Over the whole buffer that the message lies in, as long as messages come from the same one: views cost more than the walk. */
  view: DataView = EMPTY;
  littleEndian = true;
  /** In the view. */
  offset = 0;
  #start = 0;
  #end = 0;
  #maxAlignment = 8;

  constructor(wire: Wire) {
    this.wire = wire;
  }

  /** Goes to the first value of another message. */
  reset(message: Uint8Array): void {
    if (this.view.buffer !== message.buffer) this.view = new DataView(message.buffer);
    this.#end = message.byteOffset + message.byteLength;
    this.#start = message.byteOffset + (this.wire === "cdr" ? this.#readForm(message) : 0);
    if (this.wire === "ros1") this.#maxAlignment = 1;
    this.offset = this.#start;
  }

  /** Returns the length of what says the form. */
  #readForm(message: Uint8Array): number {
    if (message.byteLength < 4) {
      throw new MalformedMessageError(
        "a CDR header of 4 bytes",
        `${message.byteLength} bytes`,
        "the start of the message",
      );
    }
    const form = ((message[0] as number) << 8) | (message[1] as number);
    if (form !== 0 && form !== 1 && form !== 6 && form !== 7) {
      throw new MalformedMessageError("plain CDR (0, 1, 6 or 7)", `form ${form}`, "the start of the message");
    }
    this.littleEndian = (form & 1) === 1;
    this.#maxAlignment = form < 6 ? 8 : 4;
    return FORM_BYTES;
  }

  get remaining(): number {
    return this.#end - this.offset;
  }

  /** An offset in the view as one in the message. */
  inMessage(offset: number): number {
    return offset - this.#start + (this.wire === "cdr" ? FORM_BYTES : 0);
  }

  /** Steps over `count` values of `size` bytes each; returns where the first lies. `name` is for the error. */
  take(size: number, count: number, name: string): number {
    if (count === 0) return this.offset;
    const alignment = Math.min(size, this.#maxAlignment);
    const start = ((this.offset - this.#start + alignment - 1) & -alignment) + this.#start;
    const length = size * count;
    if (length > this.#end - start) {
      const left = Math.max(this.#end - start, 0);
      const place = `byte ${this.inMessage(start)}`;
      throw new MalformedMessageError(`${length} bytes for ${name}`, `${left} before the end`, place);
    }
    this.offset = start + length;
    return start;
  }

  /** A view on bytes. */
  bytes(count: number, name: string): Uint8Array {
    return new Uint8Array(this.view.buffer, this.take(1, count, name), count);
  }

  u32(name: string): number {
    return this.view.getUint32(this.take(4, 1, name), this.littleEndian);
  }
}

const FORM_BYTES = 4;
const EMPTY = new DataView(new ArrayBuffer(0));
