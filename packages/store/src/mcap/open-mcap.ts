import { type Recording, RecordingError } from "@playhead/recording";
import { handlesOfChannels, sensorsOfChannels } from "../readings/channel-sensors.ts";
import { ProblemLog } from "../readings/problem-log.ts";
import { ReadingSource } from "../readings/reading-source.ts";
import { describeSensors } from "../readings/sensor-description.ts";
import { DEFAULT_MAX_CHUNK_BYTES } from "./chunk.ts";
import { compressionReady } from "./compression.ts";
import { FileBytes } from "./file-bytes.ts";
import { groupSegments } from "./groups.ts";
import { McapRecording } from "./mcap-recording.ts";
import { MAGIC } from "./records.ts";
import { scanFile } from "./scan.ts";
import type { McapIndex } from "./segment.ts";
import { SegmentLoader } from "./segment-loader.ts";
import { firstMessage, rangesOf } from "./sensor-ranges.ts";
import { readSummary } from "./summary.ts";

/** Beside a chunk's content: its head, and what compression adds where it cannot compress. */
export const READ_MARGIN_BYTES = 4 * 1024 * 1024;

export interface OpenOptions {
  /** A chunk that claims to hold more is not read; 256 MiB without. */
  readonly maxChunkBytes?: number;
  /** Ends the reading through of a file without an index. */
  readonly signal?: AbortSignal;
}

/**
 * Opens an MCAP file. Its time line is the log time: when the recorder received each message. It is the one time that every message of every
 * encoding has, it is what the file is indexed by, and messages reached a running system in its order. The sensor's own clock is in the
 * reading's metadata (`stamp_us`) where the message has a header.
 *
 * A file without a usable index, such as one whose writer was interrupted, is read through once to make one, up to the damage; the problems say
 * what is lost. Throws a RecordingError where the file cannot be read or is no MCAP file.
 */
export async function openMcap(path: string, options: OpenOptions = {}): Promise<Recording> {
  const maxChunkBytes = options.maxChunkBytes ?? DEFAULT_MAX_CHUNK_BYTES;
  const file = await FileBytes.open(path, maxChunkBytes + READ_MARGIN_BYTES);
  try {
    await checkMagic(file);
    await compressionReady();
    const problems = new ProblemLog();
    const index = await readIndex(file, problems, maxChunkBytes, options.signal);
    const loader = new SegmentLoader(file, problems, maxChunkBytes);
    const channelSensors = sensorsOfChannels(index);
    const handles = handlesOfChannels(channelSensors);
    const groups = groupSegments(index.segments, handles, channelSensors.length);
    const first = (handle: number) => firstMessage(handle, handles, groups, loader);
    const { sensors, converters } = await describeSensors(channelSensors, rangesOf(groups), first, problems);
    const source = new ReadingSource(sensors, handles, converters, problems);
    return new McapRecording({ file, loader, problems, groups, source });
  } catch (error) {
    await file.close();
    throw error;
  }
}

export async function checkMagic(file: FileBytes): Promise<void> {
  const start = await file.readAt(0, Math.min(MAGIC.length, file.sizeBytes));
  if (start.length === MAGIC.length && MAGIC.every((byte, index) => byte === start[index])) return;
  const found = Array.from(start, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  throw new RecordingError(file.sizeBytes === 0 ? "empty" : "unknown-format", {
    expected: "an MCAP file",
    found: file.sizeBytes === 0 ? "an empty file" : `a file that begins with ${found}`,
    where: file.path,
  });
}

export async function readIndex(
  file: FileBytes,
  problems: ProblemLog,
  maxChunkBytes: number,
  signal: AbortSignal | undefined,
): Promise<McapIndex> {
  try {
    return await readSummary(file);
  } catch (cause) {
    if (cause instanceof RecordingError) throw cause;
    const reason = (cause as Error).message;
    problems.addForFile("index", "no-index", `${reason}; the file was read through instead`);
    return scanFile(file, problems, maxChunkBytes, signal);
  }
}
