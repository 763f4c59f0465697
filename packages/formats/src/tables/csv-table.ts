import type { Cell } from "@playhead/recording";
import type { TableColumn } from "./columns.ts";
import type { Append, TableFile } from "./table-file.ts";

const BLOCK_CHARACTERS = 256 * 1024;

/**
 * CSV (RFC 4180) in UTF-8, with the names of the columns in the first line. Numbers are written so that they read back the same; what is not known is empty, an empty text
 * is a pair of quotes.
 */
export class CsvTable implements TableFile {
  readonly #append: Append;
  #text: string;

  constructor(columns: readonly TableColumn[], append: Append) {
    this.#append = append;
    this.#text = lineOf(columns.map(({ name }) => name));
  }

  row(cells: readonly Cell[]): Promise<void> | undefined {
    this.#text += lineOf(cells);
    return this.#text.length >= BLOCK_CHARACTERS ? this.close() : undefined;
  }

  async close(): Promise<void> {
    const text = this.#text;
    this.#text = "";
    if (text !== "") await this.#append(new TextEncoder().encode(text));
  }
}

function lineOf(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(",")}\r\n`;
}

function cellText(cell: Cell): string {
  if (cell === undefined) return "";
  if (cell === "") return '""';
  const text = Object.is(cell, -0) ? "-0" : String(cell);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
