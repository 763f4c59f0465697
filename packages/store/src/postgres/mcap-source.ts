import type { ChannelDeclaration } from "@playhead/recording";
import type { McapMessages } from "../mcap/mcap-messages.ts";
import { MESSAGE_HEAD_BYTES } from "../mcap/records.ts";
import { handlesOfChannels, sensorsOfChannels } from "../readings/channel-sensors.ts";
import type { RecordedMessage } from "../recording-store.ts";

/** In a message's head, behind its channel: 32 bits. */
const SEQUENCE_OFFSET = 2;

/** The channels of a file in the order of their ids, as a store takes them. */
export function declarationsOf({ channels, schemas }: McapMessages): ChannelDeclaration[] {
  return idsOf(channels).map((id) => {
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
  });
}

/** The messages of a file in total order; `channel` is the place among the declarations. Those of channels that it does not define are left out. */
export async function* messagesOf(file: McapMessages): AsyncGenerator<RecordedMessage[]> {
  const known = handlesOfChannels(sensorsOfChannels(file));
  const numbers = new Uint16Array(known.length);
  for (const [number, id] of idsOf(file.channels).entries()) numbers[id] = number;
  for await (const { table, from, to } of file.messages()) {
    const messages: RecordedMessage[] = [];
    for (let row = from; row < to; row++) {
      const id = table.channelId[row] as number;
      if ((known[id] as number) < 0) continue;
      messages.push({
        channel: numbers[id] as number,
        logTimeNs: BigInt(table.timeUs[row] as number) * 1000n + BigInt(table.remainderNs[row] as number),
        publishTimeNs: table.publishTimeNs(row),
        sequence: sequenceAt(
          table.records,
          (table.dataOffset[row] as number) - MESSAGE_HEAD_BYTES + SEQUENCE_OFFSET,
        ),
        data: table.data(row),
      });
    }
    yield messages;
  }
}

function idsOf(channels: McapMessages["channels"]): number[] {
  return [...channels.keys()].sort((a, b) => a - b);
}

/** Little-endian. */
function sequenceAt(bytes: Uint8Array, offset: number): number {
  const byte = (place: number): number => bytes[offset + place] as number;
  return (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) >>> 0;
}
