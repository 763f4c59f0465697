/** Camera payloads that are not compressed (wit/PAYLOADS.md), as the formats that frames have. */

import { PixelFormat } from "../../generated/video-decoder/frames";
import { Channel, fillFromRgb } from "./colour";
import { Picture } from "./picture";
import { Problem } from "./problem";

/** The formats of camera payloads. */
export enum PayloadFormat {
  Jpeg,
  Png,
  Gray8,
  Rgb8,
  Bgr8,
  Rgba8,
  Bgra8,
  Yuv420,
}

/** What the header of a raw payload says, and where its data are. */
export class RawImage {
  constructor(
    readonly format: PayloadFormat,
    readonly width: u32,
    readonly height: u32,
    /** Bytes from row to row; 0 where rows follow one another. */
    readonly stride: u32,
    readonly data: usize,
    readonly size: u32,
  ) {}
}

export function decodeRaw(image: RawImage, picture: Picture): Problem {
  const isGray = image.format == PayloadFormat.Gray8;
  const problem = picture.begin(image.width, image.height, isGray ? PixelFormat.Gray8 : PixelFormat.Yuv420);
  if (problem != Problem.None) return problem;
  const pixelSize = sizeOfPixel(image.format);
  const rowSize = image.width * pixelSize;
  const stride = image.stride == 0 ? rowSize : image.stride;
  if (stride < rowSize) return Problem.WrongSize;
  if (<u64>stride * (image.height - 1) + rowSize > <u64>image.size) return Problem.TooShort;
  if (image.format == PayloadFormat.Yuv420) return copyPlanes(image, stride, picture);
  if (isGray) copyRows(image.data, stride, picture.pixels, image.width, image.height);
  else {
    const isBlueFirst = image.format == PayloadFormat.Bgr8 || image.format == PayloadFormat.Bgra8;
    const first = new Channel(image.data, pixelSize, stride);
    const second = new Channel(image.data + 1, pixelSize, stride);
    const third = new Channel(image.data + 2, pixelSize, stride);
    fillFromRgb(picture, isBlueFirst ? third : first, second, isBlueFirst ? first : third);
  }
  return Problem.None;
}

function sizeOfPixel(format: PayloadFormat): i32 {
  if (format == PayloadFormat.Rgb8 || format == PayloadFormat.Bgr8) return 3;
  return format == PayloadFormat.Rgba8 || format == PayloadFormat.Bgra8 ? 4 : 1;
}

/** Copies Y, Cb and Cr. The rows of chrominance are half as far apart as those of luminance. */
function copyPlanes(image: RawImage, stride: u32, picture: Picture): Problem {
  const chromaStride = (stride + 1) >> 1;
  const chromaSize = chromaStride * picture.chromaHeight;
  const luma = stride * image.height;
  if (<u64>luma + 2 * <u64>chromaSize > <u64>image.size) return Problem.TooShort;
  copyRows(image.data, stride, picture.pixels, picture.width, picture.height);
  for (let i = 0; i < 2; i++) {
    const from = image.data + luma + i * chromaSize;
    copyRows(from, chromaStride, picture.plane(i + 1), picture.chromaWidth, picture.chromaHeight);
  }
  return Problem.None;
}

function copyRows(from: usize, stride: usize, to: usize, width: usize, height: i32): void {
  for (let y: usize = 0; y < <usize>height; y++) memory.copy(to + y * width, from + y * stride, width);
}
