/**
 * `conformance:wac <folder>`: runs the test data of bytecodealliance/wac. The folder is a checkout, or any folder above or
 * of the suites: `parser`, `resolution`, `encoding` and `graphs`. Folders named `compositions`, with WAC files beside the
 * components that wac made of them, are run as well.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { type CaseReport, exceptionFor } from "./case.ts";
import { composedIn, runComposedSuite } from "./composed-suite.ts";
import { DOCUMENT_SUITES, runDocumentSuite } from "./document-suites.ts";
import { runGraphSuite } from "./graph-suite.ts";

interface Suite {
  readonly name: string;
  run(folder: string): Promise<CaseReport[]>;
}

const SUITES: readonly Suite[] = [
  ...DOCUMENT_SUITES.map((suite) => ({
    name: suite.name,
    run: (folder: string) => runDocumentSuite(suite, folder),
  })),
  { name: "graphs", run: runGraphSuite },
  { name: "compositions", run: runComposedSuite },
];

/** The folders of the suites in a folder: `tests/parser` and its like. */
function suitesIn(folder: string): readonly (readonly [Suite, string])[] {
  const own = SUITES.find(({ name }) => basename(folder) === name);
  if (own !== undefined && holdsCases(folder)) {
    return [[own, folder]];
  }
  return readdirSync(folder)
    .filter((name) => !name.startsWith(".") && name !== "node_modules" && name !== "target")
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isDirectory())
    .flatMap(suitesIn);
}

function holdsCases(folder: string): boolean {
  return (
    composedIn(folder).length > 0 ||
    readdirSync(folder).some(
      (name) => name.endsWith(".wac.result") || existsSync(join(folder, name, "graph.json")),
    )
  );
}

async function main(folders: readonly string[]): Promise<void> {
  const all: CaseReport[] = [];
  for (const folder of folders) {
    for (const [suite, path] of suitesIn(folder)) {
      const reports = await suite.run(path);
      all.push(...reports);
      console.log(`${relative(folder, path) || path}: ${counts(reports)}`);
      for (const report of reports.filter(({ problem }) => problem !== undefined)) {
        console.log(`  ${relative(path, report.name)}: ${report.problem}`);
        const exception = exceptionFor(report);
        if (exception !== undefined) {
          console.log(`    this is meant: ${exception}`);
        }
      }
    }
  }
  const different = all.filter(({ problem }) => problem !== undefined);
  const meant = different.filter((report) => exceptionFor(report) !== undefined);
  const exceptions = meant.length === 0 ? "" : `, ${meant.length} meant to differ`;
  console.log(`${all.length - different.length} of ${all.length} cases as expected${exceptions}`);
  process.exitCode = different.length === meant.length && all.length > 0 ? 0 : 1;
}

function counts(reports: readonly CaseReport[]): string {
  const count = (expected: CaseReport["expected"]): string => {
    const all = reports.filter((report) => report.expected === expected);
    const passed = all.filter(({ problem }) => problem === undefined);
    return `${passed.length} of ${all.length} ${expected}`;
  };
  return `${count("accepted")}, ${count("refused")}`;
}

const folders = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
if (folders.length === 0) {
  console.error("usage: npm run conformance:wac -- <folder of bytecodealliance/wac>");
  process.exitCode = 2;
} else {
  await main(folders);
}
