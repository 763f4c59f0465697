import type { MessageFields } from "@playhead/recording";
import { bytesIn, type Decoded, numberIn, textIn } from "../decoded-message.ts";
import { pictureFormatOf } from "../images/picture-format.ts";
import { pictureSize } from "../images/picture-size.ts";

/**
 * What a row says of a picture: its encoding or, where it is compressed, its format as the bytes tell it, else the message; its size in px, which JPEG and PNG say
 * themselves; and how many bytes it has.
 */
export function cameraFields(message: Decoded): MessageFields {
  const data = bytesIn(message, "data");
  const bytes = data.length;
  if (message.encoding === undefined) {
    const format = pictureFormatOf(data) ?? textIn(message, "format");
    const size = pictureSize(data);
    return { format, width: size?.width, height: size?.height, bytes };
  }
  const format = textIn(message, "encoding");
  return { format, width: numberIn(message, "width"), height: numberIn(message, "height"), bytes };
}
