import type { ChannelDeclaration } from "@playhead/recording";
import type { ClosedChunk } from "./chunk-builder.ts";
import { RecordBuffer } from "./record-buffer.ts";
import { OPCODE } from "./records.ts";

/** A channel of a file that is being written. */
export interface WrittenChannel {
  /** As it stands in the file. */
  readonly record: Uint8Array;
  /** How many messages there are. */
  count: number;
}

type Schema = NonNullable<ChannelDeclaration["schema"]>;

/** What the end of a file says of all that stands before. */
export class FileDirectory {
  /** By number. */
  readonly channels: WrittenChannel[] = [];
  /** Records, by number less one. */
  readonly #schemas: Uint8Array[] = [];
  /** Ids of the schemas by their content. */
  readonly #schemaIds = new Map<string, number>();
  readonly #chunkIndex = new RecordBuffer();
  readonly #metadataIndex = new RecordBuffer();
  #chunks = 0;
  #metadata = 0;
  #messages = 0;
  #firstTimeNs = 0n;
  #lastTimeNs = 0n;

  /** Gives the records that the file must have before the channel's messages: that of the channel, and before it that of a new schema. */
  addChannel({ topic, messageEncoding, schema, metadata = {} }: ChannelDeclaration): Uint8Array[] {
    const id = this.channels.length;
    const schemas = this.#schemas.length;
    const schemaId = schema === undefined ? 0 : this.#schemaId(schema);
    const record = recordOf(OPCODE.channel, (out) => {
      out.u16(id);
      out.u16(schemaId);
      out.text(topic);
      out.text(messageEncoding);
      out.texts(Object.entries(metadata));
    });
    this.channels.push({ record, count: 0 });
    return [...this.#schemas.slice(schemas), record];
  }

  countMessages(messages: number, firstTimeNs: bigint, lastTimeNs: bigint): void {
    if (this.#messages === 0 || firstTimeNs < this.#firstTimeNs) this.#firstTimeNs = firstTimeNs;
    if (this.#messages === 0 || lastTimeNs > this.#lastTimeNs) this.#lastTimeNs = lastTimeNs;
    this.#messages += messages;
  }

  addChunk(chunk: Omit<ClosedChunk, "bytes">, indexBytes: number, offset: number): void {
    const out = this.#chunkIndex;
    this.#chunks++;
    out.record(OPCODE.chunkIndex, () => {
      out.u64(chunk.firstTimeNs);
      out.u64(chunk.lastTimeNs);
      out.length64(offset);
      out.length64(chunk.chunkBytes);
      out.u32(chunk.indexOffsets.length * 10);
      for (const [channelId, indexOffset] of chunk.indexOffsets) {
        out.u16(channelId);
        out.length64(offset + indexOffset);
      }
      out.length64(indexBytes);
      out.text(chunk.compression);
      out.length64(chunk.compressedBytes);
      out.length64(chunk.uncompressedBytes);
    });
  }

  addMetadata(name: string, offset: number, length: number): void {
    const out = this.#metadataIndex;
    this.#metadata++;
    out.record(OPCODE.metadataIndex, () => {
      out.length64(offset);
      out.length64(length);
      out.text(name);
    });
  }

  /** The groups of the summary, none of them empty. */
  groups(): { readonly opcode: number; readonly bytes: Uint8Array }[] {
    const statistics = this.#statistics();
    const groups = [
      { opcode: OPCODE.schema, bytes: Buffer.concat(this.#schemas) },
      { opcode: OPCODE.channel, bytes: Buffer.concat(this.channels.map(({ record }) => record)) },
      { opcode: OPCODE.statistics, bytes: statistics },
      { opcode: OPCODE.metadataIndex, bytes: this.#metadataIndex.borrow() },
      { opcode: OPCODE.chunkIndex, bytes: this.#chunkIndex.borrow() },
    ];
    return groups.filter(({ bytes }) => bytes.length > 0);
  }

  #statistics(): Uint8Array {
    const counted = [...this.channels.entries()].filter(([, { count }]) => count > 0);
    return recordOf(OPCODE.statistics, (out) => {
      out.length64(this.#messages);
      out.u16(this.#schemas.length);
      out.u32(this.channels.length);
      out.u32(0); // attachments
      out.u32(this.#metadata);
      out.u32(this.#chunks);
      out.u64(this.#firstTimeNs);
      out.u64(this.#lastTimeNs);
      out.u32(counted.length * 10);
      for (const [id, { count }] of counted) {
        out.u16(id);
        out.length64(count);
      }
    });
  }

  #schemaId(schema: Schema): number {
    const key = JSON.stringify([schema.name, schema.encoding, Buffer.from(schema.data).toString("latin1")]);
    const known = this.#schemaIds.get(key);
    if (known !== undefined) return known;
    const id = this.#schemas.length + 1;
    const record = recordOf(OPCODE.schema, (out) => {
      out.u16(id);
      out.text(schema.name);
      out.text(schema.encoding);
      out.u32(schema.data.length);
      out.raw(schema.data);
    });
    this.#schemas.push(record);
    this.#schemaIds.set(key, id);
    return id;
  }
}

export function recordOf(opcode: number, fill: (out: RecordBuffer) => void): Uint8Array {
  const out = new RecordBuffer(256);
  out.record(opcode, () => fill(out));
  return out.borrow();
}
