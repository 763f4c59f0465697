import type { DbcSignal } from "./signal.ts";

/** Bits that a double holds exactly. */
const EXACT_BITS = 53;

type Bits = Pick<DbcSignal, "start" | "length" | "isLittleEndian" | "type">;

/**
 * How to read the raw value of a signal from a frame's data; undefined where the data end before it does. Integers of more than 53 bit are
 * rounded to the nearest double.
 */
export function rawReader(signal: Bits): (data: Uint8Array) => number | undefined {
  const pieces = piecesOf(signal);
  const bytesNeeded = 1 + pieces.reduce((most, { byte }) => Math.max(most, byte), 0);
  const decode = decoderOf(signal);
  return (data) => (data.length < bytesNeeded ? undefined : decode(pieces, data));
}

/** Bits of a signal in one byte. */
interface Piece {
  readonly byte: number;
  readonly shift: number;
  readonly mask: number;
  /** Of its lowest bit in the value. */
  readonly weight: number;
}

function piecesOf({ start, length, isLittleEndian }: Bits): Piece[] {
  const pieces: Piece[] = [];
  let byte = start >> 3;
  let bit = start & 7;
  for (let done = 0; done < length; byte++) {
    const count = Math.min(isLittleEndian ? 8 - bit : bit + 1, length - done);
    const shift = isLittleEndian ? bit : bit + 1 - count;
    const weight = isLittleEndian ? done : length - done - count;
    pieces.push({ byte, shift, mask: (1 << count) - 1, weight });
    done += count;
    bit = isLittleEndian ? 0 : 7;
  }
  return pieces;
}

type Decode = (pieces: readonly Piece[], data: Uint8Array) => number;

function decoderOf({ type, length }: Bits): Decode {
  if (type === "float32" || type === "float64") {
    const view = new DataView(new ArrayBuffer(8));
    return (pieces, data) => {
      view.setBigUint64(0, wideValue(pieces, data));
      return type === "float64" ? view.getFloat64(0) : view.getFloat32(4);
    };
  }
  if (length > EXACT_BITS) {
    const sized = type === "signed" ? BigInt.asIntN : BigInt.asUintN;
    return (pieces, data) => Number(sized(length, wideValue(pieces, data)));
  }
  const half = 2 ** (length - 1);
  return (pieces, data) => {
    const value = narrowValue(pieces, data);
    return type === "signed" && value >= half ? value - 2 * half : value;
  };
}

function narrowValue(pieces: readonly Piece[], data: Uint8Array): number {
  let value = 0;
  for (const { byte, shift, mask, weight } of pieces)
    value += (((data[byte] as number) >> shift) & mask) * 2 ** weight;
  return value;
}

function wideValue(pieces: readonly Piece[], data: Uint8Array): bigint {
  let value = 0n;
  for (const { byte, shift, mask, weight } of pieces)
    value |= BigInt(((data[byte] as number) >> shift) & mask) << BigInt(weight);
  return value;
}
