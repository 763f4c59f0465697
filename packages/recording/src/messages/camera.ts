import type { SchemaText } from "./definition.ts";
import { HEADER_FIELDS } from "./header-text.ts";
import { MalformedMessageError } from "./malformed.ts";
import { MessageFields } from "./message-fields.ts";
import type { MessageForm } from "./message-form.ts";
import type { PayloadArena } from "./payload-arena.ts";

const HEADER_BYTES = 16;

const FORMAT_JPEG = 0;
const FORMAT_PNG = 1;

/** Image encodings that have a canonical format; others are refused. */
const RAW_FORMATS: ReadonlyMap<string, { readonly format: number; readonly bytesPerPixel: number }> = new Map(
  Object.entries({
    mono8: { format: 2, bytesPerPixel: 1 },
    "8UC1": { format: 2, bytesPerPixel: 1 },
    rgb8: { format: 3, bytesPerPixel: 3 },
    bgr8: { format: 4, bytesPerPixel: 3 },
    rgba8: { format: 5, bytesPerPixel: 4 },
    bgra8: { format: 6, bytesPerPixel: 4 },
  }),
);

/** `sensor_msgs/CompressedImage`: JPEG or PNG, told by the first bytes rather than by the field `format`, which writers fill as they like. */
export function compressedImage(schema: SchemaText): MessageForm {
  const fields = new MessageFields(schema, [...HEADER_FIELDS, "data"]);
  const data = fields.list("data", "uint8");
  return {
    fields,
    write(payload) {
      const image = fields.bytes(data);
      writeImage(payload, compressedFormat(image), 0, 0, 0, image);
    },
  };
}

function compressedFormat(image: Uint8Array): number {
  if (image[0] === 0xff && image[1] === 0xd8 && image[2] === 0xff) return FORMAT_JPEG;
  if (image[0] === 0x89 && image[1] === 0x50 && image[2] === 0x4e && image[3] === 0x47) return FORMAT_PNG;
  const start = Array.from(image.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  throw new MalformedMessageError("the start of a JPEG or PNG", start === "" ? "no data" : start, "data");
}

/** `sensor_msgs/Image` in one of the encodings with 8 bits per channel. */
export function image(schema: SchemaText): MessageForm {
  const wanted = ["height", "width", "encoding", "step", "data"];
  const fields = new MessageFields(schema, [...HEADER_FIELDS, ...wanted]);
  const height = fields.number("height");
  const width = fields.number("width");
  const step = fields.number("step");
  const encoding = fields.optional("encoding");
  if (encoding?.type !== "string") throw new Error("expected encoding to be a string");
  const data = fields.list("data", "uint8");
  return {
    fields,
    write(payload) {
      const name = fields.text(encoding);
      const raw = RAW_FORMATS.get(name);
      if (raw === undefined) {
        const known = [...RAW_FORMATS.keys()].join(", ");
        throw new MalformedMessageError(
          `an image encoding of ${known}`,
          `"${name.slice(0, 40)}"`,
          "encoding",
        );
      }
      if (step() < width() * raw.bytesPerPixel) {
        throw new MalformedMessageError(`rows of ${width() * raw.bytesPerPixel} bytes`, `${step()}`, "step");
      }
      const size = step() * height();
      if (data.count < size)
        throw new MalformedMessageError(`${size} bytes of image`, `${data.count}`, "data");
      const pixels = fields.bytes(data).subarray(0, size);
      writeImage(payload, raw.format, width(), height(), step(), pixels);
    },
  };
}

function writeImage(
  payload: PayloadArena,
  format: number,
  width: number,
  height: number,
  strideBytes: number,
  data: Uint8Array,
): void {
  payload.start(HEADER_BYTES + data.byteLength);
  payload.u32(0, format);
  payload.u32(4, width);
  payload.u32(8, height);
  payload.u32(12, strideBytes);
  payload.bytes(HEADER_BYTES, data);
}
