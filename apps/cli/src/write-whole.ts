import { realpath, rename, rm, stat } from "node:fs/promises";
import { RecordingError, type RecordingWriter } from "@playhead/recording";
import { createMcapWriter, type McapWriterOptions } from "@playhead/store";
import { OutputError, UsageError } from "./failure.ts";

/** How a recording is written so that it is there whole or not at all. */
export interface WholeOptions extends McapWriterOptions {
  readonly signal: AbortSignal;
}

/** Has a file written beside its place, and puts it there when it is whole. Undefined when it was ended early by the signal. */
export async function putWhole<T>(
  out: string,
  signal: AbortSignal,
  write: (partial: string) => Promise<T>,
): Promise<T | undefined> {
  const place = await placeOf(out);
  const partial = `${place}.partial`;
  try {
    const written = await write(partial);
    await rename(partial, place);
    return written;
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    if (signal.aborted) return undefined;
    throw named(error, partial, out);
  }
}

/** Writes a recording beside its place and puts it there when it is whole. Undefined when it was ended early by the signal. */
export async function writeWhole<T>(
  out: string,
  { signal, ...options }: WholeOptions,
  write: (writer: RecordingWriter) => Promise<T>,
): Promise<T | undefined> {
  return await putWhole(out, signal, async (partial) => {
    const writer = await createMcapWriter(partial, options);
    try {
      const written = await write(writer);
      signal.throwIfAborted();
      await writer.close();
      return written;
    } catch (error) {
      await writer.close().catch(() => undefined);
      throw error;
    }
  });
}

/** What could not be written goes by the name that was asked for. */
function named(error: unknown, partial: string, out: string): unknown {
  if (!(error instanceof RecordingError) || error.where !== partial) return error;
  const { code, expected, found, cause } = error;
  return new RecordingError(code, { expected, found, where: out, cause });
}

/**
 * Where a file is that links may lead to.
 * @throws OutputError for what cannot be replaced: a folder, a device
 */
async function placeOf(out: string): Promise<string> {
  const place = await realpath(out).catch(() => out);
  const found = await stat(place).catch(() => undefined);
  if (found !== undefined && !found.isFile())
    throw new OutputError(
      out,
      new Error(`expected a file, found ${found.isDirectory() ? "a folder" : "a device"}`),
    );
  return place;
}

/**
 * Sees to it that a file is replaced only by those who ask for it.
 * @throws UsageError
 */
export async function refuseReplacing(out: string, force: boolean): Promise<void> {
  const found = await stat(out).catch(() => undefined);
  if (force || found === undefined) return;
  if (found.isDirectory()) throw new UsageError(`${out}: expected a new file, found a folder`);
  throw new UsageError(`${out}: expected a new file, found one that is there already (--force replaces it)`);
}
