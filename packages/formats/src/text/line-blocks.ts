import type { FileBytes } from "../file-bytes.ts";

const READ_BYTES = 256 * 1024;
/** Longer lines are no lines of any log: they are passed over. */
export const MOST_LINE_BYTES = 64 * 1024;

/** Whole lines of a text, read together. */
export interface LineBlock {
  /** Bytes of the file: `end` is behind the last line. */
  readonly start: number;
  readonly end: number;
  /** Number of the first line, from 1. */
  readonly firstLine: number;
  /** Without their ends; undefined for one that is too long. */
  readonly lines: readonly (string | undefined)[];
}

export interface LineOptions {
  readonly encoding: "latin1" | "utf8";
  /** A line end between double quotes does not end a line. */
  readonly quoted?: boolean;
}

/** A file's lines from a byte at which one starts. Memory stays bounded, whatever the file is. */
export async function* readLineBlocks(
  file: FileBytes,
  { encoding, quoted = false }: LineOptions,
  start = 0,
  end = file.sizeBytes,
  firstLine = 1,
): AsyncGenerator<LineBlock> {
  let place = start;
  let line = firstLine;
  while (place < end) {
    const bytes = await file.readUpTo(place, Math.min(READ_BYTES, end - place));
    if (bytes.length === 0) return;
    const isLast = place + bytes.length >= end;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const cut = cutLines(text, encoding, quoted, isLast);
    const found = cut.lines.length === 0 ? await passOver(file, place, end) : undefined;
    const blockEnd = found ?? place + cut.length;
    const lines = found === undefined ? cut.lines : [undefined];
    if (place === 0 && lines[0] !== undefined) lines[0] = withoutMark(lines[0]);
    yield { start: place, end: blockEnd, firstLine: line, lines };
    line += found === undefined ? cut.ends : 1;
    place = blockEnd;
  }
}

interface CutLines {
  readonly lines: (string | undefined)[];
  /** Bytes that they take, with their ends. */
  readonly length: number;
  /** Line ends in them: more than lines where some stand between quotes. */
  readonly ends: number;
}

const LINE_END = 0x0a;
const QUOTE = 0x22;

function cutLines(text: Buffer, encoding: BufferEncoding, quoted: boolean, isLast: boolean): CutLines {
  const lines: (string | undefined)[] = [];
  let start = 0;
  let ends = 0;
  let searched = 0;
  while (start < text.length) {
    const newline = text.indexOf(LINE_END, Math.max(start, searched));
    if (newline < 0 && !isLast) break;
    const end = newline < 0 ? text.length : newline;
    const isTooLong = end - start > MOST_LINE_BYTES;
    if (newline >= 0 && quoted && !isTooLong && isInQuotes(text, start, end)) {
      searched = newline + 1;
      ends++;
      continue;
    }
    lines.push(isTooLong ? undefined : lineOf(text, start, end, encoding));
    if (newline >= 0) ends++;
    start = newline < 0 ? end : newline + 1;
  }
  // Line ends between quotes of what is left for the next block count there.
  const left = quoted ? countEnds(text.subarray(start, searched)) : 0;
  return { lines, length: start, ends: ends - left };
}

function isInQuotes(text: Buffer, start: number, end: number): boolean {
  const line = text.subarray(start, end);
  let quotes = 0;
  for (let at = line.indexOf(QUOTE); at >= 0; at = line.indexOf(QUOTE, at + 1)) quotes++;
  return quotes % 2 === 1;
}

function countEnds(text: Buffer): number {
  let ends = 0;
  for (const byte of text) if (byte === LINE_END) ends++;
  return ends;
}

function lineOf(text: Buffer, start: number, end: number, encoding: BufferEncoding): string {
  return text.toString(encoding, start, text[end - 1] === 0x0d && end > start ? end - 1 : end);
}

/** The place behind a line that is longer than what is read at a time. */
async function passOver(file: FileBytes, start: number, end: number): Promise<number> {
  for (let place = start; place < end; place += READ_BYTES) {
    const bytes = await file.readUpTo(place, Math.min(READ_BYTES, end - place));
    if (bytes.length === 0) return end;
    const newline = bytes.indexOf(LINE_END);
    if (newline >= 0) return place + newline + 1;
  }
  return end;
}

/** A byte order mark is no part of the text, in either encoding. */
function withoutMark(line: string): string {
  return line.replace(/^(\uFEFF|\u00EF\u00BB\u00BF)/, "");
}
