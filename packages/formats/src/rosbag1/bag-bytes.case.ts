/** A small writer of ROS 1 bags for tests. */

interface BagMessage {
  readonly connection: number;
  readonly timeNs: bigint;
  readonly data: Uint8Array;
}

export interface BagConnection {
  readonly topic: string;
  readonly type: string;
  readonly definition: string;
  readonly callerid?: string;
}

export interface BagOptions {
  readonly connections: readonly BagConnection[];
  /** The messages of each chunk. */
  readonly chunks: readonly (readonly BagMessage[])[];
  readonly compression?: "none" | "lz4" | "bz2";
  /** Gives the compressed form of a chunk's content. */
  readonly compress?: (content: Uint8Array) => Uint8Array;
  /** Leaves out what a writer that is interrupted has not written. */
  readonly unindexed?: boolean;
}

export function bagBytes(options: BagOptions): Uint8Array {
  const { connections, chunks, compression = "none", compress = (content) => content } = options;
  const parts: Uint8Array[] = [text("#ROSBAG V2.0\n"), new Uint8Array(0)];
  let offset = 13 + bagHeader(0, 0, 0).length;
  const infos: Uint8Array[] = [];
  for (const messages of chunks) {
    const content = chunkContent(connections, messages);
    const header = fields({ op: u8(5), compression: text(compression), size: u32(content.length) });
    const records = [record(header, compress(content)), indexData(messages)];
    infos.push(chunkInfo(offset, messages));
    parts.push(...records);
    offset += records.reduce((sum, { length }) => sum + length, 0);
  }
  const isWhole = options.unindexed !== true;
  if (isWhole) {
    for (const [number, connection] of connections.entries())
      parts.push(connectionRecord(number, connection));
    parts.push(...infos);
  }
  parts[1] = bagHeader(isWhole ? offset : 0, isWhole ? connections.length : 0, isWhole ? chunks.length : 0);
  return Uint8Array.from(Buffer.concat(parts));
}

/** Connections where they are first used, then messages. */
export function chunkContent(
  connections: readonly BagConnection[],
  messages: readonly BagMessage[],
): Uint8Array {
  const used = new Set<number>();
  const records = messages.flatMap(({ connection, timeNs, data }) => {
    const message = record(fields({ op: u8(2), conn: u32(connection), time: time(timeNs) }), data);
    const declared = connections[connection];
    if (used.has(connection) || declared === undefined) return [message];
    used.add(connection);
    return [connectionRecord(connection, declared), message];
  });
  return Uint8Array.from(Buffer.concat(records));
}

function bagHeader(indexOffset: number, connections: number, chunks: number): Uint8Array {
  const header = fields({
    op: u8(3),
    index_pos: u64(indexOffset),
    conn_count: u32(connections),
    chunk_count: u32(chunks),
  });
  return record(header, new Uint8Array(4096 - header.length - 8).fill(0x20));
}

function connectionRecord(number: number, { topic, type, definition, callerid }: BagConnection): Uint8Array {
  const said = fields({
    topic: text(topic),
    type: text(type),
    md5sum: text("0123456789abcdef"),
    message_definition: text(definition),
    ...(callerid === undefined ? {} : { callerid: text(callerid) }),
  });
  return record(fields({ op: u8(7), conn: u32(number), topic: text(topic) }), said);
}

function indexData(messages: readonly BagMessage[]): Uint8Array {
  const data = Buffer.concat(messages.map(({ timeNs }) => Buffer.concat([time(timeNs), u32(0)])));
  return record(fields({ op: u8(4), ver: u32(1), conn: u32(0), count: u32(messages.length) }), data);
}

function chunkInfo(offset: number, messages: readonly BagMessage[]): Uint8Array {
  const times = messages.map(({ timeNs }) => timeNs).sort((a, b) => (a < b ? -1 : 1));
  const header = fields({
    op: u8(6),
    ver: u32(1),
    chunk_pos: u64(offset),
    start_time: time(times[0] ?? 0n),
    end_time: time(times.at(-1) ?? 0n),
    count: u32(1),
  });
  return record(header, Buffer.concat([u32(0), u32(messages.length)]));
}

function record(header: Uint8Array, data: Uint8Array): Uint8Array {
  return Buffer.concat([u32(header.length), header, u32(data.length), data]);
}

function fields(values: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return Buffer.concat(
    Object.entries(values).flatMap(([name, value]) => {
      const field = Buffer.concat([text(`${name}=`), value]);
      return [u32(field.length), field];
    }),
  );
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function u8(value: number): Uint8Array {
  return Uint8Array.of(value);
}

function u32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

function u64(value: number): Uint8Array {
  return new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
}

function time(timeNs: bigint): Uint8Array {
  return Buffer.concat([u32(Number(timeNs / 1_000_000_000n)), u32(Number(timeNs % 1_000_000_000n))]);
}

/** An LZ4 frame that keeps its content as it is: version 1, one block that is not compressed, no checksums. */
export function storedLz4(content: Uint8Array): Uint8Array {
  const header = Uint8Array.of(0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73);
  return Buffer.concat([header, u32((content.length | 0x80000000) >>> 0), content, u32(0)]);
}
