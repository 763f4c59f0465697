import { createCanvas } from "@napi-rs/canvas";
import { RenderError } from "./errors.ts";

/** An image that a browser or the rasteriser can show. */
export interface EncodedImage {
  readonly mime: "image/jpeg" | "image/png";
  readonly data: Uint8Array;
}

const HEADER_BYTES = 16;
const LARGEST_SIDE = 8192;

/** Bytes a pixel and where red, green and blue lie, by the format of a canonical camera payload (wit/PAYLOADS.md). */
const PACKED: Readonly<Record<number, readonly [size: number, r: number, g: number, b: number]>> = {
  2: [1, 0, 0, 0],
  3: [3, 0, 1, 2],
  4: [3, 2, 1, 0],
  5: [4, 0, 1, 2],
  6: [4, 2, 1, 0],
};

/**
 * A canonical camera payload as JPEG or PNG: encoded ones are passed on, raw ones become PNG.
 * @throws RenderError `bad-image` when the payload is too short or of an unknown format
 */
export function cameraImage(payload: Uint8Array): EncodedImage {
  if (payload.length < HEADER_BYTES)
    throw new RenderError(
      "bad-image",
      `camera payload: expected at least ${HEADER_BYTES} bytes, found ${payload.length}`,
    );
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const [format, width, height, stride] = [0, 4, 8, 12].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
  ];
  const data = payload.subarray(HEADER_BYTES);
  if (format === 0) return { mime: "image/jpeg", data };
  if (format === 1) return { mime: "image/png", data };
  if (width === 0 || height === 0 || width > LARGEST_SIDE || height > LARGEST_SIDE)
    throw new RenderError(
      "bad-image",
      `camera payload: expected 1 to ${LARGEST_SIDE} pixels a side, found ${width} × ${height}`,
    );
  const packed = PACKED[format];
  if (packed !== undefined) return rgbaToPng(unpack(data, width, height, stride, packed), width, height);
  if (format === 7) return rgbaToPng(unpackYuv420(data, width, height), width, height);
  throw new RenderError("bad-image", `camera payload: expected a format from 0 to 7, found ${format}`);
}

/** Pixels of 4 bytes, without padding, as PNG. */
export function rgbaToPng(rgba: Uint8ClampedArray, width: number, height: number): EncodedImage {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  image.data.set(rgba);
  context.putImageData(image, 0, 0);
  return { mime: "image/png", data: canvas.toBuffer("image/png") };
}

function unpack(
  data: Uint8Array,
  width: number,
  height: number,
  stride: number,
  [size, r, g, b]: readonly [number, number, number, number],
): Uint8ClampedArray {
  const rowBytes = stride === 0 ? width * size : stride;
  expectBytes(data, rowBytes * (height - 1) + width * size);
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0, from = y * rowBytes; x < width; x++, from += size, to += 4) {
      rgba[to] = data[from + r] ?? 0;
      rgba[to + 1] = data[from + g] ?? 0;
      rgba[to + 2] = data[from + b] ?? 0;
      rgba[to + 3] = 255;
    }
  return rgba;
}

/** Full-range YCbCr to RGB as JFIF defines it. */
function unpackYuv420(data: Uint8Array, width: number, height: number): Uint8ClampedArray {
  const halfWidth = (width + 1) >> 1;
  const chroma = halfWidth * ((height + 1) >> 1);
  expectBytes(data, width * height + 2 * chroma);
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to += 4) {
      const luma = data[y * width + x] ?? 0;
      const at = width * height + (y >> 1) * halfWidth + (x >> 1);
      const cb = (data[at] ?? 128) - 128;
      const cr = (data[at + chroma] ?? 128) - 128;
      rgba[to] = luma + 1.402 * cr;
      rgba[to + 1] = luma - 0.344136 * cb - 0.714136 * cr;
      rgba[to + 2] = luma + 1.772 * cb;
      rgba[to + 3] = 255;
    }
  return rgba;
}

function expectBytes(data: Uint8Array, expected: number): void {
  if (data.length < expected)
    throw new RenderError(
      "bad-image",
      `camera payload: expected ${expected} bytes of pixels, found ${data.length}`,
    );
}
