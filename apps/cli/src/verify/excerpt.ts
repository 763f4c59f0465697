import type { RecordingWriter } from "@playhead/recording";
import { createMcapWriter, type McapMessages, openMcapMessages } from "@playhead/store";

/** A part of a recording that was written as a recording of its own. */
export interface Excerpt {
  /** Time of its first message, µs. */
  readonly startUs: number;
  readonly messages: number;
}

/**
 * Copies a part of an MCAP file, as it was recorded: one message before, so that the part begins inside, and one behind.
 *
 * @param fromUs inclusive, µs
 * @param toUs inclusive, µs
 */
export async function writeExcerpt(
  recording: string,
  file: string,
  fromUs: number,
  toUs: number,
): Promise<Excerpt> {
  const source = await openMcapMessages(recording);
  try {
    const times = await timesAround(source, fromUs, toUs);
    return await copy(source, file, times.fromUs, times.toUs);
  } finally {
    await source.close();
  }
}

/** Times of the last message before and of the first one behind, where there are any. */
async function timesAround(
  source: McapMessages,
  fromUs: number,
  toUs: number,
): Promise<{ fromUs: number; toUs: number }> {
  let before = fromUs;
  for await (const { table, from, to } of source.messages())
    for (let row = from; row < to; row++) {
      const timeUs = table.timeUs[row] ?? 0;
      if (timeUs < fromUs) before = timeUs;
      if (timeUs > toUs) return { fromUs: before, toUs: timeUs };
    }
  return { fromUs: before, toUs };
}

async function copy(source: McapMessages, file: string, fromUs: number, toUs: number): Promise<Excerpt> {
  const writer = await createMcapWriter(file, { compression: "lz4", profile: source.profile });
  const channels = await declareChannels(source, writer);
  let [messages, startUs] = [0, fromUs];
  for await (const { table, from, to } of source.messages())
    for (let row = from; row < to; row++) {
      const timeUs = table.timeUs[row] ?? 0;
      const channel = channels.get(table.channelId[row] ?? -1);
      if (timeUs < fromUs || timeUs > toUs || channel === undefined) continue;
      if (messages++ === 0) startUs = timeUs;
      const logTimeNs = BigInt(timeUs) * 1000n + BigInt(table.remainderNs[row] ?? 0);
      await writer.write(channel, logTimeNs, table.publishTimeNs(row), table.data(row));
    }
  await writer.close();
  return { startUs, messages };
}

/** Channels of one topic with one schema become one. Returns the new numbers by the old. */
async function declareChannels(
  { channels, schemas }: McapMessages,
  writer: RecordingWriter,
): Promise<Map<number, number>> {
  const declared = new Map<number, number>();
  const byContent = new Map<string, number>();
  for (const { id, topic, messageEncoding, schemaId, metadata } of channels.values()) {
    const schema = schemas.get(schemaId);
    const data = Buffer.from(schema?.data ?? []).toString("latin1");
    const key = JSON.stringify([topic, messageEncoding, schema?.name, schema?.encoding, data]);
    const known = byContent.get(key);
    const entries = Object.fromEntries(metadata);
    const number = known ?? (await writer.addChannel({ topic, messageEncoding, schema, metadata: entries }));
    byContent.set(key, number);
    declared.set(id, number);
  }
  return declared;
}
