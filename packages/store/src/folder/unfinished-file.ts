import type { ChannelDeclaration } from "@playhead/recording";
import type { Compression } from "../mcap/compression.ts";
import type { FileBytes } from "../mcap/file-bytes.ts";
import { readProfile } from "../mcap/profile.ts";
import { OPCODE, parseChannel, parseMetadata, parseSchema, RECORD_HEADER_BYTES } from "../mcap/records.ts";
import { type RecordBetween, readWrittenPart, type WrittenPart } from "../mcap/written-part.ts";
import type { RecordedSchema } from "../readings/channel-sensors.ts";
import type { NamedMetadata } from "../recording-store.ts";

/** What a file has that its writer left before it was finished. */
export interface UnfinishedFile {
  readonly profile: string;
  readonly compression: Compression;
  /** How many messages stand in whole chunks. */
  readonly messages: number;
  /** By number. */
  readonly channels: readonly ChannelDeclaration[];
  readonly metadata: readonly NamedMetadata[];
  /** Of these, those behind the last message. */
  readonly lastMetadata: readonly NamedMetadata[];
}

export async function readUnfinished(file: FileBytes, maxChunkBytes: number): Promise<UnfinishedFile> {
  const part = await readWrittenPart(file, maxChunkBytes);
  const lastChunk = part.chunks.at(-1);
  const behind = ({ offset }: RecordBetween): boolean => offset > (lastChunk?.offset ?? 0);
  const metadata = part.others.filter(({ opcode }) => opcode === OPCODE.metadata);
  return {
    profile: await readProfile(file),
    compression: compressionOf(lastChunk?.compression),
    messages: part.chunks.reduce((sum, { count }) => sum + count, 0),
    channels: declarationsOf(part),
    metadata: metadata.map(contentOf),
    lastMetadata: metadata.filter(behind).map(contentOf),
  };
}

function compressionOf(name: string | undefined): Compression {
  return name === "lz4" || name === "zstd" ? name : "none";
}

function declarationsOf(part: WrittenPart): ChannelDeclaration[] {
  const schemas = new Map<number, RecordedSchema>();
  const channels: ChannelDeclaration[] = [];
  for (const { opcode, bytes } of part.others) {
    const content = bytes.subarray(RECORD_HEADER_BYTES);
    if (opcode === OPCODE.schema) {
      const schema = parseSchema(content);
      schemas.set(schema.id, schema);
    } else if (opcode === OPCODE.channel) {
      const { topic, messageEncoding, schemaId, metadata } = parseChannel(content);
      const { name, encoding, data } = schemas.get(schemaId) ?? {};
      const schema =
        name === undefined || encoding === undefined || data === undefined
          ? undefined
          : { name, encoding, data };
      channels.push({ topic, messageEncoding, schema, metadata: Object.fromEntries(metadata) });
    }
  }
  return channels;
}

function contentOf({ bytes }: RecordBetween): NamedMetadata {
  return parseMetadata(bytes.subarray(RECORD_HEADER_BYTES));
}
