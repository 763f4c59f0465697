const LONGEST = 400;

// Control characters, line separators, and marks that turn the direction of writing.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Text from outside (components, recordings, files) as one line that a terminal shows and never obeys. */
export function printable(text: string, longest = LONGEST): string {
  const seen = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return seen.replace(UNSEEN, escaped);
}

/** The same for text that is meant to have lines. */
export function printableLines(text: string): string {
  return text
    .split("\n")
    .map((line) => printable(line))
    .join("\n");
}

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return (
    SHORT[character] ?? (code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`)
  );
}
