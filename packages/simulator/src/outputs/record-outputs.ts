import type { RecordingWriter } from "@playhead/recording";
import type { Output, OutputSink, OutputTopic } from "./output.ts";

/**
 * Records the outputs of a run: one channel a topic, with its schema; log and publish time are the virtual time of the output.
 *
 * @param create makes the recording, or goes on with one that keeps the outputs before `firstIndex`; called when every unit has been
 * initialised, so that a run that cannot start replaces nothing
 * @param describe strings kept with the recording, under the metadata name `playhead.run`; asked for when the run is closed
 */
export function recordOutputs(
  create: (firstIndex: number) => Promise<RecordingWriter>,
  describe: () => Promise<Readonly<Record<string, string>>>,
): OutputSink {
  const channels = new Map<string, number>();
  let writer: RecordingWriter | undefined;
  return {
    async open(topics: readonly OutputTopic[], firstIndex: number): Promise<void> {
      writer = await create(firstIndex);
      for (const { topic, encoding, schema, unit } of topics) {
        if (channels.has(topic)) continue;
        const metadata = { "playhead.unit": unit };
        channels.set(topic, await writer.addChannel({ topic, messageEncoding: encoding, schema, metadata }));
      }
    },
    async write(outputs: readonly Output[]): Promise<void> {
      for (const { topic, timeUs, payload } of outputs) {
        const channel = channels.get(topic);
        if (channel === undefined) throw new Error(`Invariant: the topic ${topic} was declared`);
        const timeNs = BigInt(timeUs) * 1000n;
        await writer?.write(channel, timeNs, timeNs, payload);
      }
    },
    async close(): Promise<void> {
      try {
        await writer?.addMetadata("playhead.run", await describe());
      } finally {
        await writer?.close();
      }
    },
  };
}
