import { readSync } from "node:fs";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { compressionReady } from "./compression.ts";
import { openSegment, type SegmentRequest } from "./segment-reader.ts";
import type { SegmentAnswer, SegmentOrder, SegmentWorkerData } from "./worker-segments.ts";

/** The thread behind `WorkerSegments`: reads segments in the order in which they are asked for, and hands over their buffers. */
async function serve(port: MessagePort, { fd, maxChunkBytes }: SegmentWorkerData): Promise<void> {
  await compressionReady();
  port.on("message", ({ id, request, room }: SegmentOrder) => {
    const answer = answerTo(id, request, () => readAt(fd, request, room), maxChunkBytes);
    const buffers = "packed" in answer ? [answer.packed.rows, answer.packed.records.buffer] : [];
    port.postMessage(answer, buffers as ArrayBuffer[]);
  });
}

function answerTo(
  id: number,
  request: SegmentRequest,
  bytes: () => Uint8Array,
  maxChunkBytes: number,
): SegmentAnswer {
  try {
    const packed = openSegment(bytes(), request, maxChunkBytes);
    return { id, packed: { ...packed, records: ownBytes(packed.records, packed.isCompressed) } };
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException;
    return { id, error: { message, code } };
  }
}

/** Bytes whose buffer can be handed over: decompressed ones may share theirs with others. */
function ownBytes(bytes: Uint8Array, isCompressed: boolean): Uint8Array {
  return isCompressed && bytes.buffer.byteLength > bytes.byteLength ? new Uint8Array(bytes) : bytes;
}

function readAt(fd: number, { offset, length }: SegmentRequest, room: ArrayBuffer): Uint8Array {
  const bytes = room.byteLength >= length ? new Uint8Array(room, 0, length) : new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const bytesRead = readSync(fd, bytes, done, length - done, offset + done);
    if (bytesRead === 0)
      throw new Error(`expected ${length} bytes at byte ${offset}, found ${done}: the file has shrunk`);
    done += bytesRead;
  }
  return bytes;
}

if (parentPort !== null) await serve(parentPort, workerData as SegmentWorkerData);
