import { writeFile } from "node:fs/promises";
import {
  type Component,
  type ComponentType,
  decodeComponent,
  describeInstances,
  isComponent,
  printType,
} from "@playhead/component-model";
import { graphSvg, type PicturedGraph } from "@playhead/wac";
import { readBytes } from "@playhead/wac/node";
import { OutputError } from "./failure.ts";
import { nameFile } from "./name-file.ts";
import { printable, printableLines } from "./printable.ts";
import { table } from "./table.ts";

/** What there is to show of a file. */
export interface Shown {
  readonly json: object;
  readonly text: string;
}

/**
 * A component: what it imports and exports and, where it is composed, the instances inside and the wires between them.
 *
 * @param svg file to draw the instances into
 */
export async function inspectComponent(file: string, svg: string | undefined): Promise<Shown> {
  const bytes = await readBytes(file);
  const component = await nameFile(file, () => decodeComponent(bytes, { name: file }));
  const { imports, exports } = component.type;
  const graph = graphOf(component);
  if (svg !== undefined) await writePicture(svg, graphSvg(graph, file));
  const sides = { imports: describe(imports), exports: describe(exports) };
  const { instances, wires } = graph;
  return {
    json: {
      ...{ file, kind: "component", bytes: bytes.length, isComponent: isComponent(bytes), ...sides },
      instances: instances.map((path) => ({
        path,
        imports: graph.imports.get(path) ?? [],
        exports: graph.exports.get(path) ?? [],
      })),
      wires,
    },
    text: [
      `${file}: a component of ${bytes.length} bytes\n`,
      side("Imports", sides.imports),
      side("Exports", sides.exports),
      instances.length > 1 ? insides(graph) : "",
    ].join(""),
  };
}

/** The instances that have code, by their paths inside the component, and who gives what to whom. */
function graphOf(component: Component): PicturedGraph {
  const { instances, wires, exports } = describeInstances(component, "");
  const inside = (path: string): string => path.replace(/^\//, "");
  const paths = instances.flatMap(({ path, hasCode }) => (hasCode ? [inside(path)] : []));
  const known = new Set(paths);
  const fromHost = new Map<string, string[]>();
  const between: PicturedGraph["wires"][number][] = [];
  for (const { consumer, import: importName, provider } of wires) {
    const to = inside(consumer);
    if (!known.has(to)) continue;
    if (provider === undefined) fromHost.set(to, [...(fromHost.get(to) ?? []), importName]);
    else between.push({ provider: inside(provider), consumer: to, importName });
  }
  const exported = new Map<string, string[]>();
  for (const [name, path] of exports) {
    const from = inside(path ?? "");
    exported.set(from, [...(exported.get(from) ?? []), name]);
  }
  return { instances: paths, wires: between, imports: fromHost, exports: exported };
}

function insides({ instances, wires, exports }: PicturedGraph): string {
  const rows = instances.map((path) => [path, (exports.get(path) ?? []).join(", ")]);
  const wireRows = wires.map(({ provider, consumer, importName }) => [provider, consumer, importName]);
  return [
    `Instances inside\n${table([["path", "exported as"], ...rows])}`,
    wires.length === 0 ? "" : `Wires\n${table([["from", "to", "import"], ...wireRows])}`,
  ].join("");
}

function side(title: string, entries: Record<string, string>): string {
  const lines = Object.entries(entries).map(
    ([name, text]) => `  ${printable(name)}: ${printableLines(text).replaceAll("\n", "\n  ")}\n`,
  );
  return `${title}\n${lines.join("")}`;
}

function describe(types: ComponentType["imports"]): Record<string, string> {
  return Object.fromEntries([...types].map(([name, type]) => [name, printType(type)]));
}

async function writePicture(file: string, svg: string): Promise<void> {
  try {
    await writeFile(file, svg);
  } catch (cause) {
    throw new OutputError(file, cause);
  }
}
