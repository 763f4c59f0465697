import type { SourceOptions } from "@playhead/formats";
import type { Recording, Sensor } from "@playhead/recording";
import { maskPassword, type NamedMetadata } from "@playhead/store";
import { frameIdsOf } from "./frame-ids.ts";
import type { Shown } from "./inspect-component.ts";
import { namedMetadataOf } from "./named-metadata.ts";
import { openAnyRecording } from "./open-any-recording.ts";
import { printable } from "./printable.ts";
import { clockLine, clockOf, headerOffsetUs } from "./recording-clock.ts";
import { readReport } from "./run-report-file.ts";
import { sensorFacts } from "./sensor-facts.ts";
import { problemLines, summary } from "./summary.ts";
import { table } from "./table.ts";

/** Values of the metadata are cut so that lines have so many characters, but never shorter than that. */
const LINE_CHARACTERS = 100;
const LEAST_CHARACTERS = 24;

/** A recording: its sensors, what it says of them and of itself, and for outputs of a run the run's report. A bounded number of readings is looked at. */
export async function inspectRecording(file: string, reading: SourceOptions): Promise<Shown> {
  const recording = await openAnyRecording(file, reading);
  try {
    const run = await readReport(file);
    const time = clockOf(recording);
    const offsetUs = await headerOffsetUs(recording);
    const frames = await frameIdsOf(recording);
    const metadata = await namedMetadataOf(file, reading);
    const shown = maskPassword(file);
    return {
      json: {
        file: shown,
        kind: "recording",
        time,
        ...(offsetUs === undefined ? {} : { headerOffsetUs: offsetUs }),
        ...recordingJson(recording, frames),
        metadata,
        ...(run === undefined ? {} : { run }),
      },
      text: [
        recordingText(shown, recording, clockLine(time, offsetUs)),
        sensorFacts(recording.sensors, frames),
        metadataText(metadata),
        problemLines(recording.problems, ""),
        run === undefined ? "" : `\nThe run that made it\n${summary(run)}`,
      ].join(""),
    };
  } finally {
    await recording.close();
  }
}

function recordingJson(
  { startUs, endUs, sensors, problems }: Recording,
  frames: ReadonlyMap<number, string>,
): object {
  const described = sensors.map((sensor) => {
    const frameId = frames.get(sensor.handle);
    return frameId === undefined ? sensor : { ...sensor, frameId };
  });
  return { startUs, endUs, durationUs: endUs - startUs, sensors: described, problems };
}

function recordingText(file: string, { startUs, endUs, sensors }: Recording, clock: string): string {
  const rows = sensors.map((sensor) => [
    sensor.name,
    kindText(sensor),
    sensor.schema,
    sensor.count,
    Number(sensor.rateHz.toFixed(2)),
  ]);
  const isEmpty = sensors.every(({ count }) => count === 0);
  const span = `${((endUs - startUs) / 1e6).toFixed(3)} s from ${new Date(startUs / 1000).toISOString()}`;
  return [
    `${file}: ${isEmpty ? "no messages" : span}\n`,
    clock,
    `Sensors\n${table([["name", "kind", "schema", "readings", "Hz"], ...rows])}`,
  ].join("");
}

/** With the axes of an IMU where they are not the usual ones. */
function kindText({ kind, role, metadata }: Sensor): string {
  const { "imu.axes": axes = "flu" } = metadata;
  const notes = [
    ...(role === "reference" ? [role] : []),
    ...(kind === "imu" && axes !== "flu" ? [axes] : []),
  ];
  return [kind, ...notes].join(", ");
}

function metadataText(metadata: readonly NamedMetadata[]): string {
  const entries = metadata.flatMap((set) =>
    Object.entries(set.entries).map(([key, value]) => [set.name, key, value] as const),
  );
  if (entries.length === 0) return "";
  const widest = (texts: readonly string[]): number =>
    texts.reduce((most, text) => Math.max(most, printable(text).length), 0);
  const taken = widest(entries.map(([name]) => name)) + widest(entries.map(([, key]) => key)) + MARGINS;
  const left = Math.max(LINE_CHARACTERS - taken, LEAST_CHARACTERS);
  const rows = entries.map(([name, key, value]) => [name, key, cut(printable(value, left), left)]);
  return `Metadata\n${table([["name", "key", "value"], ...rows])}`;
}

/** Of a line in a table of three columns. */
const MARGINS = 6;

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
