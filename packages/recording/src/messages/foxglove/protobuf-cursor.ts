import { MalformedMessageError } from "../malformed.ts";

/** How a value lies in its bytes. Groups, which nobody writes any more, are malformed. */
export const WireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/**
 * A position in a Protocol Buffers message. No length that it claims is believed before the bytes are there. Source: Protocol Buffers
 * Documentation, Encoding.
 */
export class ProtobufCursor {
  readonly view: DataView;
  /** In the view. */
  offset: number;
  end: number;

  constructor(view: DataView, offset = 0, end = view.byteLength) {
    this.view = view;
    this.offset = offset;
    this.end = end;
  }

  get isAtEnd(): boolean {
    return this.offset >= this.end;
  }

  /** Unsigned, of up to 64 bits. */
  varint(): bigint {
    let low = 0;
    for (let index = 0; index < 4; index++) {
      const byte = this.#byte();
      low += (byte & 127) * 2 ** (7 * index);
      if (byte < 128) return BigInt(low);
    }
    let value = BigInt(low);
    for (let index = 4; index < 10; index++) {
      const byte = this.#byte();
      value |= BigInt(byte & 127) << BigInt(7 * index);
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new MalformedMessageError("a number of at most 10 bytes", "a longer one", this.#place());
  }

  /** Steps over a value of known length; returns where it starts. */
  take(length: number): number {
    const start = this.offset;
    if (length > this.end - start)
      throw new MalformedMessageError(`${length} bytes`, `${this.end - start} before the end`, this.#place());
    this.offset = start + length;
    return start;
  }

  /** The length of what follows, as far as it is there. */
  length(): number {
    const length = this.varint();
    const left = this.end - this.offset;
    if (length > BigInt(left))
      throw new MalformedMessageError(`${length} bytes`, `${left} before the end`, this.#place());
    return Number(length);
  }

  /** Steps over a value that nobody asks for. */
  skip(wireType: number): void {
    if (wireType === WireType.varint) this.varint();
    else if (wireType === WireType.bytes) this.take(this.length());
    else this.take(this.fixedBytes(wireType));
  }

  fixedBytes(wireType: number): number {
    if (wireType === WireType.fixed64) return 8;
    if (wireType === WireType.fixed32) return 4;
    throw new MalformedMessageError("a wire type of 0, 1, 2 or 5", `${wireType}`, this.#place());
  }

  #byte(): number {
    return this.view.getUint8(this.take(1));
  }

  #place(): string {
    return `byte ${this.offset}`;
  }
}

/** A view on bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
