import type { SourceMessage } from "./source.ts";

/** A part of a file whose messages are read together, such as a chunk. */
export interface Segment {
  /** Log times of its first and its last message in time, ns, both inclusive. */
  readonly firstNs: bigint;
  readonly lastNs: bigint;
  /** Its messages in the order of the file. Reading it again gives the same. */
  read(): Promise<readonly SourceMessage[]>;
}
