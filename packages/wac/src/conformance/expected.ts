/** What wac's own tests expect of a case that fails, read from the text that its tool prints. */
export interface ExpectedError {
  /** From the error itself to its innermost cause. */
  readonly messages: readonly string[];
  /** Line and column, both from 1; undefined where the tool names no place. */
  readonly place: string | undefined;
}

/** Reads a `.wac.result` file: the report of the miette library. */
export function readReport(report: string): ExpectedError {
  const lines = report.split("\n");
  const messages: string[] = [];
  for (const line of lines) {
    const [, start] = /^ {2}(?:×|├─▶|╰─▶) (.*)$/.exec(line) ?? [];
    const [, rest] = /^ {2}│ (.*)$/.exec(line) ?? [];
    if (start !== undefined) {
      messages.push(start);
    } else if (rest !== undefined && messages.length > 0) {
      messages.push(`${messages.pop()} ${rest}`);
    }
    if (/^ *╭─\[/.test(line)) {
      break;
    }
  }
  return { messages, place: /╭─\[[^\]]*:(\d+:\d+)\]/.exec(report)?.[1] };
}

/** Reads an `error.txt` of the graph tests: an error of Rust's anyhow library with its causes. */
export function readCauses(text: string): ExpectedError {
  const messages = text
    .split("\n")
    .map((line) => line.replace(/^\s*(?:\d+: )?/, "").trimEnd())
    .filter((line) => line !== "" && line !== "Caused by:");
  return { messages, place: undefined };
}
