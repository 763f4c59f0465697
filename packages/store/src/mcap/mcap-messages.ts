import { McapIndexedReader } from "@mcap/core";
import type { ChannelDeclaration, Problem } from "@playhead/recording";
import { handlesOfChannels, type RecordedChannels, sensorsOfChannels } from "../readings/channel-sensors.ts";
import { ProblemLog } from "../readings/problem-log.ts";
import type { NamedMetadata, RecordedMessage } from "../recording-store.ts";
import { DEFAULT_MAX_CHUNK_BYTES } from "./chunk.ts";
import { compressionReady } from "./compression.ts";
import { FileBytes } from "./file-bytes.ts";
import { groupSegments } from "./groups.ts";
import { mergeSegments, type Run } from "./merge.ts";
import { checkMagic, type OpenOptions, READ_MARGIN_BYTES, readIndex } from "./open-mcap.ts";
import { MESSAGE_HEAD_BYTES, MESSAGE_TIME_OFFSET } from "./records.ts";
import { SegmentLoader } from "./segment-loader.ts";

/** In a message's head, behind its channel. */
const MESSAGE_SEQUENCE_OFFSET = 2;

/** A file's messages as they are recorded, malformed ones too: for what passes recordings on without looking into them. */
export interface McapMessages {
  readonly path: string;
  readonly sizeBytes: number;
  /** Grows while messages are read. */
  readonly problems: readonly Problem[];
  /** In the order of their numbers in the file. */
  readonly channels: readonly ChannelDeclaration[];
  readonly messageCount: number;
  /** What the header says, such as `ros2`. */
  readonly profile: string;
  /** Named sets of strings, in the order of the file. */
  readonly metadata: readonly NamedMetadata[];
  /** All messages in total order; `channel` is the place in `channels`. The data are views, valid as long as they are kept. */
  messages(): AsyncIterable<readonly RecordedMessage[]>;
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
    const channelIds = [...index.channels.keys()].sort((a, b) => a - b);
    const numbers = new Map(channelIds.map((id, number) => [id, number]));
    const counts = groups.flatMap((group) => Array.from(group.sensors.values(), ({ count }) => count));
    return {
      path,
      sizeBytes: file.sizeBytes,
      problems: log.problems,
      channels: channelIds.map((id) => declarationOf(index, id)),
      messageCount: counts.reduce((sum, count) => sum + count, 0),
      ...(await readRest(file, log)),
      async *messages() {
        for (const group of groups) {
          for await (const run of mergeSegments(group.segments, loader)) yield messagesOf(run, numbers);
        }
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function declarationOf({ channels, schemas }: RecordedChannels, id: number): ChannelDeclaration {
  const channel = channels.get(id);
  if (channel === undefined) throw new Error(`Invariant: channel ${id}`);
  const { topic, messageEncoding, schemaId } = channel;
  const schema = schemas.get(schemaId);
  return {
    topic,
    messageEncoding,
    schema: schema && { name: schema.name, encoding: schema.encoding, data: schema.data },
    metadata: Object.fromEntries(channel.metadata),
  };
}

/** Messages of channels that the file does not define are left out. */
function messagesOf({ table, from, to }: Run, numbers: ReadonlyMap<number, number>): RecordedMessage[] {
  const messages: RecordedMessage[] = [];
  for (let row = from; row < to; row++) {
    const channel = numbers.get(table.channelId[row] as number);
    if (channel === undefined) continue;
    const head = (table.dataOffset[row] as number) - MESSAGE_HEAD_BYTES;
    messages.push({
      channel,
      logTimeNs: table.view.getBigUint64(head + MESSAGE_TIME_OFFSET, true),
      publishTimeNs: table.publishTimeNs(row),
      sequence: table.view.getUint32(head + MESSAGE_SEQUENCE_OFFSET, true),
      data: table.data(row),
    });
  }
  return messages;
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
