import type { ComponentModelError, ErrorCode } from "../errors.ts";

type Assertion = "assert_trap" | "assert_invalid" | "assert_malformed" | "assert_unlinkable";

/** Codes that each assertion may end with. */
const codes: Readonly<Record<Assertion, readonly ErrorCode[]>> = {
  assert_trap: ["trap"],
  assert_invalid: ["invalid"],
  assert_malformed: ["malformed"],
  assert_unlinkable: ["missing-import", "type-mismatch"],
};

/** Whether an error is the refusal that a script expects, for the reason that it gives. */
export function fits(assertion: Assertion, reason: string, error: ComponentModelError): boolean {
  if (!codes[assertion].includes(error.code)) return false;
  return error.message.includes(reason);
}
