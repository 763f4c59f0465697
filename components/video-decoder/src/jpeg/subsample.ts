/** Components whose samples are not those of the picture's planes: other subsamplings than 4:2:0, and red, green and blue. */

import { allocate } from "../../../generated/video-decoder/runtime";
import { Channel, fillFromRgb } from "../colour";
import { Picture } from "../picture";
import { Problem } from "../problem";
import { Component, Frame } from "./frame";

/** Fills a plane from a component with other dimensions: each sample is the mean of those that it covers. */
export function resizePlane(component: Component, picture: Picture, index: i32): void {
  const width = index == 0 ? picture.width : picture.chromaWidth;
  const height = index == 0 ? picture.height : picture.chromaHeight;
  resize(component, picture.plane(index), width, height);
}

function resize(component: Component, to: usize, width: i32, height: i32): void {
  for (let y = 0; y < height; y++) {
    const upper = (y * component.height) / height;
    const lower = max(upper + 1, ((y + 1) * component.height) / height);
    for (let x = 0; x < width; x++) {
      const left = (x * component.width) / width;
      const right = max(left + 1, ((x + 1) * component.width) / width);
      store<u8>(to + y * width + x, <u8>mean(component, left, right, upper, lower));
    }
  }
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
      resize(component, samples, picture.width, picture.height);
    }
    channels[i] = new Channel(samples, 1, picture.width);
  }
  fillFromRgb(picture, channels[0], channels[1], channels[2]);
  return Problem.None;
}
