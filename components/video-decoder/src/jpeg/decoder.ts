/** Decodes a JPEG (ITU-T T.81): baseline, extended and progressive, Huffman-coded, 8 bits, one or three components. */

import { allocate } from "../../../generated/video-decoder/runtime";
import { PixelFormat } from "../../../generated/video-decoder/frames";
import { Picture } from "../picture";
import { Problem } from "../problem";
import { decodeBaseline } from "./baseline";
import { big16, Frame } from "./frame";
import { defineTable, forgetTables } from "./huffman";
import { beginProgressive, decodeProgressive, finishProgressive } from "./progressive";
import { forgetSteps, hasSteps, readSteps } from "./quantisation";
import { Scan } from "./scan";
import { defineStandardTables } from "./standard-tables";
import { beginStreams, unpack } from "./stream";
import { fillPlane, mixColours } from "./subsample";

/** More scans than any writer makes; it bounds the work that a small file can cause. */
const MOST_SCANS = 200;

const frame = new Frame();
const scan = new Scan(frame);

let hasFrame = false;
let scans = 0;
let restartInterval = 0;
/** The colour transform that an Adobe segment states; −1 without one. */
let adobeTransform = -1;

/** Decodes the JPEG in `size` bytes at `from`. */
export function decodeJpeg(from: usize, size: i32, picture: Picture): Problem {
  if (size < 4 || big16(from) != 0xffd8) return Problem.NotJpeg;
  hasFrame = false;
  scans = 0;
  restartInterval = 0;
  adobeTransform = -1;
  forgetTables();
  forgetSteps();
  defineStandardTables();
  beginStreams(size);
  const problem = readSegments(from + 2, from + size, picture);
  return problem != Problem.None ? problem : finish(picture);
}

function readSegments(from: usize, end: usize, picture: Picture): Problem {
  let at = from;
  while (true) {
    // Fill bytes may come before a marker.
    while (at < end && load<u8>(at) != 0xff) at++;
    while (at < end && load<u8>(at) == 0xff) at++;
    // A picture without its last marker is whole if its scans are: `finish` checks that.
    if (at >= end) return Problem.None;
    const marker = load<u8>(at++);
    if (marker == 0xd9) return Problem.None;
    if (marker == 0x01 || marker == 0 || (marker >= 0xd0 && marker <= 0xd7)) continue;
    if (at + 2 > end) return Problem.Truncated;
    const length = big16(at) - 2;
    at += 2;
    if (length < 0) return Problem.BadSegment;
    if (at + length > end) return Problem.Truncated;
    const problem = readSegment(marker, at, length, picture);
    if (problem != Problem.None) return problem;
    at += length;
    if (marker == 0xda) {
      const next = unpack(at, end);
      const failure = decodeScan();
      if (failure != Problem.None) return failure;
      at = next;
    }
  }
}

function readSegment(marker: i32, at: usize, length: i32, picture: Picture): Problem {
  if (marker == 0xdb) return readSteps(at, length);
  if (marker == 0xc4) return readHuffmanTables(at, length);
  if (marker == 0xda) return hasFrame ? scan.read(at, length) : Problem.BadScan;
  if (marker == 0xdd) {
    if (length != 2) return Problem.BadSegment;
    restartInterval = big16(at);
  } else if (marker == 0xee) {
    if (length >= 12 && load<u32>(at) == 0x626f6441) adobeTransform = load<u8>(at, 11);
  } else if (marker >= 0xc0 && marker <= 0xc2) {
    if (hasFrame) return Problem.BadSegment;
    const problem = frame.read(at, length, marker == 0xc2);
    return problem != Problem.None ? problem : begin(picture);
  } else if (marker >= 0xc3 && marker <= 0xcf && marker != 0xc8) return Problem.Process;
  return Problem.None;
}

function readHuffmanTables(from: usize, length: i32): Problem {
  const end = from + length;
  let at = from;
  while (at < end) {
    const tableClass = load<u8>(at) >> 4;
    const id = load<u8>(at) & 15;
    if (tableClass > 1 || id > 3 || at + 17 > end) return Problem.BadHuffmanTable;
    let symbols = 0;
    for (let i = 1; i <= 16; i++) symbols += load<u8>(at + i);
    if (symbols > 256 || at + 17 + symbols > end) return Problem.BadHuffmanTable;
    const problem = defineTable(tableClass, id, at + 1, at + 17);
    if (problem != Problem.None) return problem;
    at += 17 + symbols;
  }
  return Problem.None;
}

/** Makes room for the picture and says where each component's samples go. */
function begin(picture: Picture): Problem {
  hasFrame = true;
  const isGray = frame.componentCount == 1;
  const format = isGray ? PixelFormat.Gray8 : PixelFormat.Yuv420;
  const problem = picture.begin(frame.width, frame.height, format);
  if (problem != Problem.None) return problem;
  for (let i = 0; i < frame.componentCount; i++) {
    const component = frame.components[i];
    component.stride = component.width;
    component.samples = fitsPlane(i, picture) ? picture.plane(i) : allocate(component.width * component.height, 16);
  }
  if (frame.progressive) beginProgressive(frame);
  return Problem.None;
}

/** Whether a component has as many samples as its plane, and they are what the plane holds. */
function fitsPlane(index: i32, picture: Picture): bool {
  if (isRgb()) return false;
  const component = frame.components[index];
  const width = index == 0 ? picture.width : picture.chromaWidth;
  const height = index == 0 ? picture.height : picture.chromaHeight;
  return component.width == width && component.height == height;
}

/** Whether the components are red, green and blue: an Adobe segment says so, or their names do. */
function isRgb(): bool {
  if (frame.componentCount != 3) return false;
  if (adobeTransform >= 0) return adobeTransform == 0;
  const components = frame.components;
  return components[0].id == 0x52 && components[1].id == 0x47 && components[2].id == 0x42;
}

function decodeScan(): Problem {
  if (++scans > MOST_SCANS) return Problem.BadScan;
  for (let i = 0; i < scan.componentCount; i++) {
    if (!hasSteps(scan.components[i].steps)) return Problem.MissingTable;
  }
  return frame.progressive ? decodeProgressive(scan, restartInterval) : decodeBaseline(scan, restartInterval);
}

/** Completes the picture after the last scan. */
function finish(picture: Picture): Problem {
  if (!hasFrame) return Problem.Truncated;
  for (let i = 0; i < frame.componentCount; i++) {
    if (!frame.components[i].seen) return Problem.MissingScan;
  }
  if (frame.progressive) finishProgressive(frame);
  if (isRgb()) return mixColours(frame, picture);
  for (let i = 0; i < frame.componentCount; i++) {
    if (!fitsPlane(i, picture)) fillPlane(frame, i, picture);
  }
  return Problem.None;
}
