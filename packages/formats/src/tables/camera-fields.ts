import { CANONICAL_FIELDS, type MessageFields } from "@playhead/recording";
import { bytesIn, type Decoded, numberIn, textIn } from "../decoded-message.ts";
import { pictureSize } from "../images/picture-size.ts";

/**
 * What a row says of a picture: its format as the canonical payload has it, or as the message says where it has none; its size in px, which JPEG and PNG say themselves;
 * and how many bytes it has.
 */
export function cameraFields(message: Decoded, payload: Uint8Array | undefined): MessageFields {
  const data = bytesIn(message, "data");
  const isRaw = message.encoding !== undefined;
  const size = isRaw
    ? { width: numberIn(message, "width"), height: numberIn(message, "height") }
    : pictureSize(data);
  return {
    format: formatOf(payload) ?? textIn(message, isRaw ? "encoding" : "format"),
    width: size?.width,
    height: size?.height,
    bytes: data.length,
  };
}

function formatOf(payload: Uint8Array | undefined): unknown {
  if (payload === undefined) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return CANONICAL_FIELDS.camera(view).format;
}
