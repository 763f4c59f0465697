import {
  interpretSource,
  type MessageSource,
  openSource,
  recordedSource,
  type SourceOptions,
} from "@playhead/formats";
import { RecordingError } from "@playhead/recording";
import { folderOfRecordings } from "./folder-of-recordings.ts";
import { openMcapFile } from "./open-mcap-file.ts";
import { openStoredMessages } from "./open-stored-messages.ts";
import { isAddress, refuseForeignAddress } from "./refuse-addresses.ts";
import { refuseUselessMap } from "./refuse-useless-map.ts";

/** Opens whatever a command is given as messages, one by one: a file or folder of any format, or a recording in a database. */
export async function openAnySource(given: string, reading: SourceOptions): Promise<MessageSource> {
  refuseForeignAddress(given);
  await refuseUselessMap(given, reading);
  if (!isAddress(given)) return openFile(given, reading);
  const { name, messages } = await openStoredMessages(given);
  return interpretSource(recordedSource(name, "PostgreSQL", messages), reading);
}

async function openFile(path: string, reading: SourceOptions): Promise<MessageSource> {
  try {
    return await openSource(path, { ...reading, openMcap: openMcapFile });
  } catch (error) {
    const isUnknown = error instanceof RecordingError && error.code === "unknown-format";
    throw (isUnknown ? await folderOfRecordings(path) : undefined) ?? error;
  }
}
