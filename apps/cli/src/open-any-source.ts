import {
  interpretSource,
  type MessageSource,
  openSource,
  recordedSource,
  type SourceOptions,
} from "@playhead/formats";
import { openMcapFile } from "./open-mcap-file.ts";
import { openStoredMessages } from "./open-stored-messages.ts";
import { isAddress, refuseForeignAddress } from "./refuse-addresses.ts";

/** Opens whatever a command is given as messages, one by one: a file or folder of any format, or a recording in a database. */
export async function openAnySource(given: string, reading: SourceOptions): Promise<MessageSource> {
  refuseForeignAddress(given);
  if (!isAddress(given)) return openSource(given, { ...reading, openMcap: openMcapFile });
  const { name, messages } = await openStoredMessages(given);
  return interpretSource(recordedSource(name, "PostgreSQL", messages), reading);
}
