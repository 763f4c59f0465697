import type { Token } from "./tokens.ts";

/** A piece of a DBC file that is not what belongs there. */
export class DbcError extends Error {
  override readonly name = "DbcError";
  readonly line: number;

  constructor(expected: string, found: Token | undefined, line: number) {
    const shown = found === undefined ? "the end of the file" : JSON.stringify(found.value.slice(0, 40));
    super(`expected ${expected}, found ${shown}`);
    this.line = found?.line ?? line;
  }
}

/** Goes through the pieces of a DBC file. What is asked for and not there throws a DbcError. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #place = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get next(): Token | undefined {
    return this.#tokens[this.#place];
  }

  skip(): void {
    this.#place++;
  }

  word(expected: string): string {
    return this.#take(expected, (token) => token.kind === "word").value;
  }

  text(expected: string): string {
    return this.#take(expected, (token) => token.kind === "text").value;
  }

  number(expected: string): number {
    const value = Number(this.#take(expected, (token) => token.kind === "number").value);
    return value;
  }

  /** A whole number that is not negative. */
  whole(expected: string): number {
    const isWhole = (token: Token): boolean => token.kind === "number" && /^\d{1,15}$/.test(token.value);
    return Number(this.#take(expected, isWhole).value);
  }

  mark(value: string): void {
    this.#take(JSON.stringify(value), (token) => token.kind === "mark" && token.value === value);
  }

  hasMark(value: string): boolean {
    if (this.next?.kind !== "mark" || this.next.value !== value) return false;
    this.#place++;
    return true;
  }

  #take(expected: string, fits: (token: Token) => boolean): Token {
    const token = this.next;
    if (token === undefined || !fits(token))
      throw new DbcError(expected, token, this.#tokens.at(-1)?.line ?? 1);
    this.#place++;
    return token;
  }
}
