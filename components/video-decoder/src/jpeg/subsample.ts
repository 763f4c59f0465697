/** Components whose samples are not those of the picture's planes: other subsamplings than 4:2:0, and red, green and blue. */

import { allocate } from "../../../generated/video-decoder/runtime";
import { Channel, fillFromRgb } from "../colour";
import { Picture } from "../picture";
import { Problem } from "../problem";
import { Component, Frame } from "./frame";

/** How many samples of a component, as a fraction, lie in one sample of what is made of it. */
class Ratio {
  constructor(
    readonly over: i32,
    readonly under: i32,
  ) {}

  /** The first sample of the component that lies in sample x. */
  first(x: i32): i32 { return (x * this.over) / this.under; }

  /** The sample after the last one. */
  end(x: i32, size: i32): i32 {
    return min(size, max(this.first(x) + 1, this.first(x + 1)));
  }

  is(times: i32): bool { return this.over == times * this.under; }
}

/** Fills a plane from a component with other dimensions: each sample is the mean of those that lie in it. */
export function fillPlane(frame: Frame, index: i32, picture: Picture): void {
  const component = frame.components[index];
  const times = index == 0 ? 1 : 2;
  const across = new Ratio(times * component.across, frame.mostAcross);
  const down = new Ratio(times * component.down, frame.mostDown);
  const width = index == 0 ? picture.width : picture.chromaWidth;
  const height = index == 0 ? picture.height : picture.chromaHeight;
  resize(component, across, down, picture.plane(index), width, height);
}

function resize(component: Component, across: Ratio, down: Ratio, to: usize, width: i32, height: i32): void {
  for (let y = 0; y < height; y++) {
    const upper = min(down.first(y), component.height - 1);
    const lower = down.end(y, component.height);
    let x = 0;
    if (lower - upper == 2 || lower - upper == 1) {
      const row = component.samples + upper * component.stride;
      const next = lower - upper == 2 ? row + component.stride : row;
      if (across.is(1)) x = meanOfTwo(row, next, to, width);
      else if (across.is(2)) x = meanOfFour(row, next, to, component.width >> 1);
    }
    for (; x < width; x++) {
      const left = min(across.first(x), component.width - 1);
      store<u8>(to + x, <u8>mean(component, left, across.end(x, component.width), upper, lower));
    }
    to += width;
  }
}

/** The mean of two rows, sixteen samples at once; the answer is how many samples it made. */
function meanOfTwo(row: usize, next: usize, to: usize, width: i32): i32 {
  let x = 0;
  for (; x + 16 <= width; x += 16) {
    v128.store(to + x, i8x16.avgr_u(v128.load(row + x), v128.load(next + x)));
  }
  return x;
}

/** The mean of two by two samples of two rows, eight at once; the answer is how many samples it made. */
function meanOfFour(row: usize, next: usize, to: usize, width: i32): i32 {
  const half = i16x8.splat(2);
  let x = 0;
  for (; x + 8 <= width; x += 8) {
    const upper = i16x8.extadd_pairwise_i8x16_u(v128.load(row + (x << 1)));
    const lower = i16x8.extadd_pairwise_i8x16_u(v128.load(next + (x << 1)));
    const means = i16x8.shr_u(i16x8.add(i16x8.add(upper, lower), half), 2);
    v128.store64_lane(to + x, i8x16.narrow_i16x8_u(means, means), 0);
  }
  return x;
}

function mean(component: Component, left: i32, right: i32, upper: i32, lower: i32): i32 {
  let sum = 0;
  for (let y = upper; y < lower; y++) {
    const row = component.samples + y * component.stride;
    for (let x = left; x < right; x++) sum += load<u8>(row + x);
  }
  const count = (right - left) * (lower - upper);
  return (sum + (count >> 1)) / count;
}

/** Fills the planes from components that are red, green and blue. */
export function mixColours(frame: Frame, picture: Picture): Problem {
  const channels = new StaticArray<Channel>(3);
  for (let i = 0; i < 3; i++) {
    const component = frame.components[i];
    let samples = component.samples;
    if (component.width != picture.width || component.height != picture.height) {
      samples = allocate(picture.width * picture.height, 16);
      const across = new Ratio(component.across, frame.mostAcross);
      const down = new Ratio(component.down, frame.mostDown);
      resize(component, across, down, samples, picture.width, picture.height);
    }
    channels[i] = new Channel(samples, 1, picture.width);
  }
  fillFromRgb(picture, channels[0], channels[1], channels[2]);
  return Problem.None;
}
