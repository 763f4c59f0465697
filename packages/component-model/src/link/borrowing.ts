import type { ListTransfer } from "../abi/borrowed-lists.ts";
import { type Caller, callerTarget, withCaller } from "./caller.ts";

const borrower = Symbol("borrows lists of numbers");

// biome-ignore lint/complexity/noBannedTypes: any function may be given to a component
type AnyFunction = Function;

export interface BorrowingOptions {
  /**
   * For tests: the lists are copies that are emptied (length 0) when the function returns, so that one that is kept is found out.
   * False by default.
   */
  readonly poison?: boolean;
}

/**
 * Marks a host function, or a method of a host class, that only looks at the lists of numbers in its arguments while it runs: they
 * are views of the guest's memory instead of copies. They must not be written to, returned, or kept; a call into the guest may
 * empty them. A list of floats that holds NaNs is a copy with canonical ones all the same.
 *
 * The result is for use as an import; it can be combined with `withCaller`, in either order.
 */
export function borrowing<F extends (...args: never[]) => unknown>(fn: F, options?: BorrowingOptions): F;
export function borrowing(fn: AnyFunction, { poison = false }: BorrowingOptions = {}): AnyFunction {
  const target = callerTarget(fn);
  if (target !== undefined) return withCaller(mark(target, poison) as CallerFunction);
  return mark(fn, poison);
}

type CallerFunction = (caller: Caller, ...args: unknown[]) => unknown;

/** The original stays as it is: the same function may be given elsewhere for copies. */
function mark(fn: AnyFunction, poison: boolean): AnyFunction {
  const marked = function (this: unknown, ...args: unknown[]): unknown {
    return fn.apply(this, args);
  };
  const value: Borrower = { fn, lists: poison ? "poisoned" : "borrowed" };
  Object.defineProperty(marked, borrower, { value });
  return marked;
}

interface Borrower {
  readonly fn: AnyFunction;
  readonly lists: ListTransfer;
}

/** The function that was marked by `borrowing`, and how lists of numbers reach it; those of others are copied. */
export function borrowerOf(fn: AnyFunction): Borrower {
  return (fn as { [borrower]?: Borrower })[borrower] ?? { fn, lists: "copied" };
}
