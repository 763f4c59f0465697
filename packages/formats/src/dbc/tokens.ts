/** A piece of a DBC file. */
export interface Token {
  readonly kind: "word" | "number" | "text" | "mark";
  /** Of a text, without its quotes. */
  readonly value: string;
  readonly line: number;
  /** Whether it is the first of its line. */
  readonly isFirst: boolean;
}

const PIECE =
  /(?<space>[ \t\r]+)|(?<line>\n)|\/\/[^\n]*|"(?<text>(?:[^"\\]|\\[\s\S]|"")*)"|(?<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![A-Za-z_]))|(?<word>[A-Za-z_][\w]*|\d\w*)|(?<mark>[\s\S])/y;

/** All pieces of a file. Never fails: what is no piece of the language is a mark. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let isFirst = true;
  PIECE.lastIndex = 0;
  for (let piece = PIECE.exec(text); piece !== null; piece = PIECE.exec(text)) {
    const groups = piece.groups ?? {};
    if (groups.line !== undefined) {
      line++;
      isFirst = true;
      continue;
    }
    const found = kindOf(groups);
    if (found === undefined) continue;
    tokens.push({ ...found, line, isFirst });
    isFirst = false;
    if (found.kind === "text") line += found.value.split("\n").length - 1;
  }
  return tokens;
}

function kindOf(
  groups: Readonly<Record<string, string | undefined>>,
): Pick<Token, "kind" | "value"> | undefined {
  for (const kind of ["word", "number", "text", "mark"] as const) {
    const value = groups[kind];
    if (value !== undefined) return { kind, value };
  }
  return undefined;
}
