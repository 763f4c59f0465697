import type { ComponentModelError, ErrorCode } from "../errors.ts";
import { exceptions } from "./exceptions.ts";
import { invalid, malformed, type Reason, traps, unlinkable } from "./reasons.ts";

export type Refusal =
  | "assert_trap"
  | "assert_exhaustion"
  | "assert_invalid"
  | "assert_malformed"
  | "assert_unlinkable";

const rules: Readonly<Record<Refusal, { codes: readonly ErrorCode[]; reasons: readonly Reason[] }>> = {
  assert_trap: { codes: ["trap", "locked"], reasons: traps },
  assert_exhaustion: { codes: ["trap", "locked"], reasons: traps },
  assert_invalid: { codes: ["invalid"], reasons: invalid },
  assert_malformed: { codes: ["malformed"], reasons: malformed },
  assert_unlinkable: { codes: ["missing-import", "type-mismatch"], reasons: unlinkable },
};

/** Whether an error is the refusal that a script expects: its code, and its words or those of a row that says the same. */
export function isExpected(refusal: Refusal, expected: string, error: ComponentModelError): boolean {
  const { codes, reasons } = rules[refusal];
  if (!codes.includes(error.code)) return false;
  return (
    error.message.includes(expected) || reasons.some((reason) => matches(reason, expected, error.message))
  );
}

function matches([left, right]: Reason, expected: string, message: string): boolean {
  const groups = new RegExp(`^(?:${left})$`).exec(expected);
  if (groups === null) return false;
  const pattern = right.replace(/\$(\d)/g, (_, index: string) => escaped(groups[Number(index)] ?? ""));
  return new RegExp(pattern, "s").test(message);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Why this host rightly does something else than a script expects; `found` is undefined when it refuses nothing. */
export function explanation(expected: string, found: string | undefined): string | undefined {
  return exceptions.find(
    (exception) =>
      exception.expected.test(expected) &&
      (found === undefined ? exception.found === undefined : exception.found?.test(found)),
  )?.because;
}
