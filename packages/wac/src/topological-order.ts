/** The items in an order in which each comes after those that it needs, or some that need each other. */
export type Ordered<T> =
  | { readonly kind: "order"; readonly items: readonly T[] }
  /** Each needs the next; the first stands at the end again. */
  | { readonly kind: "cycle"; readonly cycle: readonly T[] };

/**
 * Orders items by edges that lead from what is needed to what needs it. Items that do not depend on each other keep their
 * order as far as that is possible: each comes as late as those that need it allow, seen from the end.
 */
export function topologicalOrder<T>(
  items: readonly T[],
  edges: readonly (readonly [needed: T, user: T])[],
): Ordered<T> {
  const users = new Map<T, T[]>(items.map((item) => [item, []]));
  for (const [needed, user] of edges) {
    users.get(needed)?.unshift(user);
  }
  const finished: T[] = [];
  const state = new Map<T, "open" | "done">();
  for (const item of [...items].reverse()) {
    const cycle = visit(item, users, state, finished);
    if (cycle !== undefined) {
      return { kind: "cycle", cycle: cycle.reverse() };
    }
  }
  return { kind: "order", items: finished.reverse() };
}

/** Depth first, without recursion; the last of the users is visited first. Returns a cycle where there is one. */
function visit<T>(
  start: T,
  users: ReadonlyMap<T, readonly T[]>,
  state: Map<T, "open" | "done">,
  finished: T[],
): T[] | undefined {
  if (state.has(start)) {
    return undefined;
  }
  const path: T[] = [];
  const waiting: T[] = [start];
  while (waiting.length > 0) {
    const item = waiting.at(-1) as T;
    if (!state.has(item)) {
      state.set(item, "open");
      path.push(item);
      for (const user of users.get(item) ?? []) {
        if (state.get(user) === "open") {
          return [...path.slice(path.indexOf(user)), user];
        }
        if (!state.has(user)) {
          waiting.push(user);
        }
      }
      continue;
    }
    waiting.pop();
    if (state.get(item) === "open") {
      state.set(item, "done");
      path.pop();
      finished.push(item);
    }
  }
  return undefined;
}
