import { bytesIn, textIn } from "../decoded-message.ts";
import { pictureFormatOf } from "../images/picture-format.ts";
import { videoCodecOf } from "./annex-b.ts";
import type { ChannelEncoder, ChannelMessage, NoSchema } from "./channel-encoder.ts";
import { timestamp } from "./common-fields.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/** `sensor_msgs/CompressedImage` as `foxglove.CompressedImage` or, where the first message has a picture of a video, as `foxglove.CompressedVideo`. */
export function compressedImages(first: ChannelMessage | undefined): ChannelEncoder | NoSchema {
  const reason = first === undefined ? undefined : doubt(first);
  if (first === undefined || reason === undefined) return PICTURES;
  const codec = videoCodecOf(textIn(first.decoded, "format"), bytesIn(first.decoded, "data"));
  return codec === undefined ? { reason } : videoOf(codec);
}

const PICTURES: ChannelEncoder = {
  schema: "CompressedImage",
  encode({ decoded }, header) {
    const data = bytesIn(decoded, "data");
    return new ProtobufWriter()
      .message(1, timestamp(header))
      .text(4, header.frameId)
      .bytes(2, data)
      .text(3, pictureFormatOf(data) ?? textIn(decoded, "format"))
      .finish();
  },
  doubt,
};

function doubt({ decoded }: ChannelMessage): string | undefined {
  const data = bytesIn(decoded, "data");
  if (pictureFormatOf(data) !== undefined) return undefined;
  const found = `${startOf(data)} of the format "${textIn(decoded, "format").slice(0, 40)}"`;
  return `expected a JPEG, PNG, WebP or AVIF, or one picture of H.264 or H.265, found ${found}`;
}

function videoOf(codec: string): ChannelEncoder {
  return {
    schema: "CompressedVideo",
    encode: ({ decoded }, header) =>
      new ProtobufWriter()
        .message(1, timestamp(header))
        .text(2, header.frameId)
        .bytes(3, bytesIn(decoded, "data"))
        .text(4, codec)
        .finish(),
  };
}

function startOf(data: Uint8Array): string {
  if (data.length === 0) return "no data";
  return Array.from(data.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
