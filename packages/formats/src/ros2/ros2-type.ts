import rosmsg from "@foxglove/rosmsg";
import { MessageWriter } from "@foxglove/rosmsg2-serialization";
import type { ChannelDeclaration } from "@playhead/recording";
import { standardText } from "../rosbag2/definitions.ts";

const SMALL_BYTES = 1024;

/** A type of ROS 2 messages: its definition, and how to write them. */
export class Ros2Type {
  readonly #name: string;
  readonly #text: string;
  readonly #writer: MessageWriter;
  /** Where small messages are written, to be copied: cheaper than a buffer for each. */
  readonly #small = new Uint8Array(SMALL_BYTES);

  constructor(name: string, text: string) {
    this.#name = name;
    this.#text = text;
    this.#writer = new MessageWriter(rosmsg.parse(text, { ros2: true }));
  }

  /** One of the standard packages: `sensor_msgs/msg/Imu`. */
  static standard(name: string): Ros2Type {
    const text = standardText(name, undefined);
    if (text === undefined) throw new Error(`Invariant: ${name} is a type of the standard packages`);
    return new Ros2Type(name, text);
  }

  /** A message as CDR. */
  write(message: object): Uint8Array {
    const sizeBytes = this.#writer.calculateByteSize(message);
    if (sizeBytes > SMALL_BYTES) return this.#writer.writeMessage(message);
    // Zeros, since the writer leaves gaps in texts beyond ASCII. It takes a buffer, although its types ask for bytes.
    const { buffer } = this.#small.fill(0, 0, sizeBytes);
    return this.#writer.writeMessage(message, buffer as unknown as Uint8Array).slice();
  }

  channel(topic: string, metadata: Readonly<Record<string, string>> = {}): ChannelDeclaration {
    const data = new TextEncoder().encode(this.#text);
    return {
      topic,
      messageEncoding: "cdr",
      schema: { name: this.#name, encoding: "ros2msg", data },
      metadata,
    };
  }
}

const SECOND_NS = 1_000_000_000n;

/** The head of a message: time in ns since the Unix epoch. Seconds are 32 bit, as ROS 2 has them: until 2038. */
export function headerOf(timeNs: bigint, frameId: string): object {
  const rest = ((timeNs % SECOND_NS) + SECOND_NS) % SECOND_NS;
  const sec = Number(BigInt.asIntN(32, (timeNs - rest) / SECOND_NS));
  return { stamp: { sec, nanosec: Number(rest) }, frame_id: frameId };
}
