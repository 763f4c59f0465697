import { RecordingError } from "@playhead/recording";
import type { Output, OutputSink, RunDescription, RunReport } from "@playhead/simulator";
import {
  type DetectionBatch,
  type DetectionEvaluation,
  defaultRules,
  evaluateDetections,
  evaluateTracks,
  type TrackEvaluation,
  type TrackList,
  type TruthFrame,
  truthTopics,
} from "@playhead/synth";
import type { Command } from "commander";
import { openAnyRecording } from "../open-any-recording.ts";
import type { RunRequest } from "../open-run.ts";
import { printable } from "../printable.ts";
import { addRunOptions, type RunOptions, runRequest } from "../run-options.ts";
import { RECORDING_ARGUMENT } from "../source-options.ts";
import { startSimulation } from "../start-simulation.ts";
import { table } from "../table.ts";
import { throwIfFailed } from "../throw-if-failed.ts";

interface Options extends RunOptions {
  readonly json?: boolean;
}

const NOTES = `
The recording must carry ground truth on ${truthTopics.objects}, as playhead synth writes it; the composition must publish detections on
/detections and tracks on /tracks, as the ADAS pipeline does. Due are cars, trucks and people ${defaultRules.nearestM} to ${defaultRules.farthestM} m ahead of which at least
${defaultRules.leastVisible * 100} % can be seen.

Example:
  playhead synth -o drive.mcap --seed 99 && playhead evaluate drive.mcap
`;

export function addEvaluate(program: Command): void {
  addRunOptions(
    program
      .command("evaluate")
      .description(
        "Replay a drive that carries ground truth, and say how good detections, tracks and warnings are",
      )
      .argument("<recording>", RECORDING_ARGUMENT),
  )
    .option("--json", "print one JSON object on standard output")
    .addHelpText("after", NOTES)
    .action(evaluate);
}

async function evaluate(recording: string, options: Options): Promise<void> {
  const request = runRequest(recording, options);
  const said = new Said();
  const simulation = await startSimulation(request, { speed: "max", sinks: [said], checkpoints: false });
  const { description } = simulation;
  let report: RunReport;
  let truth: TruthFrame[];
  try {
    truth = await readTruth(recording, request.reading, description);
    await simulation.apply({ type: "play" });
    await simulation.finished();
    report = await simulation.report();
  } finally {
    await simulation.close();
  }
  throwIfFailed(simulation, report);
  const result: Evaluation = {
    runHash: report.runHash,
    detections: evaluateDetections(truth, said.detections),
    strictDetections: evaluateDetections(truth, said.detections, { ...defaultRules, sceneryIsWrong: true }),
    tracks: evaluateTracks(truth, said.tracks),
    alerts: report.alerts
      .map(({ message }) => message as AlertMessage)
      .filter(({ event }) => event === "raised"),
  };
  process.stdout.write(
    options.json === true ? `${JSON.stringify(result)}\n` : evaluationText(description, result),
  );
}

interface Evaluation {
  readonly runHash: string;
  readonly detections: DetectionEvaluation;
  readonly strictDetections: DetectionEvaluation;
  readonly tracks: TrackEvaluation;
  readonly alerts: readonly AlertMessage[];
}

interface AlertMessage {
  readonly time_us: number;
  readonly event: string;
  readonly text: string;
}

async function readTruth(
  path: string,
  reading: RunRequest["reading"],
  { startUs, endUs }: RunDescription,
): Promise<TruthFrame[]> {
  const recording = await openAnyRecording(path, reading);
  try {
    const sensor = recording.sensors.find(({ name }) => name === truthTopics.objects);
    if (sensor === undefined)
      throw new RecordingError("invalid-argument", {
        expected: `ground truth on ${truthTopics.objects}, as \`playhead synth\` writes it`,
        found: "none",
        where: recording.name,
      });
    const frames: TruthFrame[] = [];
    const decoder = new TextDecoder();
    for await (const batch of recording.read({ sensors: [sensor.handle], fromUs: startUs, toUs: endUs }))
      for (const { raw } of batch) frames.push(JSON.parse(decoder.decode(raw)) as TruthFrame);
    return frames;
  } finally {
    await recording.close();
  }
}

/** What the pipeline published, in the shapes that the evaluation takes. */
class Said implements OutputSink {
  readonly detections: DetectionBatch[] = [];
  readonly tracks: TrackList[] = [];
  readonly #decoder = new TextDecoder();

  open(): Promise<void> {
    return Promise.resolve();
  }

  write(outputs: readonly Output[]): Promise<void> {
    for (const { topic, payload } of outputs) {
      if (topic === "/detections") this.detections.push(this.#batch(payload));
      if (topic === "/tracks") this.tracks.push(this.#list(payload));
    }
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #batch(payload: Uint8Array): DetectionBatch {
    const message = JSON.parse(this.#decoder.decode(payload)) as {
      time_us: number;
      source: string;
      objects: { x: number; y: number }[];
    };
    return { timeUs: message.time_us, source: message.source, detections: message.objects };
  }

  #list(payload: Uint8Array): TrackList {
    const { time_us, tracks } = JSON.parse(this.#decoder.decode(payload)) as {
      time_us: number;
      tracks: TrackList["tracks"];
    };
    return { timeUs: time_us, tracks };
  }
}

function evaluationText({ recording, startUs }: RunDescription, { runHash, ...result }: Evaluation): string {
  const { detections, strictDetections, tracks } = result;
  const sources = Object.entries(detections.sources).map(
    ([name, score]) => [name, score, strictDetections.sources[name]] as const,
  );
  const rows = [["all", detections.all, strictDetections.all] as const, ...sources].map(
    ([name, score, strict]) => [
      name,
      fixed(score.recall, 3),
      fixed(score.precision, 3),
      strict === undefined ? "" : fixed(strict.precision, 3),
      fixed(score.meanErrorM, 2),
      score.ignored,
    ],
  );
  return [
    `${printable(recording.name)}\n`,
    `Detections\n${table([["source", "recall", "precision", "strict precision", "mean error m", "ignored"], ...rows])}`,
    `  (precision leaves out detections on scenery that the truth lists; strict precision counts them as wrong)\n`,
    `Recall by class\n${table([["class", "recall"], ...Object.entries(detections.recallByClass).map(([name, recall]) => [name, fixed(recall, 3)])])}`,
    `Tracks\n${table([
      ["figure", "value"],
      ["recall", fixed(tracks.recall, 3)],
      ["precision", fixed(tracks.precision, 3)],
      ["position error, mean m", fixed(tracks.position.mean, 2)],
      ["position error, RMS m", fixed(tracks.position.rms, 2)],
      ["velocity error, mean m/s", fixed(tracks.velocity.mean, 2)],
      ["identity switches", tracks.idSwitches],
    ])}`,
    `Warnings raised\n${result.alerts.map(({ time_us, text }) => `  ${((time_us - startUs) / 1e6).toFixed(2)} s  ${printable(String(text))}\n`).join("") || "  none\n"}`,
    `Run hash  ${runHash}\n`,
  ].join("");
}

function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "–";
}
