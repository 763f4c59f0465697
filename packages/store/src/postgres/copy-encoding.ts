import type { RecordedMessage } from "../recording-store.ts";
import { CopyBuffer, FIELD_BYTES } from "./copy-buffer.ts";

/** The columns that a message is written with, in this order. */
export const COPY_COLUMNS =
  "recording_id, channel, log_time_ns, position, publish_time_ns, ordinal, sequence, data";
const COLUMN_COUNT = 8;
const FIXED_BYTES = 2 * FIELD_BYTES.int4 + 5 * FIELD_BYTES.int8 + FIELD_BYTES.bytes;

/** What a store keeps of a message beside what it is. */
export interface RowNumbers {
  readonly recordingId: number;
  /** Place among the messages of the recording, and of its sensor, as they were appended. */
  readonly position: number;
  readonly ordinal: number;
  readonly sequence: number;
}

/** Messages as rows. Copies the data. */
export class CopyRows extends CopyBuffer {
  add(message: RecordedMessage, { recordingId, position, ordinal, sequence }: RowNumbers): void {
    this.row(COLUMN_COUNT, FIXED_BYTES);
    this.int4(recordingId);
    this.int4(message.channel);
    this.int8(message.logTimeNs);
    this.int8(BigInt(position));
    this.int8(message.publishTimeNs);
    this.int8(BigInt(ordinal));
    this.int8(BigInt(sequence));
    this.bytes(message.data);
  }
}
