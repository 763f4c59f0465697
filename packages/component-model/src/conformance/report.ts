import type { Outcome, Verdict } from "./run-script.ts";

/** What came of one script. */
export interface ScriptReport {
  readonly name: string;
  readonly verdicts: readonly Verdict[];
  /** Why the script could not be read. */
  readonly unreadable?: string;
}

const outcomes: readonly Outcome[] = ["passed", "failed", "out of scope", "explained", "not encodable"];

/** Lines: each script with its counts, failures and the features that it lacks; then totals by kind of directive. */
export function printReport(reports: readonly ScriptReport[], all: boolean): string[] {
  const lines = reports.flatMap((report) => printScript(report, all));
  return [...lines, "", ...printTotals(reports)];
}

function printScript({ name, verdicts, unreadable }: ScriptReport, all: boolean): string[] {
  if (unreadable !== undefined) return [`${name}: cannot be read: ${unreadable}`];
  const counts = outcomes.map((outcome) => verdicts.filter((verdict) => verdict.outcome === outcome).length);
  const parts = outcomes.flatMap((outcome, index) =>
    counts[index] === 0 ? [] : [`${counts[index]} ${outcome}`],
  );
  const lines = [`${name}: ${parts.join(", ") || "nothing to run"}`];
  for (const outcome of ["out of scope", "explained"] as const) {
    for (const [why, count] of reasons(verdicts, outcome)) lines.push(`  ${count} × ${outcome}: ${why}`);
  }
  for (const { line, kind, outcome, detail } of verdicts) {
    if (outcome === "failed" || outcome === "not encodable" || (all && outcome !== "passed")) {
      lines.push(`  line ${line}, ${kind}: ${outcome}: ${detail}`);
    }
  }
  return lines;
}

function reasons(verdicts: readonly Verdict[], outcome: Outcome): Map<string, number> {
  const counts = new Map<string, number>();
  for (const verdict of verdicts) {
    if (verdict.outcome === outcome) counts.set(verdict.detail, (counts.get(verdict.detail) ?? 0) + 1);
  }
  return counts;
}

function printTotals(reports: readonly ScriptReport[]): string[] {
  const verdicts = reports.flatMap((report) => report.verdicts);
  const kinds = [...new Set(verdicts.map((verdict) => verdict.kind))].sort();
  const row = (title: string, of: readonly Verdict[]) => {
    const cells = outcomes.map((outcome) => of.filter((verdict) => verdict.outcome === outcome).length);
    return [title.padEnd(22), ...cells.map((count) => String(count).padStart(14))].join("");
  };
  return [
    ["".padEnd(22), ...outcomes.map((outcome) => outcome.padStart(14))].join(""),
    ...kinds.map((kind) =>
      row(
        kind,
        verdicts.filter((verdict) => verdict.kind === kind),
      ),
    ),
    row("all", verdicts),
  ];
}
