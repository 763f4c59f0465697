import { Problem } from "../errors.ts";
import type { Cursor } from "./cursor.ts";
import { isIdentifier, isKeyword, type Token } from "./lexer.ts";

/** How many components of a sketch the example repeats. */
const EXAMPLE_LIMIT = 6;

/** A pair of a sketch: `provider <-> consumer`. */
interface Pair {
  readonly provider: string;
  readonly consumer: string;
}

/**
 * Early sketches wrote compositions as `compose { a <-> b }`. Where a text that does not parse is of that form, this is
 * the error that shows how WAC says the same; otherwise undefined.
 */
export function sketchProblem(cursor: Cursor): Problem | undefined {
  const { tokens } = cursor;
  const compose = tokens.find(
    (token, index) =>
      token.text === "compose" &&
      (tokens[index + 1]?.text === "{" ||
        (tokens[index + 1]?.kind === "id" && tokens[index + 2]?.text === "{")),
  );
  const arrow = tokens.find((token) => token.text === "<->");
  const marked = compose ?? arrow;
  if (marked === undefined) {
    return undefined;
  }
  return new Problem({
    code: "sketch-syntax",
    message: `${compose ? "`compose { … <-> … }`" : "`<->`"} is not WAC`,
    range: { start: marked.start, end: marked.end },
    label: "form of an early sketch",
    expected: "`let` and `export` statements",
    found: `\`${marked.text}\``,
    notes: [
      "WAC instantiates components with `new` and passes what one exports to the next as arguments",
      "`...a` passes the exports of `a` that fit; `...` alone imports what is left from the host",
    ],
    hints: [`in WAC this is, with the names of your packages:\n\n${indent(exampleFor(pairsOf(tokens)))}`],
  });
}

function pairsOf(tokens: readonly Token[]): readonly Pair[] {
  const pairs: Pair[] = [];
  tokens.forEach((token, index) => {
    const provider = nameOf(tokens, index - 1);
    const consumer = nameOf(tokens, index + 1);
    if (token.text === "<->" && provider !== undefined && consumer !== undefined) {
      pairs.push({ provider, consumer });
    }
  });
  return pairs.length > 0
    ? pairs.slice(0, EXAMPLE_LIMIT)
    : [{ provider: "video-decoder", consumer: "object-detection" }];
}

/** The component that a side of the arrow speaks of; of `a.b`, `a`. */
function nameOf(tokens: readonly Token[], index: number): string | undefined {
  const before = tokens[index - 1];
  const token = before?.text === "." ? tokens[index - 2] : tokens[index];
  const name = token?.text
    .replace(/^["%]+|"+$/g, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/_/g, "-")
    .toLowerCase();
  return name !== undefined && isIdentifier(name) && !isKeyword(name) ? name : undefined;
}

function exampleFor(pairs: readonly Pair[]): string {
  const names = [...new Set(pairs.flatMap(({ provider, consumer }) => [provider, consumer]))];
  const lines = names.map((name) => {
    const spreads = pairs
      .filter((pair) => pair.consumer === name && names.indexOf(pair.provider) < names.indexOf(name))
      .map((pair) => `...${pair.provider}, `);
    return `let ${name} = new example:${name} { ${[...new Set(spreads)].join("")}... };`;
  });
  return ["package example:composition;", "", ...lines, "", `export ${names.at(-1)}...;`].join("\n");
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "    ");
}
