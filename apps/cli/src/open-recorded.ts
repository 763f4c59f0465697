import { needsImport } from "@playhead/formats";
import { RecordingError } from "@playhead/recording";
import { openRecordedRun, type RecordedRun, type RecordedTopic } from "@playhead/simulator";
import { folderOfRecordings } from "./folder-of-recordings.ts";
import { maskPasswords } from "./mask-passwords.ts";
import { openStoredMessages } from "./open-stored-messages.ts";
import { isAddress, refuseForeignAddress } from "./refuse-addresses.ts";

/**
 * Opens the recorded outputs of a run: an MCAP file, or what it was ingested as.
 * @throws UsageError, RecordingError where it is neither
 */
export async function openRecorded(given: string): Promise<RecordedRun> {
  refuseForeignAddress(given);
  if (isAddress(given)) return await openStoredRun(given);
  if (await needsImport(given).catch(() => false))
    throw new RecordingError("unknown-format", {
      expected: "an MCAP file with the outputs of a run, or postgres://user@host/database/recording",
      found: "a recording in another format, which `playhead import` writes as MCAP",
      where: given,
    });
  const folder = await folderOfRecordings(given);
  if (folder !== undefined) throw folder;
  return await openRecordedRun(given);
}

async function openStoredRun(url: string): Promise<RecordedRun> {
  const { messages: stored } = await openStoredMessages(url);
  const topics = stored.channels.map(
    ({ topic, messageEncoding, schema, metadata }): RecordedTopic => ({
      ...{ topic, messageEncoding, schema },
      unit: metadata?.["playhead.unit"] ?? "",
    }),
  );
  return {
    name: maskPasswords(url),
    messageCount: stored.messageCount,
    about: stored.metadata.find(({ name }) => name === "playhead.run")?.entries,
    topics,
    problems: stored.problems,
    async *messages() {
      let index = 0;
      for await (const batch of stored.messages())
        for (const { channel, logTimeNs, publishTimeNs, data } of batch) {
          const topic = topics[channel];
          if (topic === undefined) continue;
          const [timeUs, remainderNs] = [Number(logTimeNs / 1000n), Number(logTimeNs % 1000n)];
          yield { index: index++, timeUs, remainderNs, publishTimeNs, topic, payload: data };
        }
    },
    close: () => stored.close(),
  };
}
