import type { DatabaseError } from "./database-error.ts";
import { Pages } from "./pages.ts";
import { RowReader, type Value } from "./row.ts";
import { type Cell, Table } from "./table.ts";

/** Schemas come from files: a bag has four tables. */
const MOST_TABLES = 1_000;
const MOST_LISTED_ROWS = 100_000;

/** A table whose columns are asked for by name. */
export interface NamedTable {
  readonly table: Table;
  /** In the order of the records. */
  readonly columns: readonly string[];
  /** The column that stands for the row's id and is empty in the record; −1 where there is none. */
  readonly idColumn: number;
}

/**
 * An SQLite database, read straight from its file: nothing is written beside it or locked, so it may lie on a medium that cannot be written, and
 * what is damaged costs the rows of its page only. Memory follows the page, not the file.
 */
export class Database {
  readonly pages: Pages;
  readonly #rows: RowReader;
  readonly #tables = new Map<string, NamedTable>();

  private constructor(pages: Pages) {
    this.pages = pages;
    this.#rows = new RowReader(pages.textEncoding);
  }

  /** Throws a DatabaseError where the database has no schema that can be read. */
  static async open(path: string, onDamage: (error: DatabaseError) => void): Promise<Database> {
    const pages = await Pages.open(path);
    try {
      const database = new Database(pages);
      await database.#readSchema(onDamage);
      return database;
    } catch (error) {
      await pages.close();
      throw error;
    }
  }

  table(name: string): NamedTable | undefined {
    return this.#tables.get(name);
  }

  /** All rows of a small table, with the wanted columns; null for columns that it lacks. */
  async list(
    name: string,
    wanted: readonly string[],
    onDamage: (error: DatabaseError) => void,
  ): Promise<Value[][]> {
    const named = this.table(name);
    if (named === undefined) return [];
    const rows: Value[][] = [];
    for await (const page of named.table.leaves(onDamage)) {
      for (const cell of await named.table.cells(page)) {
        if (rows.length === MOST_LISTED_ROWS) return rows;
        rows.push(this.columns(named, cell, await named.table.record(cell), wanted));
      }
    }
    return rows;
  }

  /** The wanted columns of a row whose record, or the start of it that has them, is given. Throws a DatabaseError. */
  columns(
    { columns, idColumn }: NamedTable,
    cell: Cell,
    record: Uint8Array,
    wanted: readonly string[],
  ): Value[] {
    const numbers = wanted.map((name) => columns.indexOf(name));
    const values = this.#rows.read(record, numbers, cell.offset);
    return values.map((value, index) =>
      numbers[index] === idColumn && value === null && idColumn >= 0 ? cell.rowId : value,
    );
  }

  async close(): Promise<void> {
    await this.pages.close();
  }

  /** The first page is the table of tables: type, name, table's name, root page, SQL. */
  async #readSchema(onDamage: (error: DatabaseError) => void): Promise<void> {
    const schema: NamedTable = {
      table: new Table(this.pages, 1),
      columns: ["type", "name", "tbl_name", "rootpage", "sql"],
      idColumn: -1,
    };
    this.#tables.set("sqlite_schema", schema);
    const rows = await this.list("sqlite_schema", ["type", "name", "rootpage", "sql"], onDamage);
    for (const [type, name, rootPage, sql] of rows.slice(0, MOST_TABLES)) {
      if (type !== "table" || typeof name !== "string" || typeof rootPage !== "bigint") continue;
      if (typeof sql !== "string") continue;
      const declared = columnsOf(sql);
      this.#tables.set(name, {
        table: new Table(this.pages, Number(rootPage)),
        columns: declared.map((column) => (/^["'`[]?([^\s"'`\]]+)/.exec(column)?.[1] ?? "").toLowerCase()),
        idColumn: declared.findIndex((column) => /^\S+\s+integer\s+primary\s+key/i.test(column)),
      });
    }
  }
}

/** The declarations of columns in a `CREATE TABLE`, split where a comma stands outside of brackets. */
function columnsOf(sql: string): string[] {
  const body = sql.slice(sql.indexOf("(") + 1, sql.lastIndexOf(")"));
  const columns: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index <= body.length; index++) {
    const character = body[index];
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (character !== undefined && (character !== "," || depth > 0)) continue;
    columns.push(body.slice(start, index).trim());
    start = index + 1;
  }
  return columns.filter((column) => !/^(primary|unique|check|foreign|constraint)\b/i.test(column));
}
