import { crc32 } from "node:zlib";
import { type FileDirectory, recordOf } from "./file-directory.ts";
import type { FileSink } from "./file-sink.ts";
import { RecordBuffer } from "./record-buffer.ts";
import { MAGIC, OPCODE } from "./records.ts";

/** Writes what stands behind the last chunk: the end of the data with its CRC, the summary, where its groups begin, and the footer. */
export async function writeFileEnd(sink: FileSink, directory: FileDirectory): Promise<void> {
  const { crc } = sink;
  await sink.write(recordOf(OPCODE.dataEnd, (out) => out.u32(crc)));
  const summaryStart = sink.sizeBytes;
  const out = new RecordBuffer();
  const offsets = new RecordBuffer();
  for (const { opcode, bytes } of directory.groups()) {
    const groupStart = summaryStart + out.length;
    out.raw(bytes);
    offsets.record(OPCODE.summaryOffset, () => {
      offsets.u8(opcode);
      offsets.length64(groupStart);
      offsets.length64(bytes.length);
    });
  }
  const offsetStart = summaryStart + out.length;
  out.raw(offsets.borrow());
  out.u8(OPCODE.footer);
  out.length64(8 + 8 + 4);
  out.length64(summaryStart);
  out.length64(offsetStart);
  out.u32(crc32(out.borrow())); // of the summary, and of the footer up to here
  out.raw(MAGIC);
  await sink.write(out.borrow());
}
