import { LineError, quote } from "../text/dialect.ts";

/** A sentence of NMEA 0183. */
export interface Sentence {
  /** Who says it: `GP`, `GN`, …; `P` for makers' own. */
  readonly talker: string;
  /** `GGA`; of makers' own all of it: `UBX`. */
  readonly type: string;
  /** Behind the type. */
  readonly fields: readonly string[];
}

/** At most 82 characters by the standard; receivers send longer ones. */
const MOST_CHARACTERS = 1024;

/**
 * The sentence in a line, whatever stands before its `$` (times of loggers, tag blocks). Undefined for lines that hold none: comments, AIS, other
 * messages. Throws a LineError for a wrong checksum; a missing one is right.
 */
export function readSentence(line: string): Sentence | undefined {
  const start = line.lastIndexOf("$");
  if (start < 0 || line.trimStart().startsWith("#")) return undefined;
  const text = line.slice(start + 1).trimEnd();
  if (text.length > MOST_CHARACTERS)
    throw new LineError(`at most ${MOST_CHARACTERS} characters`, `${text.length}`);
  const star = text.indexOf("*");
  const content = star < 0 ? text : text.slice(0, star);
  const [head = "", ...fields] = content.split(",");
  if (!/^(P[A-Z]{3}|[A-Z]{2}[A-Z]{3})[A-Z0-9]*$/.test(head))
    throw new LineError("a talker and a type, such as GPGGA", quote(head));
  if (star >= 0) checkSum(content, text.slice(star + 1));
  return head.startsWith("P")
    ? { talker: "P", type: head.slice(1), fields }
    : { talker: head.slice(0, 2), type: head.slice(2), fields };
}

/** The exclusive or of all characters between `$` and `*`. */
function checkSum(content: string, given: string): void {
  let sum = 0;
  for (let index = 0; index < content.length; index++) sum ^= content.charCodeAt(index);
  const expected = (sum & 0xff).toString(16).padStart(2, "0").toUpperCase();
  if (given.trim().toUpperCase() !== expected) throw new LineError(`checksum ${expected}`, quote(given));
}
