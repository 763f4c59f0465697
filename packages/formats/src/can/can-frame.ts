import { headerOf, Ros2Type } from "../ros2/ros2-type.ts";
import type { TextEntry } from "../text/dialect.ts";

/** A frame on a CAN bus, as logs tell it. */
export interface CanFrame {
  /** ns since the Unix epoch, or since the log's own start. */
  readonly timeNs: bigint;
  /** What the log calls the bus: `can0`, `1`. */
  readonly bus: string;
  /** 11 or 29 bit. */
  readonly id: number;
  readonly isExtended: boolean;
  readonly isRemote?: boolean;
  readonly isError?: boolean;
  /** CAN FD, with its bit-rate switch and error state. */
  readonly fd?: { readonly isSwitched: boolean; readonly isPassive: boolean } | undefined;
  /** Bytes of data that the frame has, or asks for. */
  readonly length: number;
  /** At most `length` bytes: none in a remote frame. */
  readonly data: Uint8Array;
}

const HEADER_PARTS = `${"=".repeat(80)}
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
${"=".repeat(80)}
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec`;

const CLASSIC = new Ros2Type(
  "can_msgs/msg/Frame",
  `std_msgs/Header header
uint32 id
bool is_rtr
bool is_extended
bool is_error
uint8 dlc
uint8[8] data
${HEADER_PARTS}`,
);

/** With the length in bytes rather than its code, and the two bits that CAN FD has more. */
const FD = new Ros2Type(
  "can_msgs/msg/FdFrame",
  `std_msgs/Header header
uint32 id
bool is_extended
bool is_error
bool is_brs
bool is_esi
uint8 len
uint8[<=64] data
${HEADER_PARTS}`,
);

/** A frame as a message. Each bus has a channel of classic frames, and one of CAN FD frames where there are any. */
export function canEntry(frame: CanFrame): TextEntry {
  const { bus, fd, timeNs } = frame;
  const topic = fd === undefined ? `/can/${bus}` : `/can/${bus}/fd`;
  return {
    key: topic,
    timeNs,
    declare: () => (fd === undefined ? CLASSIC : FD).channel(topic, busMetadata(bus)),
    write: () => (fd === undefined ? writeClassic(frame) : writeFd(frame, fd)),
  };
}

function busMetadata(bus: string): Readonly<Record<string, string>> {
  const number = /\d+$/.exec(bus)?.[0];
  return number === undefined ? {} : { "can.bus": number };
}

function writeClassic({
  timeNs,
  bus,
  id,
  isExtended,
  isRemote,
  isError,
  length,
  data,
}: CanFrame): Uint8Array {
  const eight = new Uint8Array(8);
  eight.set(data.subarray(0, 8));
  return CLASSIC.write({
    header: headerOf(timeNs, bus),
    id,
    is_rtr: isRemote ?? false,
    is_extended: isExtended,
    is_error: isError ?? false,
    dlc: length,
    data: eight,
  });
}

function writeFd(frame: CanFrame, { isSwitched, isPassive }: NonNullable<CanFrame["fd"]>): Uint8Array {
  const { timeNs, bus, id, isExtended, isError, length, data } = frame;
  return FD.write({
    header: headerOf(timeNs, bus),
    id,
    is_extended: isExtended,
    is_error: isError ?? false,
    is_brs: isSwitched,
    is_esi: isPassive,
    len: length,
    data,
  });
}
