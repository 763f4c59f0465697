/** A part of a database is not what SQLite's file format says; `offset` counts from the start of the file. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly offset: number;

  constructor(expected: string, found: string, offset: number) {
    super(`byte ${offset}: expected ${expected}, found ${found}`);
    this.offset = offset;
  }
}
