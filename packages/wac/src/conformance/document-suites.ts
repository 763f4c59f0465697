/** The tests of wac's parser: texts that are parsed, resolved, and encoded. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeComponent } from "@playhead/component-model";
import { encodeComposition } from "../encode/encode-composition.ts";
import type { Composition } from "../graph.ts";
import { FilePackages } from "../node/file-packages.ts";
import { textOf as printComponent } from "../node/text-format.ts";
import { parseWac } from "../parse/document.ts";
import { documentJson } from "../print/document-json.ts";
import { graphDot } from "../print/graph-dot.ts";
import { compose } from "../resolve/resolve.ts";
import { accepted, type CaseReport, differentText, refused } from "./case.ts";
import { readReport } from "./expected.ts";

/** What is done with a text, and how its result is written down. */
export interface DocumentSuite {
  readonly name: "parser" | "resolution" | "encoding";
  run(text: string, path: string): Promise<string>;
}

export const DOCUMENT_SUITES: readonly DocumentSuite[] = [
  { name: "parser", run: async (text, path) => JSON.stringify(documentJson(parseWac(text, path)), null, 2) },
  { name: "resolution", run: async (text, path) => graphDot(await resolve(text, path)) },
  { name: "encoding", run: async (text, path) => encode(await resolve(text, path)) },
];

/** The cases of a folder, and those of its folder `fail`. */
export async function runDocumentSuite(suite: DocumentSuite, folder: string): Promise<CaseReport[]> {
  const reports: CaseReport[] = [];
  for (const path of compositionsIn(folder)) {
    const expected = resultOf(path);
    reports.push(
      await accepted(path, async () => differentText(await suite.run(textOf(path), path), expected)),
    );
  }
  for (const path of compositionsIn(join(folder, "fail"))) {
    reports.push(await refused(path, readReport(resultOf(path)), () => suite.run(textOf(path), path)));
  }
  return reports;
}

function compositionsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder)
    .filter((name) => name.endsWith(".wac") && existsSync(join(folder, `${name}.result`)))
    .sort()
    .map((name) => join(folder, name));
}

function textOf(path: string): string {
  return readFileSync(path, "utf8").replaceAll("\r\n", "\n");
}

function resultOf(path: string): string {
  return readFileSync(`${path}.result`, "utf8").replaceAll("\r\n", "\n");
}

/** The packages of a case lie in a folder of its name. */
function resolve(text: string, path: string): Promise<Composition> {
  const resolver = new FilePackages({ directories: [path.replace(/\.wac$/, "")] });
  return compose(text, { file: path, resolver });
}

async function encode(composition: Composition): Promise<string> {
  const bytes = encodeComposition(composition, {
    dependencies: "import",
    processedBy: { name: "wac-parser", version: "0.10.1" },
  });
  decodeComponent(bytes);
  return printComponent(bytes);
}
