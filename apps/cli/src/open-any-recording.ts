import { needsImport, openSource, type SourceOptions } from "@playhead/formats";
import { type Recording, RecordingError } from "@playhead/recording";
import { openRecording } from "@playhead/store";
import { UsageError } from "./failure.ts";
import { openImported } from "./import-cache.ts";
import { ImportedRecording } from "./imported-recording.ts";
import { printable } from "./printable.ts";
import { Progress } from "./progress.ts";
import { clockOf } from "./recording-clock.ts";
import { isAddress, refuseForeignAddress } from "./refuse-addresses.ts";

/**
 * Opens whatever a command is given as a recording: an MCAP file or a store's address as it is; a file or folder in another format by importing
 * it into the user's cache folder, where it is found the next time, and so an MCAP file whose CAN frames are to be decoded, or whose order is to be that of its
 * sensors' clocks. A recording by those says so in its name, which is part of every report.
 */
export async function openAnyRecording(given: string, reading: SourceOptions = {}): Promise<Recording> {
  const recording = await open(given, reading);
  if (recording.growing === true || clockOf(recording) === "log") return recording;
  return new ImportedRecording(recording, `${recording.name} (header time)`, []);
}

async function open(given: string, reading: SourceOptions): Promise<Recording> {
  refuseForeignAddress(given);
  if (isAddress(given)) {
    if (reading.time === "header") throw new UsageError(HEADER_TIME_OF_STORES);
    return openRecording(given);
  }
  const isForeign = await needsImport(given, reading).catch(() => false);
  if (!isForeign) return openOwn(given);
  const progress = new Progress();
  try {
    return await openImported(given, reading, {
      onProgress: (share, messages) =>
        progress.show(share ?? 0, `${messages} messages imported of ${printable(given)}`),
    });
  } finally {
    progress.clear();
  }
}

const HEADER_TIME_OF_STORES =
  "--time header: expected a file or folder, found an address: in a database, the order of messages is fixed (`playhead import drive.mcap --time header -o by-header.mcap` writes a file that can be ingested)";

/** What nobody recognises is refused with all that could be read, which the store does not know. */
async function openOwn(path: string): Promise<Recording> {
  try {
    return await openRecording(path);
  } catch (error) {
    if (!(error instanceof RecordingError) || error.code !== "unknown-format") throw error;
    const source = await openSource(path);
    await source.close();
    throw error;
  }
}
