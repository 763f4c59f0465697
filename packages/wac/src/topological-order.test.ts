import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { topologicalOrder } from "./topological-order.ts";

describe("an order after needs", () => {
  test("keeps the given order where that is possible", () => {
    expect(topologicalOrder(["a", "b", "c"], [["a", "c"]])).toEqual({
      kind: "order",
      items: ["a", "b", "c"],
    });
    expect(topologicalOrder(["a", "b", "c"], [["c", "a"]])).toEqual({
      kind: "order",
      items: ["b", "c", "a"],
    });
  });

  test("names a cycle: each needs the next", () => {
    const edges = [
      ["b", "a"],
      ["c", "b"],
      ["a", "c"],
      ["a", "x"],
    ] as const;
    const ordered = topologicalOrder(["x", "a", "b", "c"], edges);
    if (ordered.kind !== "cycle") {
      throw new Error("expected a cycle");
    }
    const { cycle } = ordered;
    expect(cycle).toHaveLength(4);
    expect(cycle.at(0)).toBe(cycle.at(-1));
    for (const [index, item] of cycle.slice(0, -1).entries()) {
      expect(edges).toContainEqual([cycle[index + 1], item]);
    }
  });

  test("has every item once, after what it needs, or names a true cycle", () => {
    const graph = fc.array(fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 7 })), { maxLength: 14 });
    fc.assert(
      fc.property(graph, (edges) => {
        const items = [0, 1, 2, 3, 4, 5, 6, 7];
        const ordered = topologicalOrder(items, edges);
        if (ordered.kind === "order") {
          expect([...ordered.items].sort()).toEqual(items);
          for (const [needed, user] of edges) {
            expect(ordered.items.indexOf(needed)).toBeLessThan(ordered.items.indexOf(user));
          }
        } else {
          for (const [index, item] of ordered.cycle.slice(0, -1).entries()) {
            expect(edges).toContainEqual([ordered.cycle[index + 1], item]);
          }
        }
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});
