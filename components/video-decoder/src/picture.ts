import { allocate } from "../../generated/video-decoder/runtime";
import { PixelFormat } from "../../generated/video-decoder/frames";
import { Problem } from "./problem";

/** The largest side, in pixels. */
const MOST_SIDE: u32 = 8192;
/** The largest area: it bounds the memory that a picture can ask for. */
const MOST_PIXELS: u32 = 4096 * 4096;

/** The picture that is being decoded, in the memory of the present call. */
export class Picture {
  width: i32 = 0;
  height: i32 = 0;
  format: PixelFormat = PixelFormat.Gray8;
  pixels: usize = 0;

  /** Makes room for a picture of that size. */
  begin(width: u32, height: u32, format: PixelFormat): Problem {
    const problem = checkSize(width, height);
    if (problem != Problem.None) return problem;
    this.width = width;
    this.height = height;
    this.format = format;
    this.pixels = allocate(this.size, 16);
    return Problem.None;
  }

  /** Bytes of all planes. */
  get size(): i32 {
    const luma = this.width * this.height;
    return this.format == PixelFormat.Gray8 ? luma : luma + 2 * this.chromaWidth * this.chromaHeight;
  }

  get chromaWidth(): i32 { return (this.width + 1) >> 1; }
  get chromaHeight(): i32 { return (this.height + 1) >> 1; }

  /** Where a plane starts: 0 luminance, 1 Cb, 2 Cr. */
  plane(index: i32): usize {
    if (index == 0) return this.pixels;
    return this.pixels + this.width * this.height + (index - 1) * this.chromaWidth * this.chromaHeight;
  }
}

export function checkSize(width: u32, height: u32): Problem {
  if (width == 0 || height == 0) return Problem.WrongSize;
  if (width > MOST_SIDE || height > MOST_SIDE || width * height > MOST_PIXELS) return Problem.TooLarge;
  return Problem.None;
}
