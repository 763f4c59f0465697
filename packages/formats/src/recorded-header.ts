import { type Decoded, isDecoded } from "./decoded-message.ts";

/** What a message says of its time and its frame. */
export interface RecordedHeader {
  /** Empty where it says none. */
  readonly frameId: string;
  /** ns since the Unix epoch. */
  readonly stampNs: bigint;
}

/** The header of a message of ROS, or of one of Foxglove's schemas; undefined for others. */
export function recordedHeader(message: Decoded): RecordedHeader | undefined {
  const { header = message } = message;
  if (!isDecoded(header)) return undefined;
  const stampNs = timeNs(header.stamp ?? header.timestamp);
  if (stampNs === undefined) return undefined;
  return { stampNs, frameId: typeof header.frame_id === "string" ? header.frame_id : "" };
}

/** The same for a message that has been logged at a time, ns since the Unix epoch, which stands in where it says none. */
export function headerAt(message: Decoded, logTimeNs: bigint): RecordedHeader {
  const { frameId = "", stampNs = -1n } = recordedHeader(message) ?? {};
  return { frameId, stampNs: stampNs >= 0n ? stampNs : logTimeNs };
}

const SECOND_NS = 1_000_000_000n;

/** A time as ROS 2, ROS 1 with Foxglove's JSON, or Protocol Buffers write it, which leave out zeros. Undefined for what is none. */
function timeNs(value: unknown): bigint | undefined {
  if (!isDecoded(value)) return undefined;
  const seconds = value.sec ?? value.seconds ?? 0;
  const rest = value.nanosec ?? value.nsec ?? value.nanos ?? 0;
  if (!Number.isSafeInteger(seconds) || !Number.isSafeInteger(rest)) return undefined;
  return BigInt(seconds as number) * SECOND_NS + BigInt(rest as number);
}
