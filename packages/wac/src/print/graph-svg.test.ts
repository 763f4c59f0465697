import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layOut } from "./graph-layout.ts";
import { graphSvg, type PicturedGraph } from "./graph-svg.ts";

const wire = (provider: string, consumer: string, importName: string): PicturedGraph["wires"][number] => ({
  provider,
  consumer,
  importName,
});

describe("a picture of instances", () => {
  const graph: PicturedGraph = {
    instances: ["a", "b", "c & d"],
    wires: [
      wire("a", "b", "x:y/frames@0.1.0"),
      wire("a", "b", "plain"),
      wire("a", "b", "x:y/more"),
      wire("b", "c & d", "x:y/<last>"),
      wire("a", "c & d", "far"),
      wire("elsewhere", "b", "none"),
    ],
    imports: new Map([["a", ["h:i/log@0.1.0", "clock"]]]),
    exports: new Map([["c & d", ["out"]]]),
  };

  test("has the names of instances, wires, imports and exports, and nothing that is not text", () => {
    const svg = graphSvg(graph, 'my "graph"');
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);
    expect(texts.sort()).toEqual(
      [
        "a",
        "b",
        "c &amp; d",
        "exports out",
        "far",
        "frames, plain and 1 more",
        "host: log, clock",
        "&lt;last&gt;",
      ].sort(),
    );
    expect(svg).toContain("<title>my &quot;graph&quot;</title>");
    expect(svg.match(/<path /g)).toHaveLength(3);
    expect(graphSvg(graph, 'my "graph"')).toBe(svg);
  });

  test("of nothing is empty", () => {
    const nothing = { instances: [], wires: [], imports: new Map(), exports: new Map() };
    expect(graphSvg(nothing, "")).toMatch(/^<svg [^>]*>\n<title><\/title>[\s\S]*<\/svg>\n$/);
  });
});

describe("where boxes and lines are", () => {
  const edges = fc.array(fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 7 })), { maxLength: 14 });

  test("boxes lie apart, those that give to the left of those that take, and lines pass beside all others", () => {
    fc.assert(
      fc.property(edges, (pairs) => {
        const paths = ["a", "b", "c", "d", "e", "f", "g", "h"];
        const lines = pairs.flatMap(([one, two]) =>
          one === two
            ? []
            : [
                {
                  from: paths[Math.min(one, two)] ?? "",
                  to: paths[Math.max(one, two)] ?? "",
                  labelWidth: 30,
                },
              ],
        );
        const sized = paths.map((path, index) => ({ path, width: 60 + index * 10, height: 40 + index * 5 }));
        const layout = layOut(sized, lines);
        const boxOf = new Map(layout.boxes.map((box) => [box.path, box]));
        for (const a of layout.boxes) {
          expect(a.x + a.width).toBeLessThan(layout.width);
          expect(a.y + a.height).toBeLessThan(layout.height);
          for (const b of layout.boxes) {
            const apart =
              a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y || b.y + b.height < a.y;
            expect(a === b || apart).toBe(true);
          }
        }
        for (const [index, { points }] of layout.lines.entries()) {
          const [from, to] = [boxOf.get(lines[index]?.from ?? ""), boxOf.get(lines[index]?.to ?? "")];
          expect(points.at(0)?.x).toBe((from?.x ?? 0) + (from?.width ?? 0));
          expect(points.at(-1)?.x).toBe(to?.x);
          for (const { x, y } of points.slice(1, -1)) {
            const hit = layout.boxes.find(
              (box) => box.x <= x && x <= box.x + box.width && box.y <= y && y <= box.y + box.height,
            );
            expect(hit).toBeUndefined();
          }
        }
      }),
      { seed: 8, numRuns: 200 },
    );
  });
});
