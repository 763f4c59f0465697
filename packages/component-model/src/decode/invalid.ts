import { ComponentModelError } from "../errors.ts";

/** The error for well-formed bytes that break a validation rule. */
export function invalid(message: string, offset: number): ComponentModelError {
  return new ComponentModelError("invalid", `${message} (byte ${offset})`, { offset });
}

/** `a func`, `an instance`. */
export function withArticle(word: string): string {
  return `${/^[aeiou]/.test(word) ? "an" : "a"} ${word}`;
}
