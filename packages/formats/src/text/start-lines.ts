import type { Candidate } from "../format.ts";

/** The first lines of a file that is a text: whole ones, without empty ones. None for a file of other bytes. */
export function startLines({ isFolder, start, sizeBytes }: Candidate): string[] {
  if (isFolder || start.includes(0)) return [];
  const lines = Buffer.from(start).toString("latin1").split("\n");
  if (start.length < sizeBytes) lines.pop();
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}

/** Whether most of the first lines are of a format: a few may be damaged. `isBeside` tells lines that say nothing, such as comments. */
export function mostLinesAre(
  lines: readonly string[],
  isLine: (line: string) => boolean,
  isBeside: (line: string) => boolean = isComment,
): boolean {
  return shareOf(lines, isLine, isBeside) >= 0.5;
}

/** Which part of the first lines are of a format, 0 … 1. */
export function shareOf(
  lines: readonly string[],
  isLine: (line: string) => boolean,
  isBeside: (line: string) => boolean,
): number {
  const counted = lines.filter((line) => !isBeside(line)).slice(0, 50);
  return counted.length === 0 ? 0 : counted.filter(isLine).length / counted.length;
}

export function isComment(line: string): boolean {
  return line.startsWith("#");
}
