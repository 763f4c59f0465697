import { printable } from "./printable.ts";

type Cell = string | number;

const SHOWN_ROWS = 200;

/** Rows as text in columns; numbers to the right. The first row is the heading; of many rows the first are shown. */
export function table(rows: readonly (readonly Cell[])[], indent = "  "): string {
  const shown = rows.slice(0, 1 + SHOWN_ROWS).map((row) => row.map(cellText));
  const columns = shown.reduce((most, row) => Math.max(most, row.length), 0);
  const widths = Array.from({ length: columns }, (_, at) =>
    shown.reduce((widest, row) => Math.max(widest, (row[at] ?? "").length), 0),
  );
  const lines = shown.map((row, index) =>
    widths
      .map((width, at) => {
        const right = typeof rows[Math.max(index, 1)]?.[at] === "number";
        return right ? (row[at] ?? "").padStart(width) : (row[at] ?? "").padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
  const more = rows.length - shown.length;
  if (more > 0) lines.push(`… and ${more} more`);
  return lines.map((line) => `${indent}${line}\n`).join("");
}

function cellText(cell: Cell): string {
  return typeof cell === "number" ? String(cell) : printable(cell);
}
