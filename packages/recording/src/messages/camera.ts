import type { MessageType } from "./definition.ts";
import { HEADER_FIELDS } from "./header-text.ts";
import { MalformedMessageError, NoCanonicalFormError } from "./malformed.ts";
import { MessageFields } from "./message-fields.ts";
import { type MessageForm, rosForm } from "./message-form.ts";
import type { PayloadArena } from "./payload-arena.ts";

const HEADER_BYTES = 16;

const FORMAT_JPEG = 0;
const FORMAT_PNG = 1;

/** Image encodings that have a canonical format. */
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

/** `sensor_msgs/CompressedImage`. */
export function compressedImage(type: MessageType): MessageForm {
  const fields = new MessageFields(type, [...HEADER_FIELDS, "format", "data"]);
  const data = fields.list("data", "uint8");
  const format = fields.optional("format");
  const said = format?.type === "string" && !format.isArray ? () => fields.text(format) : () => "";
  return rosForm(fields, (payload) => writeCompressedImage(payload, fields.bytes(data), said()));
}

/** `sensor_msgs/Image` in one of the encodings with 8 bits per channel. */
export function image(type: MessageType): MessageForm {
  const wanted = ["height", "width", "encoding", "step", "data"];
  const fields = new MessageFields(type, [...HEADER_FIELDS, ...wanted]);
  const height = fields.number("height");
  const width = fields.number("width");
  const step = fields.number("step");
  const encoding = fields.optional("encoding");
  if (encoding?.type !== "string") throw new Error("expected encoding to be a string");
  const data = fields.list("data", "uint8");
  return rosForm(fields, (payload) =>
    writeRawImage(payload, {
      width: width(),
      height: height(),
      step: step(),
      encoding: fields.text(encoding),
      data: fields.bytes(data),
    }),
  );
}

/**
 * JPEG or PNG, told by the first bytes rather than by what a message says of its format, which writers fill as they like. Throws a
 * MalformedMessageError; for other formats, a NoCanonicalFormError.
 */
export function writeCompressedImage(payload: PayloadArena, image: Uint8Array, saidFormat: string): void {
  writeImage(payload, compressedFormat(image, saidFormat), 0, 0, 0, image);
}

/** What JPEG and PNG are called: `jpeg`, `rgb8; jpeg compressed bgr8`. Depth in `compressedDepth png` is a PNG behind a header. */
const SAID_AS_CANONICAL = /^(?!.*compresseddepth).*(jpe?g|png)/i;

function compressedFormat(image: Uint8Array, saidFormat: string): number {
  if (image[0] === 0xff && image[1] === 0xd8 && image[2] === 0xff) return FORMAT_JPEG;
  if (image[0] === 0x89 && image[1] === 0x50 && image[2] === 0x4e && image[3] === 0x47) return FORMAT_PNG;
  const start = Array.from(image.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const expected = "the start of a JPEG or PNG";
  if (start === "") throw new MalformedMessageError(expected, "no data", "data");
  if (SAID_AS_CANONICAL.test(saidFormat)) throw new MalformedMessageError(expected, start, "data");
  throw new NoCanonicalFormError(expected, `${start} (format "${saidFormat.slice(0, 40)}")`, "data");
}

/** An image that is not compressed, as messages describe it. */
export interface RawImage {
  readonly width: number;
  readonly height: number;
  /** Bytes from one row to the next. */
  readonly step: number;
  /** As ROS and Foxglove name it: `rgb8`. */
  readonly encoding: string;
  readonly data: Uint8Array;
}

/** Throws a MalformedMessageError; for an encoding that has no canonical format, a NoCanonicalFormError. */
export function writeRawImage(payload: PayloadArena, image: RawImage): void {
  const { width, height, step, encoding, data } = image;
  const raw = RAW_FORMATS.get(encoding);
  if (raw === undefined) {
    const known = [...RAW_FORMATS.keys()].join(", ");
    const found = `"${encoding.slice(0, 40)}"`;
    throw new NoCanonicalFormError(`an image encoding of ${known}`, found, "encoding");
  }
  const rowBytes = width * raw.bytesPerPixel;
  if (step < rowBytes) throw new MalformedMessageError(`rows of ${rowBytes} bytes`, `${step}`, "step");
  const size = step * height;
  if (data.length < size) throw new MalformedMessageError(`${size} bytes of image`, `${data.length}`, "data");
  writeImage(payload, raw.format, width, height, step, data.subarray(0, size));
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
