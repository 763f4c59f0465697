import type { DocComment } from "../ast.ts";
import { Problem } from "../errors.ts";
import type { Range } from "../source.ts";

/**
 * - `id`: an identifier, with its `%` if it has one. `keyword`: one of the words below.
 * - `string`: with its quotes. `version`: an `@` and what follows as far as it looks like a version.
 * - `symbol`: punctuation. `end`: the end of the text, an empty range.
 * - `invalid`: characters that are no token; an error only if the parser gets there.
 */
type TokenKind = "id" | "keyword" | "string" | "version" | "symbol" | "end" | "invalid";

export interface Token extends Range {
  readonly kind: TokenKind;
  readonly text: string;
  /** The documentation comments between the token before and this one. */
  readonly docs: readonly DocComment[];
  /** Why an `invalid` token is none. */
  readonly problem?: Problem;
  /** In WIT: what begins with it is there only for those who ask for an unstable feature. */
  readonly unstable?: true;
}

/** WIT is WAC without compositions: it has fewer keywords, and more about versions. */
export type Language = "wac" | "wit";

/** Words that are not identifiers unless written with `%`. Source: WAC's LANGUAGE.md and WIT.md. */
const WAC_KEYWORDS: ReadonlySet<string> = new Set(
  `import with type tuple list option result borrow resource variant record flags enum func static constructor
   u8 s8 u16 s16 u32 s32 u64 s64 f32 f64 char bool string interface world export new let use include as package targets`
    .trim()
    .split(/\s+/),
);

const WIT_KEYWORDS: ReadonlySet<string> = new Set(
  [...WAC_KEYWORDS].filter((word) => !["new", "let", "targets"].includes(word)),
);

const SYMBOLS = [
  "<->",
  "...",
  "->",
  ";",
  "{",
  "}",
  ":",
  "=",
  "(",
  ")",
  "<",
  ">",
  "_",
  "[",
  "]",
  ".",
  ",",
  "/",
  "@",
  "*",
];

const WORD = /%?[A-Za-z0-9_][A-Za-z0-9_-]*/y;
const ID = /^%?(?:[a-z][a-z0-9]*|[A-Z][A-Z0-9]*)(?:-(?:[a-z][a-z0-9]*|[A-Z][A-Z0-9]*))*$/;
const VERSION = /@[0-9]+(?:\.[0-9a-zA-Z\-+]+)*/y;
const MISLEADING =
  /(?![\n\r\t])[\p{Cc}\u202a-\u202e\u2066-\u2069\u0149\u0673\u0f77\u0f79\u17a3\u17a4\u17b4\u17b5]/u;
const NONE: readonly DocComment[] = [];

/**
 * Splits a text into tokens; the last one is `end`. Throws a `Problem` for characters that must not occur anywhere,
 * because they make a text look like another one than it is.
 */
export function tokenize(text: string, language: Language = "wac"): readonly Token[] {
  refuseMisleadingCharacters(text);
  const tokens = readTokens(text, language === "wac" ? WAC_KEYWORDS : WIT_KEYWORDS);
  return language === "wac" ? tokens : withoutGates(tokens);
}

function readTokens(text: string, keywords: ReadonlySet<string>): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let docs: DocComment[] = [];
  for (;;) {
    const gap = skipGap(text, at, docs);
    at = gap.end;
    const token = gap.problem ?? readToken(text, at, keywords);
    tokens.push(docs.length === 0 ? token : { ...token, docs });
    docs = [];
    if (token.kind === "end") {
      return tokens;
    }
    at = token.end;
  }
}

/**
 * Takes the gates of WIT out: `@since(version = 1.0.0)`, `@deprecated(…)`, `@unstable(feature = name)`. What follows has
 * their documentation. Source: WIT.md, "Feature Gates".
 */
function withoutGates(tokens: readonly Token[]): readonly Token[] {
  const kept: Token[] = [];
  let docs: readonly DocComment[] = [];
  let unstable = false;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    docs = [...docs, ...token.docs];
    if (token.text === "@" && token.kind === "symbol" && tokens[at + 2]?.text === "(") {
      unstable ||= tokens[at + 1]?.text === "unstable";
      while (at + 1 < tokens.length - 1 && tokens[at]?.text !== ")") {
        at++;
      }
      continue;
    }
    kept.push({ ...token, docs, ...(unstable ? { unstable } : {}) });
    docs = [];
    unstable = false;
  }
  return kept;
}

/** Whether a text is an identifier, keywords included. */
export function isIdentifier(text: string): boolean {
  return ID.test(text);
}

export function isKeyword(text: string): boolean {
  return WAC_KEYWORDS.has(text);
}

interface Gap {
  readonly end: number;
  /** A comment that does not end. */
  readonly problem?: Token;
}

/** Skips white space and comments; collects what the documentation comments say. */
function skipGap(text: string, start: number, docs: DocComment[]): Gap {
  let at = start;
  for (;;) {
    const character = text[at];
    if (character === " " || character === "\n" || character === "\r" || character === "\t") {
      at++;
    } else if (text.startsWith("//", at)) {
      const newline = text.indexOf("\n", at);
      const end = newline === -1 ? text.length : newline;
      if (text.startsWith("///", at)) {
        docs.push({ text: text.slice(at + 3, end).trim(), range: { start: at, end } });
      }
      at = end;
    } else if (text.startsWith("/*", at)) {
      const end = endOfBlockComment(text, at);
      if (end === undefined) {
        return { end: at, problem: unterminatedComment(text, at) };
      }
      if (text.startsWith("/**", at) && end - at > 4) {
        docs.push({ text: text.slice(at + 3, end - 2).trim(), range: { start: at, end } });
      }
      at = end;
    } else {
      return { end: at };
    }
  }
}

/** Block comments nest. Undefined where the comment does not end. */
function endOfBlockComment(text: string, start: number): number | undefined {
  const delimiter = /\/\*|\*\//g;
  delimiter.lastIndex = start;
  let depth = 0;
  for (let match = delimiter.exec(text); match !== null; match = delimiter.exec(text)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) {
      return delimiter.lastIndex;
    }
  }
  return undefined;
}

function unterminatedComment(text: string, start: number): Token {
  return invalid(text, start, text.length, {
    code: "unterminated-comment",
    message: "unterminated comment: `*/` is missing",
    range: { start, end: start + 2 },
    label: "the comment starts here",
    hints: ["block comments nest: each `/*` needs a `*/` of its own"],
  });
}

function readToken(text: string, start: number, keywords: ReadonlySet<string>): Token {
  if (start >= text.length) {
    return { kind: "end", text: "", start: text.length, end: text.length, docs: NONE };
  }
  if (text[start] === '"') {
    return readString(text, start);
  }
  const version = matchAt(VERSION, text, start);
  if (version !== undefined) {
    return token("version", version, start);
  }
  const symbol = SYMBOLS.find((each) => text.startsWith(each, start));
  if (symbol !== undefined && !(symbol === "_" && /[A-Za-z0-9_-]/.test(text[start + 1] ?? ""))) {
    return token("symbol", symbol, start);
  }
  return readWord(text, start, keywords);
}

function readString(text: string, start: number): Token {
  const close = text.indexOf('"', start + 1);
  if (close === -1) {
    return invalid(text, start, text.length, {
      code: "unterminated-string",
      message: 'unterminated string: the closing `"` is missing',
      range: { start, end: start + 1 },
      label: "the string starts here",
    });
  }
  return token("string", text.slice(start, close + 1), start);
}

function readWord(text: string, start: number, keywords: ReadonlySet<string>): Token {
  const match = matchAt(WORD, text, start);
  if (match === undefined) {
    const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
    const range = { start, end: start + character.length };
    return invalid(text, start, range.end, {
      code: "invalid-character",
      message: `unexpected character \`${character}\``,
      range,
      label: "no token starts like this",
    });
  }
  // The `-` of an arrow does not belong to the word before it: `a->b`.
  const word = text[start + match.length] === ">" ? match.replace(/-$/, "") : match;
  if (isIdentifier(word)) {
    return token(keywords.has(word) ? "keyword" : "id", word, start);
  }
  const range = { start, end: start + word.length };
  return invalid(text, start, range.end, {
    code: "invalid-name",
    message: `\`${word}\` is not a valid name`,
    range,
    label: "not in kebab case",
    expected: "a name in kebab case",
    found: `\`${word}\``,
    hints: kebabHint(word),
  });
}

function kebabHint(word: string): readonly string[] {
  const kebab = word
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/[_-]+/g, "-")
    .replace(/^[-0-9]+|-+$/g, "")
    .toLowerCase();
  return [
    isIdentifier(kebab)
      ? `names are in kebab case: \`${kebab}\``
      : "names are in kebab case: words of letters and digits that start with a letter, joined by `-`",
  ];
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function token(kind: TokenKind, text: string, start: number): Token {
  return { kind, text, start, end: start + text.length, docs: NONE };
}

function invalid(
  text: string,
  start: number,
  end: number,
  details: ConstructorParameters<typeof Problem>[0],
): Token {
  return {
    kind: "invalid",
    text: text.slice(start, end),
    start,
    end,
    docs: NONE,
    problem: new Problem(details),
  };
}

/**
 * Bidirectional overrides (CVE-2021-42574), characters that Unicode discourages, and control characters are refused
 * everywhere, in comments and strings too.
 */
function refuseMisleadingCharacters(text: string): void {
  const found = MISLEADING.exec(text);
  if (found === null) {
    return;
  }
  const code = `U+${found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  throw new Problem({
    code: "invalid-character",
    message: `the character ${code} is not allowed in WAC, not even in comments and strings`,
    range: { start: found.index, end: found.index + 1 },
    label: `${code} is here`,
  });
}
