import { RecordingError } from "@playhead/recording";
import { decimalNs } from "../text/decimal-time.ts";

/** Digits of a time since the Unix epoch in a name → the exponent of its unit: s, ms, µs, ns. */
const EXPONENTS: Readonly<Record<number, number>> = { 10: 9, 13: 6, 16: 3, 19: 0 };
/** Numbers of ten digits that are no count: from the year 2001 on. */
const LEAST_SECONDS = 1_000_000_000n;

/**
 * Times of files, in ns: by the rate where one is given, in the order of the names; else as their names say (`1403636579763555584.png` in ns,
 * `1403636579.763555.png` in s). Throws a RecordingError where the names are no times.
 */
export function itemTimes(
  names: readonly string[],
  rateHz: number | undefined,
  where: string,
): readonly (readonly [name: string, timeNs: bigint])[] {
  const sorted = names.toSorted(byNumbers);
  if (rateHz !== undefined) return sorted.map((name, index) => [name, rateTimeNs(index, rateHz)]);
  return sorted.map((name) => {
    const timeNs = nameTimeNs(name);
    if (timeNs !== undefined) return [name, timeNs];
    throw new RecordingError("invalid-argument", {
      expected: "names that are times since 1970, or a rate (--rate)",
      found: JSON.stringify(name),
      where,
    });
  });
}

/** Of the k-th item from 0, without drift. The first is at the Unix epoch: nothing says when it was. */
export function rateTimeNs(index: number, rateHz: number): bigint {
  return BigInt(Math.round((index * 1e9) / rateHz));
}

/** The time that a name holds, in ns since the Unix epoch; undefined for none. */
export function nameTimeNs(name: string): bigint | undefined {
  const stem = name.replace(/\.[A-Za-z]+$/, "");
  for (const [text, whole = "", fraction] of stem.matchAll(/(?<!\d)(\d{10,19})(?:[._](\d{3,9}))?(?!\d)/g)) {
    const exponent = EXPONENTS[whole.length];
    if (exponent === undefined) continue;
    const timeNs = decimalNs(exponent === 9 ? text.replace("_", ".") : whole, exponent);
    const isCount = timeNs === undefined || timeNs < LEAST_SECONDS * 1_000_000_000n;
    if (!isCount && (whole.length > 10 || fraction !== undefined)) return timeNs;
  }
  return undefined;
}

/** As people count: `frame9` before `frame10`; then by the characters. */
function byNumbers(a: string, b: string): number {
  const pieces = [a, b].map((name) => name.split(/(\d+)/)) as [string[], string[]];
  for (const [index, piece] of pieces[0].entries()) {
    const other = pieces[1][index] ?? "";
    if (piece === other) continue;
    const isNumber = index % 2 === 1;
    if (isNumber && BigInt(piece) !== BigInt(other || "0"))
      return BigInt(piece) < BigInt(other || "0") ? -1 : 1;
    return piece < other ? -1 : 1;
  }
  return pieces[0].length - pieces[1].length;
}

/** A file's or folder's name as a part of a topic. */
export function topicPart(name: string): string {
  const plain = name.replace(/\.[A-Za-z]+$/, "").replaceAll(/[^A-Za-z0-9_]+/g, "_");
  return plain === "" || plain === "_" ? "files" : plain;
}
