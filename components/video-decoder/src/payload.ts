import { decodeJpeg } from "./jpeg/decoder";
import { Picture } from "./picture";
import { Problem } from "./problem";
import { decodeRaw, PayloadFormat, RawImage } from "./raw";

const HEADER_SIZE = 16;

/** Decodes a camera payload (wit/PAYLOADS.md) of `size` bytes at `from`. */
export function decodePayload(from: usize, size: i32, picture: Picture): Problem {
  if (size < HEADER_SIZE) return Problem.NoHeader;
  const format = load<u32>(from);
  const data = from + HEADER_SIZE;
  const dataSize = size - HEADER_SIZE;
  if (format > <u32>PayloadFormat.Yuv420) return Problem.UnknownFormat;
  if (format == PayloadFormat.Jpeg) return decodeJpeg(data, dataSize, picture);
  if (format == PayloadFormat.Png) return Problem.Png;
  const stride = load<u32>(from, 12);
  return decodeRaw(new RawImage(format, load<u32>(from, 4), load<u32>(from, 8), stride, data, dataSize), picture);
}
