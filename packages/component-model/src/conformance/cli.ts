/**
 * `conformance <folder>…`: runs the `.wast` scripts of folders and says what passed.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { printReport, type ScriptReport } from "./report.ts";
import { runScript } from "./run-script.ts";
import { readScript } from "./script.ts";
import { spectestImports } from "./spectest-host.ts";

function scriptsIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isDirectory()) return scriptsIn(join(path, entry.name));
      return entry.name.endsWith(".wast") ? [join(path, entry.name)] : [];
    });
}

// The assembler reads this when it is loaded: older scripts write references in a form that it otherwise refuses.
process.env.WAST_STRICT_COMPONENT_INDICES ??= "0";
const { parse } = await import("@bytecodealliance/jco-transpile/wasm-tools");

async function runFile(path: string, folder: string): Promise<ScriptReport> {
  const name = relative(folder, path) || path;
  try {
    const directives = readScript(readFileSync(path, "utf8"));
    return {
      name,
      verdicts: await runScript(directives, { assemble: parse, imports: await spectestImports(parse) }),
    };
  } catch (error) {
    return { name, verdicts: [], unreadable: error instanceof Error ? error.message : String(error) };
  }
}

const folders = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
if (folders.length === 0) {
  console.error(
    "usage: npm run conformance -- <folder with .wast files> …  (--all: also list what is out of scope)",
  );
  process.exitCode = 2;
} else {
  const reports: ScriptReport[] = [];
  for (const folder of folders)
    for (const path of scriptsIn(folder)) reports.push(await runFile(path, folder));
  for (const line of printReport(reports, process.argv.includes("--all"))) console.log(line);
  const isClean = (report: ScriptReport) =>
    report.unreadable === undefined && report.verdicts.every((verdict) => verdict.outcome !== "failed");
  process.exitCode = reports.length > 0 && reports.every(isClean) ? 0 : 1;
}
