import { type Cell, flatten, RecordingError } from "@playhead/recording";

export type ColumnType = "boolean" | "integer" | "number" | "text";

/** A column of a table. */
export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** More make no table. */
const MOST_COLUMNS = 4096;
/** Lists up to this become a column for each element; longer ones are a text in one column. */
const MOST_ELEMENTS = 16;

/** Finds out which columns a table has, from all its rows, and then puts rows into them. */
export class Columns {
  readonly #types = new Map<string, ColumnType>();
  /** The most elements of each list, by its name. */
  readonly #lists = new Map<string, number>();
  readonly #where: string;
  #places = new Map<string, number>();
  #columns: readonly TableColumn[] = [];

  /** `where` names the recording, for errors. */
  constructor(where: string) {
    this.#where = where;
  }

  /** Takes note of a row. Throws a RecordingError where there are too many columns. */
  see(fields: unknown, prefix: string): undefined {
    flatten(fields, prefix, {
      isSplit: (name, length) => {
        const most = Math.max(length, this.#lists.get(name) ?? 0);
        this.#lists.set(name, most);
        return most <= MOST_ELEMENTS;
      },
      cell: (name, cell) => this.#note(name, cell),
    });
  }

  /** Columns in the order in which they were seen first, those that come with every row before them. */
  settle(first: readonly TableColumn[]): readonly TableColumn[] {
    const longLists = Array.from(this.#lists).filter(([, length]) => length > MOST_ELEMENTS);
    const isElement = (name: string): boolean => longLists.some(([list]) => name.startsWith(`${list}[`));
    const found = Array.from(this.#types, ([name, type]) => ({ name, type }));
    this.#columns = [...first, ...found.filter(({ name }) => !isElement(name))];
    this.#places = new Map(this.#columns.map(({ name }, place) => [name, place]));
    return this.#columns;
  }

  /** A row's cells in the order of the columns. Behind `settle`. */
  cells(first: readonly Cell[], fields: unknown, prefix: string): Cell[] {
    const cells: Cell[] = new Array<Cell>(this.#columns.length).fill(undefined);
    for (const [place, cell] of first.entries()) cells[place] = cell;
    flatten(fields, prefix, {
      isSplit: (name) => (this.#lists.get(name) ?? 0) <= MOST_ELEMENTS,
      cell: (name, cell) => {
        const place = this.#places.get(name);
        if (place !== undefined) cells[place] = fitted(cell, this.#columns[place]?.type);
      },
    });
    return cells;
  }

  #note(name: string, cell: Cell): void {
    if (cell === undefined) return;
    const type = typeOf(cell);
    const before = this.#types.get(name);
    if (before === undefined && this.#types.size >= MOST_COLUMNS) {
      const expected = `a table of at most ${MOST_COLUMNS} columns (choose topics with --topics)`;
      throw new RecordingError("unsupported", { expected, found: "more", where: this.#where });
    }
    if (before !== type) this.#types.set(name, before === undefined ? type : commonType(before, type));
  }
}

function typeOf(cell: NonNullable<Cell>): ColumnType {
  if (typeof cell === "boolean") return "boolean";
  if (typeof cell === "number") return "number";
  if (typeof cell === "bigint") return BigInt.asIntN(64, cell) === cell ? "integer" : "text";
  return "text";
}

function commonType(a: ColumnType, b: ColumnType): ColumnType {
  const areNumbers = [a, b].every((type) => type === "number" || type === "integer");
  return areNumbers ? "number" : "text";
}

function fitted(cell: Cell, type: ColumnType | undefined): Cell {
  if (cell === undefined || type === undefined) return undefined;
  if (type === "text") return String(cell);
  return type === "number" ? Number(cell) : cell;
}
