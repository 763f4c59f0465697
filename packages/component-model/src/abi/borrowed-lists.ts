/**
 * How lists of numbers in arguments reach a function of the host:
 * - `copied`: as arrays of its own;
 * - `borrowed`: as views of the guest's memory, which hold until the function returns;
 * - `poisoned`: as copies that are emptied when it returns, so that a test finds out who keeps a borrowed view.
 */
export type ListTransfer = "copied" | "borrowed" | "poisoned";

type NumericList = { readonly buffer: ArrayBufferLike };

/** Notes a list that is to be emptied. */
export function lend<T extends NumericList>(lent: NumericList[], list: T): T {
  lent.push(list);
  return list;
}

/** Empties the lists as a memory that grows empties its views: their length is 0 from now on. */
export function poison(lent: NumericList[]): void {
  for (const { buffer } of lent.splice(0)) structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
}
