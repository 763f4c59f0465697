/** Red, green and blue as luminance and chrominance: full range, ITU-T T.871 (JFIF), in units of 2⁻¹⁶. */

import { Picture } from "./picture";

/** Luminance, 0 … 255. */
// @ts-ignore: decorator
@inline
export function luma(r: i32, g: i32, b: i32): i32 {
  return (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
}

/** Blue-yellow chrominance of `count` pixels (a power of 2, 2^`shift`) whose sums are given. */
// @ts-ignore: decorator
@inline
export function chromaBlue(r: i32, g: i32, b: i32, shift: i32): i32 {
  return ((-11059 * r - 21709 * g + 32768 * b + (<i32>32767 << shift)) >> (16 + shift)) + 128;
}

/** Red-cyan chrominance of 2^`shift` pixels whose sums are given. */
// @ts-ignore: decorator
@inline
export function chromaRed(r: i32, g: i32, b: i32, shift: i32): i32 {
  return ((32768 * r - 27439 * g - 5329 * b + (<i32>32767 << shift)) >> (16 + shift)) + 128;
}

/** Where a colour's samples are: its first one, and bytes from pixel to pixel and from row to row. */
export class Channel {
  constructor(
    readonly first: usize,
    readonly step: i32,
    readonly stride: i32,
  ) {}
}

/** Fills the planes of a yuv420 picture from three channels. Chrominance is that of the mean of up to four pixels. */
export function fillFromRgb(picture: Picture, red: Channel, green: Channel, blue: Channel): void {
  for (let y = 0; y < picture.height; y++) fillLumaRow(picture, y, red, green, blue);
  for (let y = 0; y < picture.chromaHeight; y++) fillChromaRow(picture, y, red, green, blue);
}

function fillLumaRow(picture: Picture, y: i32, red: Channel, green: Channel, blue: Channel): void {
  const to = picture.pixels + y * picture.width;
  let r = red.first + y * red.stride;
  let g = green.first + y * green.stride;
  let b = blue.first + y * blue.stride;
  const step = red.step;
  for (let x = 0; x < picture.width; x++) {
    store<u8>(to + x, <u8>luma(load<u8>(r), load<u8>(g), load<u8>(b)));
    r += step;
    g += step;
    b += step;
  }
}

function fillChromaRow(picture: Picture, y: i32, red: Channel, green: Channel, blue: Channel): void {
  const upper = y << 1;
  const lower = min(upper + 1, picture.height - 1);
  const blueTo = picture.plane(1) + y * picture.chromaWidth;
  const redTo = picture.plane(2) + y * picture.chromaWidth;
  for (let x = 0; x < picture.chromaWidth; x++) {
    const left = x << 1;
    const right = min(left + 1, picture.width - 1);
    const r = sumOfFour(red, left, right, upper, lower);
    const g = sumOfFour(green, left, right, upper, lower);
    const b = sumOfFour(blue, left, right, upper, lower);
    store<u8>(blueTo + x, <u8>min(255, chromaBlue(r, g, b, 2)));
    store<u8>(redTo + x, <u8>min(255, chromaRed(r, g, b, 2)));
  }
}

// @ts-ignore: decorator
@inline
function sumOfFour(channel: Channel, left: i32, right: i32, upper: i32, lower: i32): i32 {
  const top = channel.first + upper * channel.stride;
  const bottom = channel.first + lower * channel.stride;
  const near = left * channel.step;
  const far = right * channel.step;
  return <i32>load<u8>(top + near) + load<u8>(top + far) + load<u8>(bottom + near) + load<u8>(bottom + far);
}
