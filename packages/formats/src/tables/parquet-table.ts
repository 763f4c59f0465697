import type { Cell } from "@playhead/recording";
import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import type { ColumnType, TableColumn } from "./columns.ts";
import type { Append, TableFile } from "./table-file.ts";

/** A group of rows is written when it has so many cells, or so many characters of text. */
const GROUP_CELLS = 256 * 1024;
const GROUP_CHARACTERS = 16 * 1024 * 1024;
const MOST_GROUP_ROWS = 64 * 1024;

/** Apache Parquet, Snappy-compressed, written in groups of rows. */
export class ParquetTable implements TableFile {
  readonly #columns: readonly TableColumn[];
  readonly #append: Append;
  readonly #bytes = new ByteWriter();
  readonly #writer: ParquetWriter;
  readonly #groupRows: number;
  #cells: Cell[][];
  #rows = 0;
  #characters = 0;

  constructor(columns: readonly TableColumn[], append: Append) {
    this.#columns = columns;
    this.#append = append;
    const elements = columns.map(({ name, type }) => ({
      name,
      ...ELEMENTS[type],
      repetition_type: "OPTIONAL" as const,
    }));
    const schema: SchemaElement[] = [{ name: "root", num_children: columns.length }, ...elements];
    this.#writer = new ParquetWriter({ writer: this.#bytes, schema, createdBy: "playhead" });
    this.#groupRows = Math.max(1, Math.min(MOST_GROUP_ROWS, Math.floor(GROUP_CELLS / columns.length)));
    this.#cells = columns.map(() => []);
  }

  row(cells: readonly Cell[]): Promise<void> | undefined {
    for (const [place, column] of this.#cells.entries()) {
      const cell = cells[place];
      column.push(cell);
      if (typeof cell === "string") this.#characters += cell.length;
    }
    this.#rows++;
    const isFull = this.#rows >= this.#groupRows || this.#characters >= GROUP_CHARACTERS;
    return isFull ? this.#writeGroup() : undefined;
  }

  async close(): Promise<void> {
    if (this.#rows > 0) await this.#writeGroup();
    await this.#writer.finish();
    await this.#flush();
  }

  async #writeGroup(): Promise<void> {
    const columnData = this.#columns.map(({ name, type }, place): ColumnSource => {
      const data = (this.#cells[place] ?? []).map((cell) => parquetValue(cell, type));
      // In a dictionary of values 0 and −0 are one.
      const isPlain = type === "number" && data.some((value) => Object.is(value, -0));
      return { name, data, offsetIndex: false, ...(isPlain ? { encoding: "PLAIN" as const } : {}) };
    });
    await this.#writer.write({ columnData, rowGroupSize: this.#rows });
    this.#cells = this.#columns.map(() => []);
    this.#rows = 0;
    this.#characters = 0;
    await this.#flush();
  }

  async #flush(): Promise<void> {
    await this.#append(this.#bytes.getBytes().slice());
    this.#bytes.index = 0;
  }
}

const ELEMENTS: Readonly<Record<ColumnType, Pick<SchemaElement, "type" | "converted_type">>> = {
  boolean: { type: "BOOLEAN" },
  integer: { type: "INT64" },
  number: { type: "DOUBLE" },
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
};

/** Empty cells are null. */
function parquetValue(cell: Cell, type: ColumnType): Cell | null {
  if (cell === undefined) return null;
  if (type === "integer") return typeof cell === "number" ? BigInt(cell) : cell;
  return type === "text" ? String(cell) : cell;
}
