import { lastSegment } from "../names.ts";
import { type Line, layOut, type Placed } from "./graph-layout.ts";

/** Instances and the wires between them, from whatever source. */
export interface PicturedGraph {
  /** Paths of the instances. */
  readonly instances: readonly string[];
  readonly wires: readonly {
    readonly provider: string;
    readonly consumer: string;
    readonly importName: string;
  }[];
  /** What the host gives: import names by the path of the instance. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
  /** What is exported: names by the path of the instance that implements it. */
  readonly exports: ReadonlyMap<string, readonly string[]>;
}

const PADDING = 12;
const LINE_HEIGHT = 17;
/** Width of a character of a title, and of what is smaller, in pixels: no more than an estimate. */
const TITLE_WIDTH = 8;
const SMALL_WIDTH = 6.4;
/** How many names the label of a line has. */
const LABEL_NAMES = 2;

const STYLE = `text{font:13px ui-sans-serif,system-ui,sans-serif;fill:#1f2328}
.title{font-weight:600}.small{font-size:11px;fill:#59636e}
.box{fill:#f6f8fa;stroke:#59636e}.wire{fill:none;stroke:#0969da;stroke-width:1.5}
.label{font-size:11px;fill:#0550ae;paint-order:stroke;stroke:#fff;stroke-width:4px;text-anchor:middle}`;

/**
 * A picture of instances: providers to the left of those that they serve, a line for each wire with the name of the
 * interface, and in each box what the instance exports and what it gets from the host. Equal graphs give equal pictures.
 */
export function graphSvg(graph: PicturedGraph, title: string): string {
  const names = wireNames(graph);
  const { boxes, lines, width, height } = layOut(
    graph.instances.map((path) => ({ path, ...sizeOf(graph, path) })),
    names.map(({ provider, consumer, label }) => ({
      from: provider,
      to: consumer,
      labelWidth: label.length * SMALL_WIDTH,
    })),
  );
  const size = `width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    ...lines.flatMap((line, index) => drawLine(line, names[index]?.label ?? "")),
    ...boxes.flatMap((box) => drawBox(box, textsOf(graph, box.path))),
    "</svg>",
    "",
  ].join("\n");
}

interface WireNames {
  readonly provider: string;
  readonly consumer: string;
  readonly label: string;
}

/** Wires between the same two instances are one line with their names. */
function wireNames({ instances, wires }: PicturedGraph): readonly WireNames[] {
  const known = new Set(instances);
  const byPair = new Map<string, { provider: string; consumer: string; names: Set<string> }>();
  for (const { provider, consumer, importName } of wires) {
    if (known.has(provider) && known.has(consumer) && provider !== consumer) {
      const key = JSON.stringify([provider, consumer]);
      const pair = byPair.get(key) ?? { provider, consumer, names: new Set<string>() };
      byPair.set(key, pair);
      pair.names.add(shortName(importName));
    }
  }
  return [...byPair.values()].map(({ provider, consumer, names }) => {
    const all = [...names];
    const more = all.length > LABEL_NAMES ? ` and ${all.length - LABEL_NAMES} more` : "";
    return { provider, consumer, label: all.slice(0, LABEL_NAMES).join(", ") + more };
  });
}

/** What stands in a box below its title. */
function textsOf(graph: PicturedGraph, path: string): readonly string[] {
  const exported = (graph.exports.get(path) ?? []).map((name) => `exports ${name}`);
  const imported = (graph.imports.get(path) ?? []).map(shortName);
  return [...exported, ...(imported.length > 0 ? [`host: ${imported.join(", ")}`] : [])];
}

function sizeOf(graph: PicturedGraph, path: string): { readonly width: number; readonly height: number } {
  const texts = textsOf(graph, path);
  const widest = Math.max(path.length * TITLE_WIDTH, ...texts.map((text) => text.length * SMALL_WIDTH));
  return {
    width: widest + 2 * PADDING,
    height: (1 + texts.length) * LINE_HEIGHT + 2 * PADDING - 4,
  };
}

function drawBox({ path, x, y, width, height }: Placed, texts: readonly string[]): readonly string[] {
  const text = (line: string, row: number, kind: string): string =>
    `<text class="${kind}" x="${round(x + PADDING)}" y="${round(y + PADDING + (row + 0.7) * LINE_HEIGHT)}">${escaped(line)}</text>`;
  return [
    `<rect class="box" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="6"/>`,
    text(path, 0, "title"),
    ...texts.map((line, row) => text(line, row + 1, "small")),
  ];
}

/** Curves from point to point; the label stands over the end of the last one. */
function drawLine({ points, label }: Line, text: string): readonly string[] {
  const [start, ...rest] = points;
  if (start === undefined) {
    return [];
  }
  let { x, y } = start;
  const curves = rest.map((point) => {
    const middle = (x + point.x) / 2;
    const curve = `C${round(middle)} ${round(y)} ${round(middle)} ${round(point.y)} ${round(point.x)} ${round(point.y)}`;
    ({ x, y } = point);
    return curve;
  });
  return [
    `<path class="wire" d="M${round(start.x)} ${round(start.y)} ${curves.join(" ")}"/>`,
    `<text class="label" x="${round(label.x)}" y="${round(label.y)}">${escaped(text)}</text>`,
  ];
}

/** `frames` of `adas:perception/frames@0.1.0` */
function shortName(name: string): string {
  return lastSegment(name) ?? name;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? "").replace(/\p{Cc}/gu, "\ufffd");
}
