import type { OutputSink, RunReport, RunSettings, SimulationHandle } from "@playhead/simulator";
import type { Command } from "commander";
import { capsulesFolder } from "../capsules-folder.ts";
import { interruptible } from "../interruptible.ts";
import { inputFiles, type RunRequest } from "../open-run.ts";
import { PictureWriter } from "../picture-writer.ts";
import { printable } from "../printable.ts";
import { Progress } from "../progress.ts";
import { recordedOutputs, recordRun } from "../record-run.ts";
import { refuseOverwriting } from "../refuse-overwriting.ts";
import { refuseReplacingOthers } from "../refuse-replacing-others.ts";
import { wholeRun } from "../run-file.ts";
import { addRunOptions, followOption, type RunOptions, runRequest } from "../run-options.ts";
import { reportFile, writeReport } from "../run-report-file.ts";
import { parseSpeed } from "../speed-argument.ts";
import { startSimulation } from "../start-simulation.ts";
import { summary } from "../summary.ts";
import { throwIfFailed } from "../throw-if-failed.ts";

interface Options extends RunOptions {
  readonly speed?: string;
  readonly out?: string;
  readonly frames?: string;
  readonly capsules?: string;
  readonly state?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Ctrl+C ends the run early: outputs are closed properly and the summary tells how far it got.

Examples:
  playhead run drive.mcap
  playhead run drive.mcap --from 10 --to 20 --speed 1
  playhead run drive.mcap --composition my.wac --out results.mcap --frames pictures/
  playhead run drive.mcap --out results.mcap --state run/   (the same again goes on where it was killed)
  playhead run sim.yaml --to 20   (recording, composition and the rest stand in the file)
  playhead run drive.mcap --follow   (while a recorder writes it; ends when that finishes the file)
  playhead run drive.mcap --json | jq -r .runHash
`;

export function addRun(program: Command): void {
  addRunOptions(
    program
      .command("run")
      .description("Replay a recording through a composition of components, from its start to its end")
      .argument(
        "<recording>",
        "MCAP file, a file or folder in another format, postgres://user@host/database/recording, or a YAML file that describes the whole run",
      ),
  )
    .addOption(followOption())
    .option("--speed <n|max>", "virtual seconds per second (default: max)")
    .option("--out <file>", "record what the components publish and draw, as MCAP; the report goes beside it")
    .option("--force", "let --out replace a file that is no output of a run")
    .option("--frames <folder>", "write every picture of every view as PNG")
    .option(
      "--capsules <folder>",
      "keep what is needed to run to a component's fault again, for `replay-fault` (default: <out>.faults, or faults/ in the state's folder)",
    )
    .option(
      "--state <folder>",
      "keep checkpoints there: a run that was ended early, or killed, goes on with its outputs where it was saved last",
    )
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(given: string, givenOptions: Options): Promise<void> {
  const { recording, options, checkpoints } = await wholeRun(given, givenOptions);
  const { out, frames, state } = options;
  const capsules = capsulesFolder({ capsules: options.capsules, out, state });
  const speed = parseSpeed(options.speed ?? "max");
  const request = runRequest(recording, options);
  if (out !== undefined) {
    await refuseOverwriting([out, reportFile(out)], inputFiles(request));
    await refuseReplacingOthers(out, "outputs of a run", options.force === true);
  }
  const pictures = frames === undefined ? undefined : await PictureWriter.create(frames);
  const report = await interruptible((signal) =>
    replay(request, { speed, out, pictures, capsules, state, checkpoints, signal }),
  );
  if (report === undefined) return;
  if (options.json === true)
    process.stdout.write(`${JSON.stringify({ ...report, ...picturesJson(pictures) })}\n`);
  else process.stdout.write(summary(report) + picturesText(pictures) + outText(out));
}

interface Replay {
  readonly speed: number | "max";
  readonly out: string | undefined;
  readonly pictures: PictureWriter | undefined;
  readonly capsules: string | undefined;
  readonly state: string | undefined;
  readonly checkpoints: RunSettings["checkpoints"];
  /** Ends the run early. */
  readonly signal: AbortSignal;
}

/** Undefined when it was ended before it began. */
async function replay(request: RunRequest, replayed: Replay): Promise<RunReport | undefined> {
  const { speed, out, pictures, capsules, state, signal } = replayed;
  let simulation: SimulationHandle | undefined;
  let ended = false;
  const sinks: OutputSink[] = [];
  if (out !== undefined) sinks.push(recordRun(out, () => simulation && reportOf(simulation, ended)));
  if (pictures !== undefined) sinks.push(pictures);
  try {
    simulation = await startSimulation(request, {
      speed,
      sinks,
      capsules,
      state,
      signal,
      checkpoints: state === undefined ? false : (replayed.checkpoints ?? {}),
      resumeAfter: state === undefined ? undefined : await outputsOf(replayed),
    });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
  tellStart(simulation);
  ended = await play(simulation, signal);
  const report = await reportOf(simulation, ended);
  await simulation.close();
  const unwritten =
    out === undefined ? undefined : await unwrittenReport(out, await reportOf(simulation, ended));
  // Why the run failed says more than that its report failed too, of the same full disk.
  throwIfFailed(simulation, report);
  if (unwritten !== undefined) throw unwritten;
  return report;
}

/** Writes the report; what went wrong is returned. */
async function unwrittenReport(out: string, report: RunReport): Promise<unknown> {
  try {
    await writeReport(out, report);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** How many outputs of an earlier run need not be given again. */
async function outputsOf({ out, pictures }: Replay): Promise<number> {
  if (pictures !== undefined) return 0;
  return out === undefined ? Number.POSITIVE_INFINITY : await recordedOutputs(out);
}

function tellStart({ status }: SimulationHandle): void {
  const doneUs = status.timeUs - status.startUs;
  if (doneUs > 0)
    process.stderr.write(`Goes on at ${(doneUs / 1e6).toFixed(3)} s, where the run was saved last\n`);
}

/** Plays to the end; false where the run failed or was ended early. */
async function play(simulation: SimulationHandle, signal: AbortSignal): Promise<boolean> {
  const done = new AbortController();
  const shown = showProgress(simulation, done.signal);
  const stop = (): void => void simulation.close();
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    await simulation.apply({ type: "play" });
    return (await simulation.finished()).state === "ended";
  } finally {
    signal.removeEventListener("abort", stop);
    done.abort();
    await shown;
  }
}

/** The report, with what became of the run: `ended`, `failed`, or `interrupted`. */
async function reportOf(simulation: SimulationHandle, ended: boolean): Promise<RunReport> {
  const state = simulation.failure !== undefined ? "failed" : ended ? "ended" : "interrupted";
  return { ...(await simulation.report()), state };
}

async function showProgress(simulation: SimulationHandle, signal: AbortSignal): Promise<void> {
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
    pictures.refused === 0
      ? ""
      : ` (${pictures.refused} could not be drawn: ${printable(pictures.refusal ?? "")})`;
  const total = [...pictures.written.values()].reduce((sum, count) => sum + count, 0);
  return `Pictures    ${total} in ${pictures.folder}${refused}\n`;
}

function outText(out: string | undefined): string {
  return out === undefined ? "" : `Outputs     ${printable(out)}\n`;
}
