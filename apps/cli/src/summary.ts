import type { RunReport } from "@playhead/simulator";
import { printable } from "./printable.ts";
import { table } from "./table.ts";
import { capsulesText } from "./throw-if-failed.ts";

/** What a run is told to a person as. */
export function summary(report: RunReport): string {
  const seconds = report.durationUs / 1e6;
  return [
    `${printable(report.recording)} through ${printable(report.composition)}: ${seconds.toFixed(3)} s in ${(report.wallMs / 1000).toFixed(2)} s (${report.achievedSpeed.toFixed(1)}×)\n`,
    unfinished(report),
    section("Readings", [["sensor", "count"], ...Object.entries(report.readings)]),
    section("Components", [
      ["name", "steps", "ms/step", "max ms", "total ms", "health"],
      ...report.components.map((unit) => [
        unit.name,
        unit.steps,
        Number(unit.meanMs.toFixed(3)),
        Number(unit.maxMs.toFixed(2)),
        Number(unit.totalMs.toFixed(1)),
        unit.health === "ok" ? "ok" : `${unit.health}: ${unit.healthReason}`,
      ]),
    ]),
    keptTime(report),
    section("Figures", [
      ["component", "figure", "value"],
      ...report.components.flatMap((unit) =>
        Object.entries(unit.metrics).map(([name, value]) => [unit.name, name, Number(value.toPrecision(6))]),
      ),
    ]),
    section("Messages", [["topic", "count"], ...Object.entries(report.topics)]),
    section("Views", [["view", "pictures"], ...Object.entries(report.views)]),
    alerts(report),
    faults(report),
    problems(report),
    capsulesText(report.capsules),
    `Frames      ${report.frames}\n`,
    `Input hash  ${report.inputHash ?? "unknown: the recording cannot be read again"}\n`,
    `Run hash    ${report.runHash}\n`,
  ].join("");
}

/** What became of a run that did not come to its end. */
function unfinished({ state, error, durationUs, startUs, endUs }: RunReport): string {
  if (state === "ended") return "";
  const reason = error === undefined ? "" : `: ${printable(error.message)}`;
  const [reached, planned] = [durationUs, endUs - startUs].map((us) => (us / 1e6).toFixed(3));
  return `Not to its end: ${state} at ${reached} s of ${planned} s${reason}\n`;
}

/** How well a run that was paced kept to real time. */
function keptTime({ realTime, components }: RunReport): string {
  if (realTime.events === 0) return "";
  const { p50, p99, max } = realTime.lateMs;
  const missed = components.flatMap(({ name, steps }) => {
    const misses = realTime.deadlineMisses[name] ?? 0;
    return misses === 0 ? [] : `${name} ${misses} of ${steps}`;
  });
  return `Real time   events late by ${p50.toFixed(2)} ms (median), ${p99.toFixed(2)} ms (99 %), ${max.toFixed(2)} ms (most); deadlines missed: ${missed.join(", ") || "none"}\n`;
}

function section(title: string, rows: (string | number)[][]): string {
  return rows.length < 2 ? "" : `${title}\n${table(rows)}`;
}

const SHOWN = 20;

function alerts(report: RunReport): string {
  if (report.alerts.length === 0) return "Alerts      none\n";
  const lines = report.alerts.slice(0, SHOWN).map(({ timeUs, message }) => {
    const time = ((timeUs - report.startUs) / 1e6).toFixed(3).padStart(9);
    const text = (message as { text?: unknown } | null)?.text;
    return `  ${time} s  ${printable(typeof text === "string" ? text : String(JSON.stringify(message)))}\n`;
  });
  const more = andMore(report.alerts.length);
  return `Alerts\n${lines.join("")}${more}`;
}

const ACTIONS = { isolate: "isolated", restart: "restarted" } as const;

/** Why units were isolated or restarted. */
function faults({ faults: found }: RunReport): string {
  if (found.length === 0) return "";
  const lines = found
    .slice(0, SHOWN)
    .map(
      ({ unit, message, action }) => `  ${printable(message)}: ${printable(unit)} was ${ACTIONS[action]}\n`,
    );
  return `Faults\n${lines.join("")}${andMore(found.length)}`;
}

function problems(report: RunReport): string {
  const logged = report.log.filter(({ level }) => level === "warning" || level === "error");
  const lines = [
    problemLines(report.problems, "  "),
    ...logged
      .slice(0, SHOWN)
      .map(
        ({ timeUs, unit, level, message }) =>
          `  ${((timeUs - report.startUs) / 1e6).toFixed(3)} s ${printable(unit)} ${level}: ${printable(message)}\n`,
      ),
    andMore(logged.length),
  ].join("");
  return lines === "" ? "" : `Problems\n${lines}`;
}

/** The first problems of a recording, one a line. */
export function problemLines(problems: RunReport["problems"], indent: string): string {
  const lines = problems
    .slice(0, SHOWN)
    .map(({ code, message }) => `${indent}${code}: ${printable(message)}\n`);
  return lines.join("") + andMore(problems.length);
}

function andMore(count: number): string {
  return count > SHOWN ? `  … and ${count - SHOWN} more\n` : "";
}
