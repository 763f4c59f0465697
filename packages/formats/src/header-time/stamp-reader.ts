import { type ChannelDeclaration, GREATEST_TIME_US, messageValues } from "@playhead/recording";

type Values = Readonly<Record<string, unknown>>;

/** A channel whose first messages have no stamp is taken to have none. */
const TRIED_MESSAGES = 100;

/** Kinds of CDR (in its second byte) whose first field lies right behind the four bytes of its head: plain CDR, big- and little-endian. */
const LITTLE_ENDIAN_BIT = 1;
const CDR_HEAD_BYTES = 4;
const ROS1_SEQUENCE_BYTES = 4;

/**
 * Finds the stamp in the messages of a channel: `header.stamp` or `stamp` of ROS messages, `timestamp` of Foxglove's, and of a list of transforms that of the first. In ROS messages that begin with it,
 * which nearly all do, it is read from its place; all others are decoded.
 */
export class StampReader {
  readonly #channel: ChannelDeclaration;
  readonly #values: ((message: Uint8Array) => unknown) | undefined;
  #triesLeft = TRIED_MESSAGES;
  /** Bytes before the stamp; undefined where it has to be searched, or is not known yet. */
  #offset: number | undefined;
  #isFound = false;

  constructor(channel: ChannelDeclaration) {
    this.#channel = channel;
    this.#values = messageValues(channel);
  }

  /** ns since the Unix epoch; undefined where there is none, where it is zero (nobody has set it), or where it is no time that a recording can hold. */
  stampNs(message: Uint8Array): bigint | undefined {
    const stamp = this.#offset === undefined ? this.#searched(message) : this.#atPlace(message, this.#offset);
    if (stamp === undefined) return undefined;
    const [seconds, nanoseconds] = stamp;
    const isTime =
      Number.isInteger(seconds) &&
      seconds >= 0 &&
      seconds < GREATEST_TIME_US / 1e6 &&
      isFraction(nanoseconds);
    if (!isTime || (seconds === 0 && nanoseconds === 0)) return undefined;
    return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
  }

  #searched(message: Uint8Array): Stamp | undefined {
    if (this.#values === undefined || (!this.#isFound && this.#triesLeft <= 0)) return undefined;
    this.#triesLeft--;
    let values: unknown;
    try {
      values = this.#values(message);
    } catch {
      return undefined;
    }
    const stamp = stampIn(values);
    if (stamp === undefined) return undefined;
    this.#isFound = true;
    this.#offset = this.#offsetIn(values as Values);
    return stamp;
  }

  /** The names of a ROS message's fields come in the order of its definition. */
  #offsetIn(values: Values): number | undefined {
    const first = Object.keys(values)[0];
    if (first !== "header" && first !== "stamp") return undefined;
    const { messageEncoding } = this.#channel;
    if (messageEncoding === "cdr") return CDR_HEAD_BYTES;
    if (messageEncoding !== "ros1") return undefined;
    return first === "header" ? ROS1_SEQUENCE_BYTES : 0;
  }

  #atPlace(message: Uint8Array, offset: number): Stamp | undefined {
    if (message.byteLength < offset + 8) return undefined;
    const isRos1 = this.#channel.messageEncoding === "ros1";
    const kind = isRos1 ? LITTLE_ENDIAN_BIT : (message[1] as number);
    if (kind > LITTLE_ENDIAN_BIT) return this.#searched(message);
    const view = new DataView(message.buffer, message.byteOffset + offset, 8);
    const isLittle = kind === LITTLE_ENDIAN_BIT;
    return [isRos1 ? view.getUint32(0, isLittle) : view.getInt32(0, isLittle), view.getUint32(4, isLittle)];
  }
}

type Stamp = readonly [seconds: number, nanoseconds: number];

function isFraction(nanoseconds: number): boolean {
  return Number.isInteger(nanoseconds) && nanoseconds >= 0 && nanoseconds < 1_000_000_000;
}

function stampIn(values: unknown): Stamp | undefined {
  if (!isValues(values)) return undefined;
  const { header, stamp, timestamp, transforms } = values;
  if (Array.isArray(transforms)) return stampIn(transforms[0]);
  const found = (isValues(header) ? header.stamp : undefined) ?? stamp ?? timestamp;
  if (!isValues(found)) return undefined;
  const seconds = found.sec ?? found.secs ?? found.seconds;
  const nanoseconds = found.nsec ?? found.nanosec ?? found.nsecs ?? found.nanos ?? 0;
  return seconds === undefined ? undefined : [Number(seconds), Number(nanoseconds)];
}

function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null;
}
