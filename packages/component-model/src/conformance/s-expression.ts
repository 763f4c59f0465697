/**
 * The lexical side of the `.wast` script format: atoms, strings and lists with their places in the source. Source: the core
 * specification's "Lexical Format"; annotations count as lists.
 */

export type Node = Atom | Text | List;

interface Place {
  /** Offsets in the source; the end is exclusive. */
  readonly start: number;
  readonly end: number;
}

interface Atom extends Place {
  readonly kind: "atom";
  readonly text: string;
}

interface Text extends Place {
  readonly kind: "string";
  readonly bytes: Uint8Array;
}

export interface List extends Place {
  readonly kind: "list";
  readonly items: readonly Node[];
}

export class ScriptError extends Error {
  override readonly name = "ScriptError";

  constructor(message: string, source: string, offset: number) {
    super(`line ${lineOf(source, offset)}: ${message}`);
  }
}

/** Line of an offset, counted from 1. */
export function lineOf(source: string, offset: number): number {
  let line = 1;
  for (let at = source.indexOf("\n"); at >= 0 && at < offset; at = source.indexOf("\n", at + 1)) line++;
  return line;
}

const token = /\s+|;;[^\n]*|\(;|\(@|[()]|"|[^\s()";,[\]{}]+|[,;[\]{}]/gy;

/** The lists at the top of a source, with all that is inside. */
export function parseLists(source: string): List[] {
  const top: Node[] = [];
  const open: { start: number; items: Node[] }[] = [];
  let offset = 0;
  while (offset < source.length) {
    token.lastIndex = offset;
    const [text] = token.exec(source) ?? [];
    if (text === undefined) throw new ScriptError(`unexpected ${source.charAt(offset)}`, source, offset);
    const start = offset;
    offset += text.length;
    const items = open.at(-1)?.items ?? top;
    if (text === "(;") offset = endOfComment(source, start);
    else if (text === '"') {
      const string = readString(source, start);
      offset = string.end;
      items.push(string);
    } else if (text === "(" || text === "(@") open.push({ start, items: [] });
    else if (text === ")") {
      const list = open.pop();
      if (list === undefined) throw new ScriptError("unexpected )", source, start);
      (open.at(-1)?.items ?? top).push({ kind: "list", start: list.start, end: offset, items: list.items });
    } else if (!/^\s|^;;/.test(text)) items.push({ kind: "atom", text, start, end: offset });
  }
  const unfinished = open.at(-1);
  if (unfinished !== undefined) throw new ScriptError("( is never closed", source, unfinished.start);
  return top.map((node) => {
    if (node.kind !== "list") throw new ScriptError("expected a list in parentheses", source, node.start);
    return node;
  });
}

/** Block comments nest. */
function endOfComment(source: string, start: number): number {
  let depth = 0;
  const bracket = /\(;|;\)/g;
  bracket.lastIndex = start;
  for (let match = bracket.exec(source); match !== null; match = bracket.exec(source)) {
    depth += match[0] === "(;" ? 1 : -1;
    if (depth === 0) return bracket.lastIndex;
  }
  throw new ScriptError("comment is never closed", source, start);
}

const escapes: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, '"': 34, "'": 39, "\\": 92 };
const utf8 = new TextEncoder();

function readString(source: string, start: number): Text {
  const bytes: number[] = [];
  let offset = start + 1;
  for (;;) {
    const next = source.codePointAt(offset);
    if (next === undefined) throw new ScriptError("string is never closed", source, start);
    const char = String.fromCodePoint(next);
    offset += char.length;
    if (char === '"') return { kind: "string", start, end: offset, bytes: Uint8Array.from(bytes) };
    if (char !== "\\") {
      bytes.push(...utf8.encode(char));
      continue;
    }
    const pattern = /u\{([0-9a-fA-F_]+)\}|([0-9a-fA-F]{2})|([tnr"'\\])/y;
    pattern.lastIndex = offset;
    const match = pattern.exec(source);
    if (match === null) throw new ScriptError("invalid escape in a string", source, offset);
    offset = pattern.lastIndex;
    const [, codePoint, byte, letter] = match;
    if (codePoint !== undefined)
      bytes.push(...utf8.encode(String.fromCodePoint(Number.parseInt(codePoint.replaceAll("_", ""), 16))));
    else if (byte !== undefined) bytes.push(Number.parseInt(byte, 16));
    else bytes.push(escapes[letter as string] as number);
  }
}

/** The word that a list begins with. */
export function headOf(list: List): string {
  const [head] = list.items;
  return head?.kind === "atom" ? head.text : "";
}

export function isList(node: Node | undefined, head?: string): node is List {
  return node?.kind === "list" && (head === undefined || headOf(node) === head);
}

/** What a string says as UTF-8. */
export function textOf(node: Node | undefined, source: string, offset: number): string {
  if (node?.kind !== "string") throw new ScriptError("expected a string", source, node?.start ?? offset);
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(node.bytes);
}
