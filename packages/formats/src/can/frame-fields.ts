import { LineError, quote } from "../text/dialect.ts";

export const MOST_CLASSIC_BYTES = 8;
const FD_LENGTHS: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64]);
const MOST_STANDARD_ID = 0x7ff;
const MOST_EXTENDED_ID = 0x1fffffff;

/** Bytes of hexadecimal digits that stand together: `DEADBEEF`. */
export function hexBytes(digits: string): Uint8Array {
  const bytes = new Uint8Array(digits.length >> 1);
  let isHex = digits.length % 2 === 0;
  for (let index = 0; index < bytes.length; index++) {
    const high = digitAt(digits, 2 * index);
    const low = digitAt(digits, 2 * index + 1);
    if (high < 0 || low < 0) isHex = false;
    bytes[index] = high * 16 + low;
  }
  if (!isHex) throw new LineError("two hexadecimal digits per byte", quote(digits));
  return bytes;
}

/** −1 for a character that is no hexadecimal digit. */
function digitAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Bytes of `count` numbers that stand apart, from the place `start` on, with base 16 or 10. */
export function bytesOf(
  numbers: readonly string[],
  base: 10 | 16,
  start = 0,
  count = numbers.length - start,
): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let index = 0; index < count; index++) {
    const text = numbers[start + index] as string;
    const value = (base === 16 ? hexPair(text) : undefined) ?? wholeNumber(text, base);
    if (value > 255) throw new LineError("a byte", quote(text));
    bytes[index] = value;
  }
  return bytes;
}

/** Two hexadecimal digits, as nearly all bytes are written; undefined for anything else. */
function hexPair(text: string): number | undefined {
  if (text.length !== 2) return undefined;
  const [high, low] = [digitAt(text, 0), digitAt(text, 1)];
  return high < 0 || low < 0 ? undefined : high * 16 + low;
}

export function wholeNumber(text: string, base: 10 | 16 = 10): number {
  const isNumber = base === 16 ? /^[0-9a-fA-F]{1,8}$/.test(text) : /^\d{1,10}$/.test(text);
  if (!isNumber) throw new LineError(base === 16 ? "a hexadecimal number" : "a whole number", quote(text));
  return Number.parseInt(text, base);
}

/** Throws a LineError for an identifier that frames cannot have. */
export function checkedId(id: number, isExtended: boolean): number {
  if (id <= (isExtended ? MOST_EXTENDED_ID : MOST_STANDARD_ID)) return id;
  throw new LineError(`an identifier of ${isExtended ? 29 : 11} bit`, `0x${id.toString(16)}`);
}

/** Throws a LineError for a length of data that frames cannot have. */
export function checkedLength(length: number, isFd: boolean): number {
  if (isFd ? FD_LENGTHS.has(length) : length <= MOST_CLASSIC_BYTES) return length;
  throw new LineError(isFd ? "a length that CAN FD has" : "at most 8 bytes of data", `${length}`);
}
