import type { RecordedMessages, SourceMessage } from "@playhead/formats";
import type { Problem } from "@playhead/recording";
import { openPostgresStore, parsePostgresUrl } from "@playhead/store";
import { UsageError } from "./failure.ts";

/** A recording in a database: its name, and its messages as they are recorded. */
export interface StoredSource {
  readonly name: string;
  readonly messages: RecordedMessages;
  /** Changes with the content. */
  readonly fingerprint: string;
}

/**
 * Opens the recording that an address names, as it is now.
 * @throws UsageError where the address names none; RecordingError where the database has none of that name, or cannot be reached
 */
export async function openStoredMessages(url: string): Promise<StoredSource> {
  const { recording: name, shown } = parsePostgresUrl(url);
  if (name === undefined)
    throw new UsageError(`${shown}: expected a recording's name behind the database's, found none`);
  const store = openPostgresStore(url);
  try {
    const stored = await store.openMessages(name);
    const { channels, messageCount, profile, metadata, sealed, fingerprint, messages, close } = stored;
    return {
      name,
      fingerprint,
      messages: {
        ...{ channels, messageCount, profile, metadata, close },
        problems: sealed ? [] : [unfinished(name)],
        async *messages(signal) {
          for await (const page of messages(signal)) {
            const batch: SourceMessage[] = [];
            for (let row = 0; row < page.count; row++)
              batch.push({
                channel: page.channelId[row] as number,
                logTimeNs: page.logTimeNs(row),
                publishTimeNs: page.publishTimeNs(row),
                sequence: page.sequence(row),
                data: page.data(row),
              });
            yield batch;
          }
        },
      },
    };
  } finally {
    await store.close();
  }
}

function unfinished(name: string): Problem {
  const message = `${name}: expected a finished recording, found one that is still written to; what it has by now is taken`;
  return { code: "unfinished", message, sensor: undefined, timeUs: undefined };
}
