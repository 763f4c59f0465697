import { readFile, writeFile } from "node:fs/promises";
import { type RunReport, runWay } from "@playhead/simulator";
import type { Command } from "commander";
import { openRun } from "../open-run.ts";
import { recordRun } from "../record-run.ts";
import { resultToJson, type WayOrder } from "../verify/way-file.ts";

/** What `verify` starts for each of its runs. Not for people. */
export function addVerifyWay(program: Command): void {
  program
    .command("verify-way", { hidden: true })
    .description("Run one way of `verify`")
    .argument("<order>", "JSON file: what to run")
    .argument("<result>", "JSON file to write")
    .option("--json", "print an error as JSON")
    .action(runOrder);
}

async function runOrder(order: string, result: string): Promise<void> {
  const { request, way, outputsAt } = JSON.parse(await readFile(order, "utf8")) as WayOrder;
  const plan = await openRun(request);
  try {
    let report: (() => Promise<RunReport>) | undefined;
    const sink = recordRun(outputsAt, () => report?.());
    const came = await runWay(plan, way, [sink], (reportOf) => {
      report = reportOf;
    });
    await writeFile(result, resultToJson(came));
  } finally {
    await plan.recording.close();
  }
}
