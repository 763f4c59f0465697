import type { ChannelDeclaration } from "@playhead/recording";
import { headerOf, Ros2Type } from "../ros2/ros2-type.ts";

const COMPRESSED_IMAGE = Ros2Type.standard("sensor_msgs/msg/CompressedImage");

export function imageChannel(
  topic: string,
  metadata: Readonly<Record<string, string>> = {},
): ChannelDeclaration {
  return COMPRESSED_IMAGE.channel(topic, metadata);
}

/** A picture as a message. Throws an Error for bytes that are no JPEG or PNG. */
export function imageMessage(bytes: Uint8Array, timeNs: bigint, frameId: string): Uint8Array {
  const format = formatOf(bytes);
  return COMPRESSED_IMAGE.write({ header: headerOf(timeNs, frameId), format, data: bytes });
}

function formatOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "jpeg";
  if (bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47) return "png";
  const start = Buffer.from(bytes.subarray(0, 4)).toString("hex");
  throw new Error(`expected the start of a JPEG or PNG, found ${start === "" ? "nothing" : start}`);
}
