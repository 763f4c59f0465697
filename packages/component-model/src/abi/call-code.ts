/**
 * Generates what surrounds the values of a call: entering and leaving instances, borrow scopes, post-return.
 */
import type { FuncType, ValueType } from "../types.ts";
import { CallScope } from "./call-scope.ts";
import { layoutOf } from "./layout.ts";
import type { Side } from "./side.ts";
import type { Source } from "./source.ts";
import { containsBorrow } from "./type-predicates.ts";

/**
 * Statements that enter `count` component instances, or refuse to. The linkage has the instances as `entering` and a function
 * that throws as `refuse`.
 */
export function enterCode(source: Source, count: number): string {
  if (count === 0) return "";
  const refuse = source.bind("refuse", (link) => link.extra.refuse);
  const names = Array.from({ length: count }, (_, index) =>
    source.bind(`entered${index}`, (link) => (link.extra.entering as readonly unknown[])[index]),
  );
  const busy = names.map((name) => `!${name}.mayEnter`).join(" || ");
  return `if (${busy}) ${refuse}();\n${names.map((name) => `${name}.mayEnter = false;`).join("\n")}`;
}

/** Statements that leave the instances that `enterCode` entered. */
export function leaveCode(count: number): string {
  return Array.from({ length: count }, (_, index) => `entered${index}.mayEnter = true;`).join("\n");
}

/** Statements around the core call of a function that borrows; empty for others. */
export interface BorrowCode {
  readonly begin: string;
  /** Where the callee must have dropped what it borrowed. */
  readonly check: string;
  /** Where what was lent is given back. */
  readonly end: string;
}

/** `callee` is undefined when the host is called. */
export function borrowCode(source: Source, type: FuncType, callee: Side | undefined): BorrowCode {
  if (!type.params.some((param) => containsBorrow(param.type))) return { begin: "", check: "", end: "" };
  const check =
    callee === undefined
      ? ""
      : `if (calling.borrows !== 0) ${callee.fail}("borrow handles still remain at the end of the call");`;
  return {
    begin: `const calling = new ${source.constant("CallScope", CallScope)}(); scope = calling;`,
    check,
    end: "calling.end();",
  };
}

/** Statements that call the post-return function with the core result. */
export function postReturnCode(source: Source, callee: Side, result: ValueType | undefined): string {
  const post = source.bind("postReturn", (link) => callee.party(link).options.postReturn);
  const { state } = callee;
  return `${state}.mayLeave = false;
${post}(${result === undefined ? "" : "coreResult"});
${state}.mayLeave = ${state}.trapped === undefined;`;
}

/** Statements that make `name` the address that the core value `flat` is, and trap unless a value of `type` may lie there. */
export function addressCode(side: Side, name: string, flat: string, type: ValueType, what: string): string {
  const { size, align } = layoutOf(type);
  return `const ${name} = ${flat} >>> 0;\n${side.checkRange(name, String(size), align, what)}`;
}
