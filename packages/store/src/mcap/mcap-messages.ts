import { McapIndexedReader } from "@mcap/core";
import type { Problem } from "@playhead/recording";
import { handlesOfChannels, type RecordedChannels, sensorsOfChannels } from "../readings/channel-sensors.ts";
import { ProblemLog } from "../readings/problem-log.ts";
import { DEFAULT_MAX_CHUNK_BYTES } from "./chunk.ts";
import { compressionReady } from "./compression.ts";
import { FileBytes } from "./file-bytes.ts";
import { groupSegments } from "./groups.ts";
import { mergeSegments, type Run } from "./merge.ts";
import { checkMagic, type OpenOptions, READ_MARGIN_BYTES, readIndex } from "./open-mcap.ts";
import { SegmentLoader } from "./segment-loader.ts";

/** A file's messages as they are recorded, malformed ones too: for what passes recordings on without looking into them. */
export interface McapMessages extends RecordedChannels {
  readonly path: string;
  readonly sizeBytes: number;
  /** Grows while messages are read. */
  readonly problems: readonly Problem[];
  readonly messageCount: number;
  /** What the header says, such as `ros2`. */
  readonly profile: string;
  /** Named sets of strings, in the order of the file. */
  readonly metadata: readonly { readonly name: string; readonly entries: Readonly<Record<string, string>> }[];
  /** Runs of rows that follow each other in total order. */
  messages(): AsyncIterable<Run>;
  close(): Promise<void>;
}

/** Opens an MCAP file for its messages: like `openMcap`, without the conversion to readings. */
export async function openMcapMessages(path: string, options: OpenOptions = {}): Promise<McapMessages> {
  const maxChunkBytes = options.maxChunkBytes ?? DEFAULT_MAX_CHUNK_BYTES;
  const file = await FileBytes.open(path, maxChunkBytes + READ_MARGIN_BYTES);
  try {
    await checkMagic(file);
    await compressionReady();
    const log = new ProblemLog();
    const index = await readIndex(file, log, maxChunkBytes, options.signal);
    const loader = new SegmentLoader(file, log, maxChunkBytes);
    const sensors = sensorsOfChannels(index);
    const groups = groupSegments(index.segments, handlesOfChannels(sensors), sensors.length);
    const counts = groups.flatMap((group) => Array.from(group.sensors.values(), ({ count }) => count));
    return {
      path,
      sizeBytes: file.sizeBytes,
      problems: log.problems,
      schemas: index.schemas,
      channels: index.channels,
      messageCount: counts.reduce((sum, count) => sum + count, 0),
      ...(await readRest(file, log)),
      async *messages() {
        for (const group of groups) yield* mergeSegments(group.segments, loader);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** What a file has beside its messages, where it has a summary that leads there. */
async function readRest(
  file: FileBytes,
  log: ProblemLog,
): Promise<Pick<McapMessages, "profile" | "metadata">> {
  try {
    const reader = await McapIndexedReader.Initialize({ readable: file });
    const metadata: McapMessages["metadata"][number][] = [];
    for await (const record of reader.readMetadata())
      metadata.push({ name: record.name, entries: Object.fromEntries(record.metadata) });
    const attachments = reader.attachmentIndexes.length;
    if (attachments > 0)
      log.addForFile("attachments", "attachments", `${attachments} attachments are not read`);
    return { profile: reader.header.profile, metadata };
  } catch (cause) {
    const reason = `${(cause as Error).message}; the file's metadata are not read`;
    log.addForFile("metadata", "no-metadata", reason);
    return { profile: "", metadata: [] };
  }
}
