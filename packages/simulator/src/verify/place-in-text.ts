import type { TextDifference } from "./diff-payloads.ts";

const SHOWN = 40;
const LONG = 120;

/** Where two texts first differ; undefined for texts that are short enough to be shown whole, or equal. */
export function placeInText(a: string, b: string): TextDifference | undefined {
  if (a === b || Math.max(a.length, b.length) <= LONG) return undefined;
  let offset = 0;
  while (offset < a.length && a[offset] === b[offset]) offset++;
  return { offset, place: place(a, offset), a: around(a, offset), b: around(b, offset) };
}

function place(text: string, offset: number): string {
  const before = text.slice(0, offset);
  if (!text.trimStart().startsWith("<")) return `line ${before.split("\n").length}`;
  const elements = [...before.matchAll(/<([A-Za-z][\w:.-]*)/g)];
  const last = elements.at(-1);
  return last === undefined ? "before the first element" : `element ${elements.length} <${last[1]}>`;
}

function around(text: string, offset: number): string {
  const from = Math.max(0, offset - SHOWN);
  const to = offset + SHOWN;
  return `${from > 0 ? "…" : ""}${text.slice(from, to)}${to < text.length ? "…" : ""}`;
}
