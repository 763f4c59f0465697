import { type ImportOptions, isInterpreted, needsImport, type SourceOptions } from "@playhead/formats";
import { type Recording, RecordingError } from "@playhead/recording";
import { type OpenOptions, openRecording } from "@playhead/store";
import { UsageError } from "./failure.ts";
import { openImported } from "./import-cache.ts";
import { ImportedRecording } from "./imported-recording.ts";
import { maskPasswords } from "./mask-passwords.ts";
import { openAnySource } from "./open-any-source.ts";
import { printable } from "./printable.ts";
import { Progress } from "./progress.ts";
import { clockOf } from "./recording-clock.ts";
import { isAddress, refuseForeignAddress } from "./refuse-addresses.ts";
import { refuseUselessMap } from "./refuse-useless-map.ts";

/**
 * Opens whatever a command is given as a recording: an MCAP file or a store's address as it is; a file or folder in another format by importing
 * it into the user's cache folder, where it is found the next time, and so an MCAP file or address whose CAN frames are to be decoded, or whose order is to be
 * that of its sensors' clocks. A recording by those says so in its name, which is part of every report.
 */
export async function openAnyRecording(given: string, reading: SourceOptions = {}): Promise<Recording> {
  const recording = await open(given, reading);
  if (recording.growing === true || clockOf(recording) === "log") return recording;
  return new ImportedRecording(recording, `${recording.name} (header time)`, []);
}

async function open(given: string, reading: SourceOptions): Promise<Recording> {
  refuseForeignAddress(given);
  if (!(await isImported(given, reading))) return openOwn(given);
  return withImportProgress(given, (onProgress) => openImported(given, reading, { onProgress }));
}

/** Sensors of 1 Hz, such as many satellite receivers, have had a message by then. */
const FOLLOW_AFTER_US = 2_000_000;

/**
 * Opens an MCAP file that is still being written, once it has some seconds of messages; a finished one as it is.
 * @throws UsageError where nobody can follow it
 */
export async function openGrowing(given: string, reading: SourceOptions = {}): Promise<Recording> {
  const found = isAddress(given)
    ? "an address"
    : isInterpreted(reading)
      ? "--dbc or --time header, for which it must be read to its end first"
      : (await isImported(given, reading))
        ? "a recording in another format"
        : undefined;
  let isTold = false;
  const onWait = (): void => {
    if (isTold) return;
    isTold = true;
    const seconds = FOLLOW_AFTER_US / 1e6;
    process.stderr.write(`Waiting for ${seconds} s of messages in ${printable(given)} (Ctrl+C gives up)\n`);
  };
  if (found === undefined) return openOwn(given, { follow: true, followAfterUs: FOLLOW_AFTER_US, onWait });
  throw new UsageError(`--follow: expected an MCAP file that is read as it is, found ${found}`);
}

/**
 * Whether it is read as the MCAP file that it is imported into, rather than as it is.
 * @throws UsageError where options are for something else
 */
export async function isImported(given: string, reading: SourceOptions): Promise<boolean> {
  await refuseUselessMap(given, reading);
  if (isAddress(given)) return isInterpreted(reading);
  return needsImport(given, reading).catch(() => false);
}

/** Shows a line of progress while a recording is imported. */
export async function withImportProgress<T>(
  given: string,
  work: (onProgress: NonNullable<ImportOptions["onProgress"]>) => Promise<T>,
): Promise<T> {
  const progress = new Progress();
  try {
    return await work((share, messages) =>
      progress.show(share ?? 0, `${messages} messages imported of ${printable(maskPasswords(given))}`),
    );
  } finally {
    progress.clear();
  }
}

/** What nobody recognises is refused with all that could be read, which the store does not know. */
async function openOwn(path: string, options: OpenOptions = {}): Promise<Recording> {
  try {
    return await openRecording(path, options);
  } catch (error) {
    if (isAddress(path) || !(error instanceof RecordingError) || error.code !== "unknown-format") throw error;
    const source = await openAnySource(path, {});
    await source.close();
    throw error;
  }
}
