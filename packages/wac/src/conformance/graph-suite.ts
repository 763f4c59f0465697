/** The tests of wac's graphs: compositions that are built without a text. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { decodeComponent } from "@playhead/component-model";
import { CompositionBuilder, type Handle } from "../composition-builder.ts";
import { encodeComposition } from "../encode/encode-composition.ts";
import type { Composition, Package } from "../graph.ts";
import { assemble, textOf } from "../node/text-format.ts";
import { accepted, type CaseReport, differentText, refused } from "./case.ts";
import { dummyComponent } from "./dummy-component.ts";
import { readCauses } from "./expected.ts";
import { joinedWit } from "./wit-text.ts";

/** `graph.json` */
interface GraphFile {
  readonly packages?: readonly {
    readonly name: string;
    readonly version?: string;
    readonly path: string;
  }[];
  readonly nodes?: readonly NodeEntry[];
  readonly arguments?: readonly {
    readonly source: number;
    readonly target: number;
    readonly name: string;
  }[];
  readonly exports?: readonly NamedNode[];
  readonly names?: readonly NamedNode[];
}

type NodeEntry =
  | {
      readonly type: "import";
      readonly name: string;
      readonly package: number;
      readonly export: string;
    }
  | { readonly type: "instantiation"; readonly package: number }
  | { readonly type: "alias"; readonly source: number; readonly export: string };

interface NamedNode {
  readonly node: number;
  readonly name: string;
}

/** One case for each folder with a `graph.json`. */
export async function runGraphSuite(folder: string): Promise<CaseReport[]> {
  const reports: CaseReport[] = [];
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (existsSync(join(path, "graph.json"))) {
      reports.push(await runCase(path));
    }
  }
  return reports;
}

function runCase(path: string): Promise<CaseReport> {
  const graph = JSON.parse(readFileSync(join(path, "graph.json"), "utf8")) as GraphFile;
  const run = async (): Promise<string> => {
    const bytes = encodeComposition(await build(graph, path), { dependencies: "import" });
    decodeComponent(bytes);
    return textOf(bytes);
  };
  const errorPath = join(path, "error.txt");
  if (existsSync(errorPath)) {
    // The outermost message only says which entry of the file it was.
    const { messages, place } = readCauses(readFileSync(errorPath, "utf8"));
    return refused(path, { messages: messages.slice(1), place }, run);
  }
  const expected = readFileSync(join(path, "encoded.wat"), "utf8");
  return accepted(path, async () => differentText(await run(), expected));
}

async function build(graph: GraphFile, folder: string): Promise<Composition> {
  const builder = new CompositionBuilder(folder);
  const packages: Package[] = [];
  for (const { name, version, path } of graph.packages ?? []) {
    const component = decodeComponent(await packageBytes(join(folder, path)), { name });
    packages.push(builder.addPackage(name, component, version));
  }
  const handles: Handle[] = [];
  for (const node of graph.nodes ?? []) {
    handles.push(addNode(builder, node, packages, handles));
  }
  for (const { source, target, name } of graph.arguments ?? []) {
    builder.give(at(handles, target), name, at(handles, source));
  }
  for (const { node, name } of graph.exports ?? []) {
    builder.export(at(handles, node), name);
  }
  for (const { node, name } of graph.names ?? []) {
    builder.label(at(handles, node), name);
  }
  return builder.build();
}

function addNode(
  builder: CompositionBuilder,
  node: NodeEntry,
  packages: readonly Package[],
  handles: readonly Handle[],
): Handle {
  switch (node.type) {
    case "import":
      return builder.import(node.name, at(packages, node.package), node.export);
    case "instantiation":
      return builder.instantiate(at(packages, node.package));
    case "alias":
      return builder.alias(at(handles, node.source), node.export);
  }
}

/** A component in the text format, or one that is made for the world of a WIT package. */
async function packageBytes(path: string): Promise<Uint8Array> {
  if (path.endsWith(".wat")) {
    return assemble(readFileSync(path, "utf8"));
  }
  return dummyComponent(statSync(path).isDirectory() ? joinedWit(path) : readFileSync(path, "utf8"));
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) {
    throw new Error(`the entry ${index} of the graph file does not exist`);
  }
  return item;
}
