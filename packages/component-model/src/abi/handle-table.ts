/**
 * The table of handles of one component instance (CanonicalABI.md, "Table State" and "Resource State").
 */
import type { CallScope, Lender } from "./call-scope.ts";
import { MAX_HANDLE_INDEX } from "./limits.ts";
import type { Representation, RuntimeResource } from "./resources.ts";

export interface Handle extends Lender {
  readonly resource: RuntimeResource;
  readonly rep: Representation;
  /** The call that a borrowed handle must be dropped before the end of; undefined for an owned handle. */
  readonly scope: CallScope | undefined;
}

/** Indices start at 1; freed ones are used again, the last freed first. */
export class HandleTable {
  readonly entries: (Handle | undefined)[] = [undefined];
  readonly free: number[] = [];
  /** The largest index that may be given out. */
  readonly limit: number;

  constructor(limit: number = MAX_HANDLE_INDEX) {
    this.limit = limit;
  }

  get(index: number): Handle | undefined {
    return this.entries[index];
  }

  /** The index of the new handle, or 0 when the table is full. */
  add(handle: Handle): number {
    const index = this.free.pop() ?? this.entries.length;
    if (index > this.limit) return 0;
    this.entries[index] = handle;
    return index;
  }

  remove(index: number): void {
    this.entries[index] = undefined;
    this.free.push(index);
  }

  /** How many handles are live. */
  get size(): number {
    return this.entries.length - 1 - this.free.length;
  }
}
