import type { RecordedMessages } from "@playhead/formats";
import { declarationsOf, messagesOf, openMcapMessages } from "@playhead/store";

/** Opens an MCAP file as a part of a recording in another format, or to be converted: its messages as they are recorded. */
export async function openMcapFile(
  path: string,
  options: { readonly signal?: AbortSignal },
): Promise<RecordedMessages> {
  const file = await openMcapMessages(path, options);
  const { problems, messageCount, profile, metadata } = file;
  return {
    ...{ problems, messageCount, profile, metadata },
    channels: declarationsOf(file),
    messages: () => messagesOf(file),
    close: () => file.close(),
  };
}
