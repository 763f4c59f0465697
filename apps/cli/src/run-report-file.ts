import { readFile, rm, writeFile } from "node:fs/promises";
import type { RunReport } from "@playhead/simulator";
import { OutputError } from "./failure.ts";

/**
 * The report of a run lies beside its recorded outputs, not in them: it holds wall-clock figures, and equal runs record equal bytes.
 */
export function reportFile(out: string): string {
  return `${out}.report.json`;
}

export async function writeReport(out: string, report: RunReport): Promise<void> {
  const file = reportFile(out);
  try {
    await writeFile(file, `${JSON.stringify(report, undefined, 1)}\n`);
  } catch (cause) {
    // Half a report is none.
    await rm(file, { force: true }).catch(() => undefined);
    throw new OutputError(file, cause);
  }
}

/** Takes away the report of an earlier run, which would speak of other outputs. */
export async function removeReport(out: string): Promise<void> {
  const file = reportFile(out);
  try {
    await rm(file, { force: true });
  } catch (cause) {
    throw new OutputError(file, cause);
  }
}

/** The report beside a recording; undefined where there is none that can be read. */
export async function readReport(recording: string): Promise<RunReport | undefined> {
  try {
    const report = JSON.parse(await readFile(reportFile(recording), "utf8")) as RunReport;
    return Array.isArray(report.components) && Array.isArray(report.capsules) ? report : undefined;
  } catch {
    return undefined;
  }
}
