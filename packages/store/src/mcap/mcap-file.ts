import { availableParallelism } from "node:os";
import { RecordingError } from "@playhead/recording";
import {
  type ChannelSensor,
  handlesOfChannels,
  type RecordedChannels,
  sensorsOfChannels,
} from "../readings/channel-sensors.ts";
import { ProblemLog } from "../readings/problem-log.ts";
import type { SensorRange } from "../readings/sensor-range.ts";
import { CheckedSegments } from "./checked-segments.ts";
import { DEFAULT_MAX_CHUNK_BYTES } from "./chunk.ts";
import { compressionReady } from "./compression.ts";
import { FileBytes } from "./file-bytes.ts";
import { followMcapFile, untilBegun } from "./follow-mcap.ts";
import { GroupIndex, type Groups } from "./group-index.ts";
import { IndexBuilder } from "./index-builder.ts";
import { mergeSegments } from "./merge.ts";
import { MAGIC } from "./records.ts";
import { type FileIndex, type LoadedIndex, SavedIndexes, type SavedIndexOptions } from "./saved-index.ts";
import { scanFile } from "./scan.ts";
import { SegmentLoader } from "./segment-loader.ts";
import { DirectSegments, type SegmentReader, SharedSegments } from "./segment-reader.ts";
import { isFinished, readSummary } from "./summary.ts";
import { WorkerSegments } from "./worker-segments.ts";

/** Beside a chunk's content: its head, and what compression adds where it cannot compress. */
const READ_MARGIN_BYTES = 4 * 1024 * 1024;

export interface OpenOptions {
  /** A chunk that claims to hold more is not read; 256 MiB without. */
  readonly maxChunkBytes?: number;
  /** Ends the reading through of a file without an index, and following. */
  readonly signal?: AbortSignal;
  /**
   * Whether a file that is still being written is read on as it grows: see `Recording.growing`. Opening waits for a first message then. Of no effect
   * on a finished file.
   */
  readonly follow?: boolean;
  /**
   * How much recorded time a file that is followed has when it is opened, µs, 0 without: many recorders declare a channel with its first message, and channels that
   * come later are left out.
   */
  readonly followAfterUs?: number;
  /** Told where opening has to wait for a file that is followed: for its first bytes, and for its first messages. */
  readonly onWait?: () => void;
  /** Where the position index of a large file is kept for the next time; false for nowhere. */
  readonly savedIndex?: SavedIndexOptions | false;
  /** Whether a thread of its own reads, checks and decompresses; without, only where there is much to decompress: in files from 16 MiB on. */
  readonly worker?: boolean;
}

/** From this size on, what a thread takes over is worth more than starting it. */
const WORKER_FROM_BYTES = 16 * 1024 * 1024;

/** An MCAP file with its position index: what recordings and messages are read from. */
export interface McapFile extends RecordedChannels {
  readonly file: FileBytes;
  readonly problems: ProblemLog;
  readonly groups: Groups;
  readonly loader: SegmentLoader;
  readonly sensors: readonly ChannelSensor[];
  /** The sensor of each channel, −1 for none. */
  readonly handles: Int32Array;
  /** By sensor handle; only those that have messages. */
  readonly ranges: ReadonlyMap<number, SensorRange>;
  /** Whether it is still being written. */
  isGrowing(): boolean;
  /** The first message of a sensor that can be read. */
  firstMessage(handle: number): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

export async function openFileBytes(path: string, options: OpenOptions): Promise<FileBytes> {
  return FileBytes.open(path, (options.maxChunkBytes ?? DEFAULT_MAX_CHUNK_BYTES) + READ_MARGIN_BYTES);
}

/** Throws a RecordingError where the file cannot be read or is no MCAP file. */
export async function openMcapFile(path: string, options: OpenOptions): Promise<McapFile> {
  const file = await openFileBytes(path, options);
  let index: OpenedIndex | undefined;
  try {
    if (options.follow === true) await untilBegun(file, options);
    await checkMagic(file);
    if (options.follow === true && !(await isFinished(file))) return await followMcapFile(file, options);
    await compressionReady();
    const problems = new ProblemLog();
    index = await openIndex(file, problems, options);
    return assemble(file, problems, index, segmentReader(file, options));
  } catch (error) {
    await index?.close();
    await file.close();
    throw error;
  }
}

function segmentReader(file: FileBytes, options: OpenOptions): SegmentReader {
  const { maxChunkBytes = DEFAULT_MAX_CHUNK_BYTES, worker } = options;
  const here = new DirectSegments(file, maxChunkBytes);
  if (worker === false) return here;
  if (worker === undefined && (file.sizeBytes < WORKER_FROM_BYTES || availableParallelism() < 2)) return here;
  const there = WorkerSegments.create(file, maxChunkBytes);
  if (there === undefined) return here;
  return worker === true ? there : new SharedSegments(here, there);
}

type OpenedIndex = Omit<LoadedIndex, "problems">;

function assemble(
  file: FileBytes,
  problems: ProblemLog,
  index: OpenedIndex,
  reader: SegmentReader,
): McapFile {
  const { schemas, channels, positions, checked } = index;
  const sensors = sensorsOfChannels(index);
  const handles = handlesOfChannels(sensors);
  const groups = new GroupIndex(positions, async (offset, length) => {
    file.checkOpen();
    return index.blocks(offset, length);
  });
  const loader = new SegmentLoader(file.path, problems, reader, checked);
  const ranges = new Map<number, SensorRange>();
  for (const [handle, range] of positions.ranges.entries())
    if (range !== undefined) ranges.set(handle, range);
  return {
    file,
    problems,
    groups,
    loader,
    sensors,
    handles,
    ranges,
    schemas,
    channels,
    isGrowing: () => false,
    firstMessage: (handle) => firstMessageIn({ groups, loader, sensors, handles }, handle),
    async close() {
      await loader.close();
      await file.close();
      await index.close();
    },
  };
}

export async function firstMessageIn(
  { groups, loader, sensors, handles }: Pick<McapFile, "groups" | "loader" | "sensors" | "handles">,
  handle: number,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const wanted = new Uint8Array(sensors.length);
  wanted[handle] = 1;
  for await (const group of groups.between(0, Number.POSITIVE_INFINITY, wanted, signal)) {
    for await (const { table, from, to } of mergeSegments(group.segments, loader)) {
      for (let row = from; row < to; row++) {
        if (handles[table.channelId[row] as number] === handle) return table.data(row);
      }
    }
  }
  return undefined;
}

/** The index that is kept, or one that is made, and kept. */
async function openIndex(file: FileBytes, problems: ProblemLog, options: OpenOptions): Promise<OpenedIndex> {
  const saved =
    options.savedIndex === false ? undefined : await SavedIndexes.of(file, options.savedIndex ?? {});
  const loaded = await saved?.load();
  if (loaded !== undefined) {
    for (const [place, problem] of loaded.problems.entries()) problems.add(`saved ${place}`, problem);
    return loaded;
  }
  const made = await makeIndex(file, problems, options);
  const kept = (await saved?.save(made)) === true ? await saved?.load() : undefined;
  return kept ?? inMemory(made);
}

function inMemory({ schemas, channels, positions }: FileIndex): OpenedIndex {
  return {
    schemas,
    channels,
    positions,
    blocks: async (offset, length) => positions.bytes.subarray(offset, offset + length),
    checked: new CheckedSegments(positions.segmentCount),
    close: async () => undefined,
  };
}

async function makeIndex(file: FileBytes, problems: ProblemLog, options: OpenOptions): Promise<FileIndex> {
  const { builder, channels } = await readIndex(file, problems, options);
  const sensors = sensorsOfChannels(channels);
  const positions = builder.build(handlesOfChannels(sensors), sensors.length);
  const { schemas } = channels;
  return { schemas, channels: channels.channels, positions, problems: problems.problems };
}

/** From the summary, or from all of the file. */
async function readIndex(
  file: FileBytes,
  problems: ProblemLog,
  { maxChunkBytes = DEFAULT_MAX_CHUNK_BYTES, signal }: OpenOptions,
): Promise<{ builder: IndexBuilder; channels: RecordedChannels }> {
  const builder = new IndexBuilder();
  try {
    return { builder, channels: await readSummary(file, builder) };
  } catch (cause) {
    if (cause instanceof RecordingError) throw cause;
    const reason = (cause as Error).message;
    problems.addForFile("index", "no-index", `${reason}; the file was read through instead`);
  }
  const scanned = new IndexBuilder();
  return { builder: scanned, channels: await scanFile(file, scanned, problems, maxChunkBytes, signal) };
}

async function checkMagic(file: FileBytes): Promise<void> {
  const start = await file.readAt(0, Math.min(MAGIC.length, file.sizeBytes));
  if (start.length === MAGIC.length && MAGIC.every((byte, index) => byte === start[index])) return;
  const found = Array.from(start, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  throw new RecordingError(file.sizeBytes === 0 ? "empty" : "unknown-format", {
    expected: "an MCAP file",
    found: file.sizeBytes === 0 ? "an empty file" : `a file that begins with ${found}`,
    where: file.path,
  });
}
