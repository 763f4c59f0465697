import type { ChannelDeclaration } from "@playhead/recording";
import { numberOf, type Record1, readHeader, textOf } from "./record.ts";

const MOST_CONNECTIONS = 60_000;

/**
 * The connections of a bag, and the channels that they become: connections of one topic with one type are one channel, for they are several
 * publishers of it.
 */
export class Connections {
  readonly channels: ChannelDeclaration[] = [];
  readonly #channelOf = new Map<number, number>();
  readonly #byContent = new Map<string, number>();

  /** Takes in a connection record; one that is there already (chunks repeat them) is passed over. Throws a RecordError. */
  add(record: Record1, offset: number): void {
    const connection = numberOf(record.header, "conn", offset);
    if (this.#channelOf.has(connection) || this.#channelOf.size === MOST_CONNECTIONS) return;
    const said = readHeader(record.data, offset);
    const topic = textOf(record.header, "topic") ?? textOf(said, "topic") ?? `/connection_${connection}`;
    const type = textOf(said, "type") ?? "";
    const definition = said.get("message_definition") ?? new Uint8Array(0);
    const key = JSON.stringify([topic, type, Buffer.from(definition).toString("latin1")]);
    const known = this.#byContent.get(key);
    if (known === undefined) {
      this.#byContent.set(key, this.channels.length);
      this.#channelOf.set(connection, this.channels.length);
      this.channels.push({
        topic,
        messageEncoding: "ros1",
        schema: type === "" ? undefined : { name: type, encoding: "ros1msg", data: definition.slice() },
        metadata: metadataOf(said),
      });
    } else this.#channelOf.set(connection, known);
  }

  /** The channel of a connection; undefined for one that the bag does not define. */
  channelOf(connection: number): number | undefined {
    return this.#channelOf.get(connection);
  }
}

/** What MCAP files that were made of ROS 1 bags say of a channel. */
function metadataOf(said: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  const entries = ["md5sum", "callerid", "latching"].flatMap((name) => {
    const text = textOf(said, name);
    return text === undefined ? [] : [[name, text] as const];
  });
  return Object.fromEntries(entries);
}
