import { type Cell, flatten, type IsInteger, RecordingError } from "@playhead/recording";
import { ColumnOrder } from "./column-order.ts";

export type ColumnType = "boolean" | "integer" | "number" | "text";

/** A column of a table. */
export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** Where rows come from. */
export interface ColumnGroup {
  /** What the names of its columns begin with. */
  readonly prefix: string;
  /** Of a field, by its name without the prefix. */
  readonly isInteger: IsInteger;
}

/** More make no table. */
const MOST_COLUMNS = 4096;
/** Lists up to this become a column for each element; longer ones are a text in one column. */
const MOST_ELEMENTS = 16;

/** A column that was found. */
interface FoundColumn {
  readonly name: string;
  readonly isInteger: boolean;
  type: ColumnType;
}

interface OrderedGroup extends ColumnGroup {
  /** Of columns and of lists, by their names. */
  readonly order: ColumnOrder;
}

/** Finds out which columns a table has, from all its rows, and then puts rows into them. */
export class Columns {
  readonly #found = new Map<string, FoundColumn>();
  /** The most elements of each list, by its name. */
  readonly #lists = new Map<string, number>();
  readonly #groups: readonly OrderedGroup[];
  readonly #where: string;
  #places = new Map<string, number>();
  #columns: readonly TableColumn[] = [];

  /** `where` names the recording, for errors. */
  constructor(groups: readonly ColumnGroup[], where: string) {
    this.#groups = groups.map(({ prefix, isInteger }) => ({ prefix, isInteger, order: new ColumnOrder() }));
    this.#where = where;
  }

  /** Takes note of a row of a group. Throws a RecordingError where there are too many columns. */
  see(group: number, fields: unknown): undefined {
    const { prefix, isInteger, order } = this.#group(group);
    order.begin();
    flatten(fields, prefix, {
      isSplit: (name, length) => {
        const most = Math.max(length, this.#lists.get(name) ?? 0);
        this.#lists.set(name, most);
        order.take(name);
        return most <= MOST_ELEMENTS;
      },
      cell: (name, cell) => {
        if (cell === undefined) return;
        const inMessage = (): string => (prefix === "" ? name : name.slice(prefix.length + 1));
        this.#note(name, cell, () => isInteger(inMessage()));
        order.take(name);
      },
    });
  }

  /** Columns group by group, each in the order in which its rows have them, those that come with every row before them. */
  settle(first: readonly TableColumn[]): readonly TableColumn[] {
    const longLists = Array.from(this.#lists).filter(([, length]) => length > MOST_ELEMENTS);
    const isElement = (name: string): boolean => longLists.some(([list]) => name.startsWith(`${list}[`));
    const names = new Set(this.#groups.flatMap(({ order }) => [...order]));
    const found = [...names].flatMap((name) => this.#found.get(name) ?? []);
    const columns = found.filter(({ name }) => !isElement(name));
    const taken = new Set(first.map(({ name }) => name));
    this.#places = new Map(columns.map(({ name }, place) => [name, first.length + place]));
    this.#columns = [
      ...first,
      ...columns.map(({ name, type }) => ({ name: taken.has(name) ? `message.${name}` : name, type })),
    ];
    return this.#columns;
  }

  /** A row's cells in the order of the columns. Behind `settle`. */
  cells(first: readonly Cell[], group: number, fields: unknown): Cell[] {
    const cells: Cell[] = new Array<Cell>(this.#columns.length).fill(undefined);
    for (const [place, cell] of first.entries()) cells[place] = cell;
    flatten(fields, this.#group(group).prefix, {
      isSplit: (name) => (this.#lists.get(name) ?? 0) <= MOST_ELEMENTS,
      cell: (name, cell) => {
        const place = this.#places.get(name);
        if (place !== undefined) cells[place] = fitted(cell, this.#columns[place]?.type);
      },
    });
    return cells;
  }

  #group(group: number): OrderedGroup {
    return this.#groups[group] as OrderedGroup;
  }

  #note(name: string, cell: NonNullable<Cell>, isInteger: () => boolean): void {
    const before = this.#found.get(name);
    if (before !== undefined) {
      const type = typeOf(cell, before.isInteger);
      if (before.type !== type) before.type = commonType(before.type, type);
      return;
    }
    if (this.#found.size >= MOST_COLUMNS) {
      const expected = `a table of at most ${MOST_COLUMNS} columns (choose topics with --topics)`;
      throw new RecordingError("unsupported", { expected, found: "more", where: this.#where });
    }
    const holdsIntegers = typeof cell === "number" && isInteger();
    this.#found.set(name, { name, isInteger: holdsIntegers, type: typeOf(cell, holdsIntegers) });
  }
}

function typeOf(cell: NonNullable<Cell>, isInteger: boolean): ColumnType {
  if (typeof cell === "boolean") return "boolean";
  if (typeof cell === "number") return isInteger && Number.isSafeInteger(cell) ? "integer" : "number";
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
