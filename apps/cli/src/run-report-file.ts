import { readFile, writeFile } from "node:fs/promises";
import type { RunReport } from "@playhead/simulator";

/**
 * The report of a run lies beside its recorded outputs, not in them: it holds wall-clock figures, and equal runs record equal bytes.
 */
function reportFile(out: string): string {
  return `${out}.report.json`;
}

export async function writeReport(out: string, report: RunReport): Promise<void> {
  await writeFile(reportFile(out), `${JSON.stringify(report, undefined, 1)}\n`);
}

/** The report beside a recording; undefined where there is none that can be read. */
export async function readReport(recording: string): Promise<RunReport | undefined> {
  try {
    const report = JSON.parse(await readFile(reportFile(recording), "utf8")) as RunReport;
    return Array.isArray(report.components) ? report : undefined;
  } catch {
    return undefined;
  }
}
