import type { FileBytes } from "./file-bytes.ts";
import { RecordCursor } from "./record-cursor.ts";
import { MAGIC, OPCODE, parseRecordHeader, RECORD_HEADER_BYTES } from "./records.ts";

/** Real ones have a word. */
const MOST_BYTES = 4096;

/** What a file's header says of its channels, such as `ros2`; empty where there is no header. Throws an Error for one that is damaged. */
export async function readProfile(file: FileBytes): Promise<string> {
  const start = await file.readAt(0, Math.min(MOST_BYTES, file.sizeBytes));
  const view = new DataView(start.buffer, start.byteOffset + MAGIC.length, start.length - MAGIC.length);
  const header = parseRecordHeader(view, 0);
  if (header?.opcode !== OPCODE.header) return "";
  return new RecordCursor(start.subarray(MAGIC.length + RECORD_HEADER_BYTES)).text();
}
