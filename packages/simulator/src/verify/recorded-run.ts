import type { Problem } from "@playhead/recording";
import { type McapMessages, openMcapMessages } from "@playhead/store";

/** A topic as a recording has it. */
export interface RecordedTopic {
  readonly topic: string;
  /** The unit that gave its messages; empty where the recording does not say. */
  readonly unit: string;
  readonly messageEncoding: string;
  readonly schema:
    | { readonly name: string; readonly encoding: string; readonly data: Uint8Array }
    | undefined;
}

/** One message of a recorded run. */
export interface RecordedOutput {
  /** Position among the messages of the recording, from 0. */
  readonly index: number;
  readonly timeUs: number;
  /** The rest of the log time below a microsecond, ns. */
  readonly remainderNs: number;
  readonly publishTimeNs: bigint;
  readonly topic: RecordedTopic;
  /** A view. */
  readonly payload: Uint8Array;
}

/** The outputs of a run, as they were recorded. */
export interface RecordedRun {
  readonly name: string;
  readonly messageCount: number;
  /** What the recording says of the run that made it; undefined where it says nothing. */
  readonly about: Readonly<Record<string, string>> | undefined;
  readonly topics: readonly RecordedTopic[];
  /** Grows while messages are read. */
  readonly problems: readonly Problem[];
  /** In total order: time, then the order of the recording. */
  messages(): AsyncGenerator<RecordedOutput>;
  close(): Promise<void>;
}

/**
 * Opens the recorded outputs of a run (`playhead run --out`), or any other MCAP file.
 * @throws RecordingError where it is none
 */
export async function openRecordedRun(path: string): Promise<RecordedRun> {
  const file = await openMcapMessages(path);
  const topics = topicsOf(file);
  return {
    name: path,
    messageCount: file.messageCount,
    about: file.metadata.find(({ name }) => name === "playhead.run")?.entries,
    topics: [...topics.values()],
    problems: file.problems,
    async *messages() {
      let index = 0;
      for await (const { table, from, to } of file.messages())
        for (let row = from; row < to; row++) {
          const topic = topics.get(table.channelId[row] ?? -1);
          if (topic === undefined) continue;
          yield {
            index: index++,
            timeUs: table.timeUs[row] as number,
            remainderNs: table.remainderNs[row] as number,
            publishTimeNs: table.publishTimeNs(row),
            topic,
            payload: table.data(row),
          };
        }
    },
    close: () => file.close(),
  };
}

function topicsOf({ channels, schemas }: McapMessages): Map<number, RecordedTopic> {
  const topics = new Map<number, RecordedTopic>();
  for (const { id, topic, schemaId, messageEncoding, metadata } of channels.values())
    topics.set(id, {
      topic,
      unit: metadata.get("playhead.unit") ?? "",
      messageEncoding,
      schema: schemas.get(schemaId),
    });
  return topics;
}
