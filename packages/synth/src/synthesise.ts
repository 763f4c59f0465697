import { rm, stat } from "node:fs/promises";
import { Random } from "@playhead/exact-math";
import type { RecordingWriter } from "@playhead/recording";
import { createMcapWriter } from "@playhead/store";
import { completeOptions, type DriveOptions, type SynthOptions } from "./options.ts";
import { frontCamera } from "./sensors/camera.ts";
import { canBus } from "./sensors/can.ts";
import { satelliteReceiver } from "./sensors/gps.ts";
import { truthEvents, truthObjects } from "./sensors/ground-truth.ts";
import { inertialUnit } from "./sensors/imu.ts";
import { type Instrument, Moment, type Series } from "./sensors/instrument.ts";
import { topLidar } from "./sensors/lidar.ts";
import { frontRadar } from "./sensors/radar.ts";
import { frontUltrasonic } from "./sensors/ultrasonic.ts";
import { World } from "./world/world.ts";

/** What was written. */
export interface SynthSummary {
  /** Messages per topic, sorted by topic. */
  readonly messages: Readonly<Record<string, number>>;
  /** Bytes of all messages, before compression. */
  readonly messageBytes: number;
  /** Time of the first and the last message, µs since the Unix epoch. */
  readonly firstUs: number;
  readonly lastUs: number;
}

/** Follows the work. */
export interface SynthWatch {
  /** Called now and then with the share that is done, 0 … 1. */
  readonly onProgress?: (share: number) => void;
  /** Ends the work early; the promise is rejected with its reason. */
  readonly signal?: AbortSignal;
}

/** Where to, and what. */
export interface SynthesiseOptions extends SynthOptions, SynthWatch {
  /** The MCAP file; an existing one is replaced. */
  readonly path: string;
}

/** What was written, and how large the file is. */
export interface SynthesiseSummary extends SynthSummary {
  readonly fileBytes: number;
}

/** How often progress is told, µs of the drive. */
const progressStepUs = 500_000;

/**
 * Writes a drive as an MCAP file (profile `ros2`, chunks compressed with zstd): equal options give equal bytes. When it fails or is
 * cancelled, no file is left.
 */
export async function synthesise(options: SynthesiseOptions): Promise<SynthesiseSummary> {
  completeOptions(options);
  const writer = await createMcapWriter(options.path, { compression: "zstd", profile: "ros2" });
  let closed = false;
  try {
    const summary = await writeDrive(writer, options, options);
    closed = true;
    await writer.close();
    return { ...summary, fileBytes: (await stat(options.path)).size };
  } catch (error) {
    if (!closed) await writer.close().catch(() => undefined);
    await rm(options.path, { force: true });
    throw error;
  }
}

/**
 * Writes a drive into a recording, which stays open. The messages, their times and their order depend on the options only, on
 * every machine. Throws a SynthOptionError for options that cannot be used.
 */
export async function writeDrive(
  writer: RecordingWriter,
  options: SynthOptions,
  watch: SynthWatch = {},
): Promise<SynthSummary> {
  const complete = completeOptions(options);
  const world = new World(complete);
  const instruments = makeInstruments(world, complete);
  const channels: number[] = [];
  for (const instrument of instruments) channels.push(await writer.addChannel(instrument.channel));
  await writer.addMetadata("playhead.synth", {
    seed: String(complete.seed),
    scenario: complete.scenario,
    duration_s: String(complete.durationS),
    start_us: String(complete.startUs),
  });
  const counts = instruments.map(() => 0);
  const endUs = Math.round(complete.durationS * 1e6);
  let messageBytes = 0;
  let firstUs: number | undefined;
  let lastUs = complete.startUs;
  let nextProgressUs = 0;
  for (const due of inOrder(instruments, endUs)) {
    watch.signal?.throwIfAborted();
    if (due.sinceStartUs >= nextProgressUs) {
      watch.onProgress?.(due.sinceStartUs / endUs);
      nextProgressUs = due.sinceStartUs + progressStepUs;
    }
    const moment = new Moment(world, due.sinceStartUs);
    const data = due.series.measure(moment, due.k);
    const timeNs = BigInt(moment.timeUs) * 1000n;
    await writer.write(channels[due.instrument] ?? 0, timeNs, timeNs, data);
    counts[due.instrument] = (counts[due.instrument] ?? 0) + 1;
    messageBytes += data.byteLength;
    firstUs ??= moment.timeUs;
    lastUs = moment.timeUs;
  }
  watch.onProgress?.(1);
  const entries = instruments.map(({ channel }, i) => [channel.topic, counts[i] ?? 0] as const);
  entries.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return { messages: Object.fromEntries(entries), messageBytes, firstUs: firstUs ?? lastUs, lastUs };
}

/** Every instrument has random numbers of its own, so that they do not depend on each other. */
function makeInstruments(world: World, { seed, scenario }: DriveOptions): readonly Instrument[] {
  const random = Random.fromSeed(seed).fork(scenario).fork("sensors");
  return [
    frontCamera(world, random.fork("camera")),
    topLidar(random.fork("lidar")),
    frontRadar(random.fork("radar")),
    inertialUnit(random.fork("imu")),
    satelliteReceiver(random.fork("gps")),
    canBus(world, random.fork("can")),
    frontUltrasonic(random.fork("ultrasonic")),
    truthObjects(world),
    truthEvents(world),
  ];
}

interface Due {
  readonly sinceStartUs: number;
  readonly instrument: number;
  readonly series: Series;
  readonly k: number;
}

/** All that is due before the end (exclusive): by time, then by the order of the instruments and their series. */
function* inOrder(instruments: readonly Instrument[], endUs: number): Generator<Due> {
  const pending = instruments.flatMap(({ series }, instrument) =>
    series.map((one) => ({ instrument, series: one, k: 0, dueUs: one.dueUs(0) ?? Number.POSITIVE_INFINITY })),
  );
  while (true) {
    let first: (typeof pending)[number] | undefined;
    for (const candidate of pending) {
      if (candidate.dueUs < (first?.dueUs ?? endUs)) first = candidate;
    }
    if (!first) return;
    yield { sinceStartUs: first.dueUs, instrument: first.instrument, series: first.series, k: first.k };
    first.k++;
    first.dueUs = first.series.dueUs(first.k) ?? Number.POSITIVE_INFINITY;
  }
}
