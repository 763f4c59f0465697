import {
  type OutputSink,
  type RunPlan,
  type RunReport,
  recordOutputs,
  Simulation,
} from "@playhead/simulator";
import { createMcapWriter } from "@playhead/store";
import type { Command } from "commander";
import { ExitCode } from "../exit-code.ts";
import { openRun } from "../open-run.ts";
import { PictureWriter } from "../picture-writer.ts";
import { Progress } from "../progress.ts";
import { addRunOptions, type RunOptions, runRequest } from "../run-options.ts";
import { writeReport } from "../run-report-file.ts";
import { parseSpeed } from "../speed-argument.ts";
import { summary } from "../summary.ts";

interface Options extends RunOptions {
  readonly speed: string;
  readonly out?: string;
  readonly frames?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Ctrl+C ends the run early: outputs are closed properly and the summary tells how far it got.

Examples:
  playhead run drive.mcap
  playhead run drive.mcap --from 10 --to 20 --speed 1
  playhead run drive.mcap --composition my.wac --out results.mcap --frames pictures/
  playhead run drive.mcap --json | jq -r .runHash
`;

export function addRun(program: Command): void {
  addRunOptions(
    program
      .command("run")
      .description("Replay a recording through a composition of components, from its start to its end")
      .argument("<recording>", "MCAP file"),
  )
    .option("--speed <n|max>", "virtual seconds per second", "max")
    .option("--out <file>", "record what the components publish and draw, as MCAP; the report goes beside it")
    .option("--frames <folder>", "write every picture of every view as PNG")
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(recording: string, options: Options): Promise<void> {
  const speed = parseSpeed(options.speed);
  const plan = await openRun(runRequest(recording, options));
  try {
    const pictures = options.frames === undefined ? undefined : new PictureWriter(options.frames);
    const report = await replay(plan, speed, options.out, pictures);
    if (options.out !== undefined) await writeReport(options.out, report);
    if (options.json === true)
      process.stdout.write(`${JSON.stringify({ ...report, ...picturesJson(pictures) })}\n`);
    else process.stdout.write(summary(report) + picturesText(pictures) + outText(options.out));
  } finally {
    await plan.recording.close();
  }
}

async function replay(
  plan: RunPlan,
  speed: number | "max",
  out: string | undefined,
  pictures: PictureWriter | undefined,
): Promise<RunReport> {
  let simulation: Simulation | undefined;
  const sinks: OutputSink[] = [];
  if (out !== undefined) {
    const writer = await createMcapWriter(out);
    sinks.push(recordOutputs(writer, () => runMetadata(simulation?.report())));
  }
  if (pictures !== undefined) sinks.push(pictures);
  simulation = await Simulation.start(plan, { speed, sinks, checkpoints: false });
  const abort = new AbortController();
  const shown = showProgress(simulation, abort.signal);
  const interrupt = (): void => {
    process.exitCode = ExitCode.interrupted;
    void simulation?.close();
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    await simulation.apply({ type: "play" });
    await simulation.finished();
    const report = simulation.report();
    await simulation.close();
    if (simulation.failure !== undefined) throw simulation.failure;
    return report;
  } finally {
    process.removeListener("SIGINT", interrupt).removeListener("SIGTERM", interrupt);
    abort.abort();
    await shown;
  }
}

/** What the recorded output says of the run that made it. */
function runMetadata(report: RunReport | undefined): Record<string, string> {
  if (report === undefined) return {};
  const { runHash, inputHash, identity, recording, composition, startUs, endUs } = report;
  return {
    runHash,
    inputHash,
    identity,
    recording,
    composition,
    startUs: String(startUs),
    endUs: String(endUs),
  };
}

async function showProgress(simulation: Simulation, signal: AbortSignal): Promise<void> {
  const progress = new Progress();
  for await (const { status } of simulation.frames(signal)) {
    const doneUs = status.timeUs - status.startUs;
    const share = status.endUs > status.startUs ? doneUs / (status.endUs - status.startUs) : 1;
    progress.show(share, `${(doneUs / 1e6).toFixed(1)} s at ${status.achievedSpeed.toFixed(1)}×`);
  }
  progress.clear();
}

function picturesJson(pictures: PictureWriter | undefined): object {
  if (pictures === undefined) return {};
  return {
    pictures: {
      folder: pictures.folder,
      written: Object.fromEntries(pictures.written),
      refused: pictures.refused,
    },
  };
}

function picturesText(pictures: PictureWriter | undefined): string {
  if (pictures === undefined) return "";
  const refused =
    pictures.refused === 0 ? "" : ` (${pictures.refused} could not be drawn: ${pictures.refusal ?? ""})`;
  const total = [...pictures.written.values()].reduce((sum, count) => sum + count, 0);
  return `Pictures    ${total} in ${pictures.folder}${refused}\n`;
}

function outText(out: string | undefined): string {
  return out === undefined ? "" : `Outputs     ${out}\n`;
}
