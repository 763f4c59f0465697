import type { SourceOptions } from "@playhead/formats";
import { type NamedMetadata, openMcapMessages } from "@playhead/store";
import { importedFile } from "./import-cache.ts";
import { isImported } from "./open-any-recording.ts";
import { openStoredMessages } from "./open-stored-messages.ts";
import { isAddress } from "./refuse-addresses.ts";

/** The named sets of strings that a recording has beside its messages. For what was opened as a recording before: of an import they are in the file that it became. */
export async function namedMetadataOf(
  given: string,
  reading: SourceOptions,
): Promise<readonly NamedMetadata[]> {
  if (await isImported(given, reading)) return ofFile((await importedFile(given, reading)).path);
  if (!isAddress(given)) return ofFile(given);
  const { messages } = await openStoredMessages(given);
  await messages.close();
  return messages.metadata;
}

async function ofFile(path: string): Promise<readonly NamedMetadata[]> {
  const file = await openMcapMessages(path);
  await file.close();
  return file.metadata;
}
