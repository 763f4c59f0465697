/** An item with what it needs. */
export interface Waiting<T> {
  readonly item: T;
  /** Each once. */
  readonly needs: readonly T[];
}

/**
 * The items in an order in which each comes after those that it needs; of those that could come next, the one that stands
 * first in the list. Items of a cycle, and those that need them, are left out.
 */
export function readyOrder<T>(byRank: readonly Waiting<T>[]): readonly T[] {
  const queue = new ReadyQueue(byRank);
  const ordered: T[] = [];
  for (let next = queue.take(); next !== undefined; next = queue.take()) {
    ordered.push(next.item);
  }
  return ordered;
}

/** The items of which all that they need has been taken, least rank first. */
class ReadyQueue<T> {
  readonly #byRank: readonly Waiting<T>[];
  readonly #ranks: ReadonlyMap<T, number>;
  readonly #users = new Map<T, T[]>();
  readonly #missing = new Map<T, number>();
  /** Ranks, the least last. */
  readonly #ready: number[] = [];

  constructor(byRank: readonly Waiting<T>[]) {
    this.#byRank = byRank;
    this.#ranks = new Map(byRank.map(({ item }, index) => [item, index]));
    for (const { item, needs } of byRank) {
      this.#missing.set(item, needs.length);
      for (const needed of needs) {
        const users = this.#users.get(needed) ?? [];
        users.push(item);
        this.#users.set(needed, users);
      }
    }
    for (const { item } of byRank) {
      if (this.#missing.get(item) === 0) {
        this.#add(item);
      }
    }
  }

  take(): Waiting<T> | undefined {
    const rank = this.#ready.pop();
    const waiting = rank === undefined ? undefined : this.#byRank[rank];
    for (const user of (waiting && this.#users.get(waiting.item)) ?? []) {
      const missing = (this.#missing.get(user) ?? 0) - 1;
      this.#missing.set(user, missing);
      if (missing === 0) {
        this.#add(user);
      }
    }
    return waiting;
  }

  #add(item: T): void {
    const rank = this.#ranks.get(item) ?? 0;
    let low = 0;
    let high = this.#ready.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ready[middle] ?? 0) > rank) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    this.#ready.splice(low, 0, rank);
  }
}
