import { Problem } from "../errors.ts";
import { type Range, spanning } from "../source.ts";
import { type Language, type Token, tokenize } from "./lexer.ts";

/** How deep expressions and types may nest. Whatever walks the tree may rely on it. */
const DEPTH_LIMIT = 100;

/** How many alternatives a message lists. */
const EXPECTED_LIMIT = 6;

/** The place in the tokens where the parser is. The parse functions beside this file move it forward. */
export class Cursor {
  readonly language: Language;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string, language: Language = "wac") {
    this.language = language;
    this.#text = text;
    this.#tokens = tokenize(text, language);
  }

  /** All tokens of the text. */
  get tokens(): readonly Token[] {
    return this.#tokens;
  }

  /** The token that comes next, or one further on. */
  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)];
    if (token === undefined) {
      throw new Error("Invariant: the tokens end with `end`");
    }
    return token;
  }

  /** The token before the next one: the last that was taken. */
  get last(): Token {
    return this.#tokens[this.#at - 1] ?? this.peek();
  }

  take(): Token {
    const token = this.peek();
    if (token.problem !== undefined) {
      throw token.problem;
    }
    this.#at = Math.min(this.#at + 1, this.#tokens.length - 1);
    return token;
  }

  /** Whether the next token is this symbol or keyword. */
  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (token.kind === "symbol" || token.kind === "keyword") && token.text === text;
  }

  /** Whether the next two tokens touch: nothing, not even white space, lies between them. */
  touches(ahead = 0): boolean {
    return this.peek(ahead).end === this.peek(ahead + 1).start && this.peek(ahead + 1).kind !== "end";
  }

  /** Takes the next token if it is this symbol or keyword. */
  accept(text: string): Token | undefined {
    return this.is(text) ? this.take() : undefined;
  }

  expect(text: string): Token {
    return this.accept(text) ?? this.fail(`\`${text}\``);
  }

  /** Runs a step one level deeper, within the limit. */
  nested<T>(step: () => T): T {
    if (this.#depth >= DEPTH_LIMIT) {
      const token = this.peek();
      throw new Problem({
        code: "too-deep",
        message: `nested deeper than ${DEPTH_LIMIT} levels`,
        range: token,
        label: "too deep",
      });
    }
    this.#depth++;
    try {
      return step();
    } finally {
      this.#depth--;
    }
  }

  /** From the start of one token to the end of the last one taken. */
  since(start: Range): Range {
    return spanning({ start: start.start, end: start.end }, this.last);
  }

  /**
   * Takes items up to `close`, and `close` itself. With commas, the last one may be left out. Items that belong to an
   * unstable feature are read and dropped.
   */
  list<T>(close: string, commas: boolean, itemsAre: string, item: () => T): readonly T[] {
    const items: T[] = [];
    while (!this.is(close)) {
      if (this.peek().kind === "end") {
        this.fail(itemsAre, `\`${close}\``);
      }
      const { unstable } = this.peek();
      const parsed = item();
      if (!unstable) {
        items.push(parsed);
      }
      if (commas && !this.accept(",") && !this.is(close)) {
        this.fail("`,`", `\`${close}\``);
      }
    }
    this.take();
    return items;
  }

  /** Ends with an error that says what could stand here instead of the next token. */
  fail(...expected: readonly string[]): never {
    const token = this.peek();
    if (token.problem !== undefined) {
      throw token.problem;
    }
    const found = describe(token);
    const listed = listAlternatives(expected);
    throw new Problem({
      code: "syntax",
      message: `expected ${listed}, found ${found}`,
      // The end of the text has no character of its own to mark: the last one before it is marked.
      range: token.kind === "end" ? lastCharacter(this.last) : token,
      label: `expected ${listed}`,
      expected: listed,
      found,
      hints: this.#hintsFor(token, expected),
    });
  }

  /** How many tokens were taken. */
  get position(): number {
    return this.#at;
  }

  /**
   * Goes on after an error in the statement that began at a position: skips to the next statement that starts a line
   * without indentation, or to the end.
   */
  skipToStatement(began: number): void {
    this.#depth = 0;
    while (this.peek().kind !== "end" && (this.#at === began || !this.#startsStatement())) {
      this.#at++;
    }
  }

  #startsStatement(): boolean {
    const { kind, text, start } = this.peek();
    return kind === "keyword" && STATEMENT_STARTS.has(text) && (this.#text[start - 1] ?? "\n") === "\n";
  }

  #hintsFor(token: Token, expected: readonly string[]): readonly string[] {
    if (token.kind === "keyword" && expected.includes("a name")) {
      return [`\`${token.text}\` is a keyword; to use it as a name, write \`%${token.text}\``];
    }
    return [];
  }
}

const STATEMENT_STARTS = new Set(
  "import let export interface world variant record flags enum type".split(" "),
);

function lastCharacter(token: Token): Range {
  return { start: Math.max(0, token.end - 1), end: token.end };
}

function describe(token: Token): string {
  switch (token.kind) {
    case "end":
      return "the end of the text";
    case "keyword":
      return `keyword \`${token.text}\``;
    case "string":
      return `string ${token.text.length > 60 ? `${token.text.slice(0, 60)}…` : token.text}`;
    case "id":
      return `name \`${token.text}\``;
    default:
      return `\`${token.text}\``;
  }
}

function listAlternatives(all: readonly string[]): string {
  const shown = all.length > EXPECTED_LIMIT ? all.slice(0, EXPECTED_LIMIT) : all;
  if (shown.length < all.length) {
    return `${shown.join(", ")} or others`;
  }
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} or ${last}`;
}
