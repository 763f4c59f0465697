import { decodeComponent } from "@playhead/component-model";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { componentFrom } from "./components.case.ts";
import type { Composition, GraphNode, InstantiationNode, Package } from "./graph.ts";
import { exportedInstances, order } from "./order.ts";

let from: Package;

beforeAll(async () => {
  const component = decodeComponent(await componentFrom("(component)"));
  from = { name: "test:empty", version: undefined, component, from: "test" };
});

/** A graph of instances by what each needs, with the instances' own names as export names unless told otherwise. */
function graph(
  needs: Readonly<Record<string, readonly string[]>>,
  exported: Readonly<Record<string, string>> = Object.fromEntries(
    Object.keys(needs).map((name) => [name, name]),
  ),
): Composition {
  const type = { kind: "instance", type: { exports: new Map() } } as const;
  const nodes = new Map<string, InstantiationNode & { arguments: Map<string, GraphNode> }>();
  for (const [id, path] of Object.keys(needs).entries()) {
    const base = { id, type, label: path, interfaceName: undefined, range: undefined };
    const none = { arguments: new Map(), given: [], brings: [] };
    nodes.set(path, { ...base, kind: "instantiation", path, package: from, ...none });
  }
  const at = (path: string): InstantiationNode & { arguments: Map<string, GraphNode> } => {
    const node = nodes.get(path);
    if (node === undefined) {
      throw new Error(`no node ${path}`);
    }
    return node;
  };
  for (const [path, providers] of Object.entries(needs)) {
    for (const provider of providers) {
      at(path).arguments.set(provider, at(provider));
    }
  }
  const instantiations = [...nodes.values()];
  const exports = new Map(Object.entries(exported).map(([name, path]) => [name, at(path)]));
  return {
    file: "x.wac",
    name: "a:b",
    version: undefined,
    nodes: instantiations,
    imports: [],
    instantiations,
    exports,
    text: undefined,
  };
}

const paths = (composition: Composition): readonly string[] => order(composition).map(({ path }) => path);

describe("the order of instances", () => {
  test("has providers before consumers", () => {
    expect(paths(graph({ a: ["c"], b: ["a"], c: [] }))).toEqual(["c", "a", "b"]);
  });

  test("goes by the bytes of the export names where it is free", () => {
    expect(paths(graph({ b: [], "a-2": [], a10: [], a: [] }))).toEqual(["a", "a-2", "a10", "b"]);
    // U+1F697 comes after U+FF5E in UTF-8, and before it in UTF-16.
    expect(paths(graph({ x: [], y: [] }, { "\u{1f697}": "x", "\uff5e": "y" }))).toEqual(["y", "x"]);
  });

  test("does not depend on instances of which nothing is exported, nor on their names", () => {
    const exported = { one: "one", two: "two" };
    for (const hidden of ["a", "z"]) {
      const composition = graph({ one: [hidden], two: [], [hidden]: [] }, exported);
      expect(paths(composition).filter((path) => path !== hidden)).toEqual(["one", "two"]);
    }
  });

  test("names a cycle", () => {
    const cyclic = graph({ start: ["a"], a: ["b"], b: ["c"], c: ["a"], free: [] });
    expect(() => order(cyclic)).toThrow("a cycle: `a` needs `b` needs `c` needs `a`");
    expect(() => order(graph({ a: ["a"] }))).toThrow("a cycle: `a` needs `a`");
  });

  test("of many instances takes no long", () => {
    const names = Array.from({ length: 5000 }, (_, index) => `n${index}`);
    const chain = graph(
      Object.fromEntries(names.map((name, index) => [name, index === 0 ? [] : [`n${index - 1}`]])),
    );
    expect(paths(chain)).toEqual(names);
    const free = graph(Object.fromEntries([...names].reverse().map((name) => [name, []])));
    expect(paths(free)).toEqual([...names].sort());
  });

  test("is the same however the nodes are listed", () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const edges = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 })), { maxLength: 10 });
    fc.assert(
      fc.property(edges, fc.shuffledSubarray(names, { minLength: 6 }), (pairs, shuffled) => {
        const needsOf = (name: string): readonly string[] =>
          pairs.flatMap(([from, to]) => (to < from && names[from] === name ? [names[to] ?? ""] : []));
        const straight = graph(Object.fromEntries(names.map((name) => [name, needsOf(name)])));
        const mixed = graph(Object.fromEntries(shuffled.map((name) => [name, needsOf(name)])));
        expect(paths(mixed)).toEqual(paths(straight));
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  test("orders the exported instances by provider, then by name", () => {
    const composition = graph({ late: ["early"], early: [] }, { z: "early", b: "late", a: "late" });
    expect(exportedInstances(composition).map(({ exportName, provider }) => [exportName, provider])).toEqual([
      ["z", "early"],
      ["a", "late"],
      ["b", "late"],
    ]);
  });
});
