/** Rows as text in columns; numbers to the right. The first row is the heading. */
export function table(rows: readonly (readonly (string | number)[])[], indent = "  "): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...rows.map((row) => String(row[at] ?? "").length)),
  );
  return rows
    .map((row, index) =>
      widths
        .map((width, at) => {
          const cell = row[at] ?? "";
          const right = typeof cell === "number" || (index === 0 && typeof rows[1]?.[at] === "number");
          return right ? String(cell).padStart(width) : String(cell).padEnd(width);
        })
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${indent}${line}\n`)
    .join("");
}
