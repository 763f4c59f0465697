import { CopyBuffer, FIELD_BYTES } from "./copy-buffer.ts";

/** The columns of a sample, in this order. */
export const SAMPLE_COPY_COLUMNS = "recording_id, signal, log_time_ns, position, value";
const COLUMN_COUNT = 5;
const FIXED_BYTES = 2 * FIELD_BYTES.int4 + 2 * FIELD_BYTES.int8 + FIELD_BYTES.float8;

/** The value of a signal in a message. */
export interface Sample {
  readonly recordingId: number;
  /** Number of the signal in its recording. */
  readonly signal: number;
  /** Of the message. */
  readonly logTimeNs: bigint;
  readonly position: number;
  readonly value: number;
}

/** Samples as rows. */
export class SampleRows extends CopyBuffer {
  add({ recordingId, signal, logTimeNs, position, value }: Sample): void {
    this.row(COLUMN_COUNT, FIXED_BYTES);
    this.int4(recordingId);
    this.int4(signal);
    this.int8(logTimeNs);
    this.int8(BigInt(position));
    this.float8(value);
  }
}
