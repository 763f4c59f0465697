import { MalformedMessageError } from "./malformed.ts";

/**
 * A position in a message in the OMG's Common Data Representation: four bytes that say which form, then values that are aligned by
 * their size, counted from the end of those four. Forms: plain CDR (ROS 2's) and plain CDR 2, either endianness. Source: DDS-XTypes
 * 1.3, 7.4.3.
 */
export class CdrCursor {
  view: DataView = EMPTY;
  littleEndian = true;
  offset = 0;
  #end = 0;
  #maxAlignment = 8;

  /** Goes to the first value of another message. */
  reset(message: Uint8Array): void {
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
    this.view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    this.#end = message.byteLength;
    this.offset = 4;
  }

  get remaining(): number {
    return this.#end - this.offset;
  }

  /** Steps over `count` values of `size` bytes each; returns where the first lies. `name` is for the error. */
  take(size: number, count: number, name: string): number {
    if (count === 0) return this.offset;
    const alignment = Math.min(size, this.#maxAlignment);
    const start = ((this.offset - 4 + alignment - 1) & -alignment) + 4;
    const length = size * count;
    if (length > this.#end - start) {
      const left = Math.max(this.#end - start, 0);
      throw new MalformedMessageError(
        `${length} bytes for ${name}`,
        `${left} before the end`,
        `byte ${start}`,
      );
    }
    this.offset = start + length;
    return start;
  }

  u32(name: string): number {
    return this.view.getUint32(this.take(4, 1, name), this.littleEndian);
  }
}

const EMPTY = new DataView(new ArrayBuffer(0));
