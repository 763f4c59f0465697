import { bytesIn, numberIn, textIn } from "../decoded-message.ts";
import type { ChannelEncoder, ChannelMessage, NoSchema } from "./channel-encoder.ts";
import { timestamp } from "./common-fields.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/** What `foxglove.RawImage` says that it may be encoded as; ROS has the same names. Source: foxglove-sdk, RawImage. */
const ENCODINGS: ReadonlySet<string> = new Set([
  ...["yuv422", "uyvy", "yuv422_yuy2", "yuyv", "nv12"],
  ...["rgb8", "rgba8", "bgr8", "8UC3", "bgra8"],
  ...["mono8", "8UC1", "mono16", "16UC1", "32FC1"],
  ...["bayer_rggb8", "bayer_bggr8", "bayer_gbrg8", "bayer_grbg8"],
]);

/** `sensor_msgs/Image` as `foxglove.RawImage`, by the encoding of the first message where it is known. */
export function rawImages(first: ChannelMessage | undefined): ChannelEncoder | NoSchema {
  const reason = first === undefined ? undefined : doubt(first);
  return reason === undefined ? { schema: "RawImage", encode, doubt } : { reason };
}

function doubt({ decoded }: ChannelMessage): string | undefined {
  const encoding = textIn(decoded, "encoding");
  if (ENCODINGS.has(encoding)) return undefined;
  return `expected an encoding that foxglove.RawImage has, found "${encoding.slice(0, 40)}"`;
}

const encode: ChannelEncoder["encode"] = ({ decoded }, header) => {
  const encoding = textIn(decoded, "encoding");
  const isBigEndian = decoded.is_bigendian === true || decoded.is_bigendian === 1;
  const data = bytesIn(decoded, "data");
  const sampleBytes = isBigEndian ? sampleBytesOf(encoding) : 1;
  return new ProtobufWriter()
    .message(1, timestamp(header))
    .text(7, header.frameId)
    .fixed32(2, numberIn(decoded, "width"))
    .fixed32(3, numberIn(decoded, "height"))
    .text(4, encoding)
    .fixed32(5, numberIn(decoded, "step"))
    .bytes(6, sampleBytes > 1 ? turned(data, sampleBytes) : data)
    .finish();
};

/** Of one number of a pixel: 2 for `mono16`, 4 for `32FC1`. */
function sampleBytesOf(encoding: string): number {
  const bits = /^(\d+)[USF]C\d*$/.exec(encoding)?.[1] ?? /(8|16)$/.exec(encoding)?.[1] ?? "8";
  return Number(bits) / 8;
}

/** Foxglove's are little-endian. */
function turned(data: Uint8Array, sampleBytes: number): Uint8Array {
  const whole = data.length - (data.length % sampleBytes);
  const turnedData = data.slice();
  for (let start = 0; start < whole; start += sampleBytes)
    turnedData.subarray(start, start + sampleBytes).reverse();
  return turnedData;
}
