import { open } from "node:fs/promises";
import { type Recording, RecordingError, type RecordingErrorCode } from "@playhead/recording";
import { openingError } from "./mcap/file-bytes.ts";
import type { OpenOptions } from "./mcap/mcap-file.ts";
import { openMcap } from "./mcap/open-mcap.ts";
import { MAGIC } from "./mcap/records.ts";
import { openPostgresRecording } from "./postgres/postgres-store.ts";
import { isPostgresUrl } from "./postgres/postgres-url.ts";

const START_BYTES = 16;
const MCAP_START = Buffer.from(MAGIC).toString("latin1");

/** What can be opened, and what is known by its first bytes but cannot be. */
const FORMATS: readonly { name: string; start: string; open?: typeof openMcap }[] = [
  { name: "an MCAP file", start: MCAP_START, open: openMcap },
  { name: "a ROS 1 bag", start: "#ROSBAG V2.0" },
  { name: "an SQLite database, such as a ROS 2 bag", start: "SQLite format 3\0" },
  { name: "a WebAssembly file", start: "\0asm" },
];

/**
 * Opens a recording by its content, whatever its name, or one in a database by its address: `postgres://user@host/database/recording`. Throws a
 * RecordingError that says what the file is and what can be opened.
 */
export async function openRecording(path: string, options: OpenOptions = {}): Promise<Recording> {
  if (isPostgresUrl(path)) return openPostgresRecording(path, options);
  const start = await readStart(path);
  if (start === undefined) throw noRecording(path, "unknown-format", "a folder");
  // A recorder may have made the file and not written yet.
  if (options.follow === true && MCAP_START.startsWith(start)) return openMcap(path, options);
  const format = FORMATS.find((candidate) => start.startsWith(candidate.start));
  if (format?.open !== undefined) return format.open(path, options);
  if (start === "") throw noRecording(path, "empty", "an empty file");
  const found = format?.name ?? `a file that begins with ${JSON.stringify(start)}`;
  throw noRecording(path, "unknown-format", found);
}

function noRecording(where: string, code: RecordingErrorCode, found: string): RecordingError {
  const openable = FORMATS.filter((candidate) => candidate.open !== undefined).map(({ name }) => name);
  return new RecordingError(code, {
    expected: `a recording that can be opened (${openable.join(", ")})`,
    found,
    where,
  });
}

/** One character per byte; undefined of a folder. */
async function readStart(path: string): Promise<string | undefined> {
  try {
    const handle = await open(path, "r");
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(START_BYTES), 0, START_BYTES, 0);
      return Buffer.from(buffer.subarray(0, bytesRead)).toString("latin1");
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EISDIR") return undefined;
    throw openingError(path, cause);
  }
}
