/** Sequential scans: every block comes whole, and goes straight to its pixels. */

import { Problem } from "../problem";
import { Component } from "./frame";
import { extend, HAS_VALUE, LENGTH_MASK, LOOKUP_BITS, longCode, SYMBOL_SHIFT } from "./huffman";
import { flatBlock, inverseDct } from "./inverse-dct";
import { BLOCK_SIZE, zigzagPlaces } from "./order";
import { stepsOf } from "./quantisation";
import { Scan, Walk } from "./scan";
import { peek, streamBase } from "./stream";

/** The present block; zeros between blocks. */
const block = memory.data(BLOCK_SIZE, 16);

/** The samples of a block that the edge of the picture cuts. */
const cut = memory.data(64, 16);

const walk = new Walk();

let problem = Problem.None;

/** Decodes a scan that was unpacked. */
export function decodeBaseline(scan: Scan, restartInterval: i32): Problem {
  problem = Problem.None;
  walk.begin(restartInterval);
  forgetPrevious(scan);
  const across = scan.unitsAcross;
  const down = scan.unitsDown;
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      if (walk.restarts()) {
        const missing = walk.restart();
        if (missing != Problem.None) return missing;
        forgetPrevious(scan);
      }
      decodeUnit(scan, x, y);
      // What comes after the end may look like bad codes.
      if (walk.position > walk.end) return Problem.Truncated;
      if (problem != Problem.None) return problem;
    }
  }
  return Problem.None;
}

function forgetPrevious(scan: Scan): void {
  for (let i = 0; i < scan.componentCount; i++) scan.components[i].previous = 0;
}

function decodeUnit(scan: Scan, x: i32, y: i32): void {
  if (scan.componentCount == 1) {
    decodeBlock(scan.components[0], x, y);
    return;
  }
  for (let i = 0; i < scan.componentCount; i++) {
    const component = scan.components[i];
    for (let v = 0; v < component.down; v++) {
      for (let u = 0; u < component.across; u++) {
        decodeBlock(component, x * component.across + u, y * component.down + v);
      }
    }
  }
}

/** Decodes the next block of a component, which is block x, y of it. */
function decodeBlock(component: Component, x: i32, y: i32): void {
  const base = streamBase();
  let position = walk.position;
  let bits = peek(base, position);
  let entry = load<i32>(component.dcTable + (<usize>(bits >> (64 - LOOKUP_BITS)) << 2));
  if (entry & HAS_VALUE) component.previous += entry >> 16;
  else {
    if ((entry & LENGTH_MASK) == 0) entry = longCode(component.dcTable, bits);
    const size = entry >> SYMBOL_SHIFT;
    const length = entry & LENGTH_MASK;
    if (length == 0 || size > 15) {
      problem = Problem.BadHuffmanCode;
      walk.position = position + 16;
      return;
    }
    if (size > 0) component.previous += extend(<i32>((bits << length) >> (64 - size)), size);
    entry = length + size;
  }
  position += entry & LENGTH_MASK;

  const acTable = component.acTable;
  const places = zigzagPlaces();
  let k = 1;
  while (k < 64) {
    bits = peek(base, position);
    entry = load<i32>(acTable + (<usize>(bits >> (64 - LOOKUP_BITS)) << 2));
    if (entry & HAS_VALUE) {
      k += (entry >> SYMBOL_SHIFT) & 15;
      store<i16>(block + load<u8>(places + k), <i16>(entry >> 16));
      position += entry & LENGTH_MASK;
      k++;
      continue;
    }
    if ((entry & LENGTH_MASK) == 0) {
      entry = longCode(acTable, bits);
      if (entry == 0) {
        problem = Problem.BadHuffmanCode;
        break;
      }
    }
    const length = entry & LENGTH_MASK;
    const run = entry >> (SYMBOL_SHIFT + 4);
    const size = (entry >> SYMBOL_SHIFT) & 15;
    position += length + size;
    if (size == 0) {
      if (run != 15) break;
      k += 16;
      continue;
    }
    k += run;
    store<i16>(block + load<u8>(places + k), <i16>extend(<i32>((bits << length) >> (64 - size)), size));
    k++;
  }
  if (k > 64) problem = Problem.BadHuffmanCode;
  walk.position = position;
  drawBlock(component, x, y, component.previous, k > 1);
}

/** Writes the samples of the present block and clears it. */
function drawBlock(component: Component, x: i32, y: i32, dc: i32, hasAc: bool): void {
  const left = x << 3;
  const upper = y << 3;
  if (left + 8 <= component.width && upper + 8 <= component.height) {
    const to = component.samples + upper * component.stride + left;
    transformBlock(component.steps, dc, hasAc, to, component.stride);
    return;
  }
  transformBlock(component.steps, dc, hasAc, cut, 8);
  copyCut(component, left, upper, cut);
}

function transformBlock(steps: i32, dc: i32, hasAc: bool, to: usize, stride: i32): void {
  if (!hasAc) {
    flatBlock(dc, load<i16>(stepsOf(steps)), to, stride);
    return;
  }
  store<i16>(block, <i16>dc);
  inverseDct(block, stepsOf(steps), to, stride);
  const zero = i64x2.splat(0);
  for (let i = 0; i < BLOCK_SIZE; i += 16) v128.store(block + i, zero);
}

/** Copies the samples of a block that are inside the component, if any are. */
export function copyCut(component: Component, left: i32, upper: i32, from: usize): void {
  const width = min(8, component.width - left);
  const height = min(8, component.height - upper);
  for (let y = 0; y < height; y++) {
    const to = component.samples + (upper + y) * component.stride + left;
    for (let x = 0; x < width; x++) store<u8>(to + x, load<u8>(from + (y << 3) + x));
  }
}
