/** Progressive scans (ITU-T T.81, Annex G): they refine the coefficients of all blocks, which become pixels at the end. */

import { allocate } from "../../../generated/video-decoder/runtime";
import { Problem } from "../problem";
import { copyCut } from "./baseline";
import { Component, Frame } from "./frame";
import { codeEntry, extend, LENGTH_MASK, SYMBOL_SHIFT } from "./huffman";
import { inverseDct } from "./inverse-dct";
import { BLOCK_SIZE, zigzagPlaces } from "./order";
import { stepsOf } from "./quantisation";
import { Scan, Walk } from "./scan";
import { peek, streamBase } from "./stream";

const walk = new Walk();
const cut = memory.data(64, 16);

/** Blocks that follow and have no more coefficients in this scan. */
let emptyBlocks = 0;
let problem = Problem.None;

/** Makes room for the coefficients. */
export function beginProgressive(frame: Frame): void {
  for (let i = 0; i < frame.componentCount; i++) {
    const component = frame.components[i];
    component.coefficients = allocate(component.blocksAcross * component.blocksDown * BLOCK_SIZE, 16);
  }
}

/** Decodes a scan that was unpacked. */
export function decodeProgressive(scan: Scan, restartInterval: i32): Problem {
  problem = Problem.None;
  walk.begin(restartInterval);
  forget(scan);
  const across = scan.unitsAcross;
  const down = scan.unitsDown;
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      if (walk.restarts()) {
        const missing = walk.restart();
        if (missing != Problem.None) return missing;
        forget(scan);
      }
      if (scan.componentCount == 1) decodeBlock(scan, scan.components[0], x, y);
      else decodeMcu(scan, x, y);
      // What comes after the end may look like bad codes.
      if (walk.position > walk.end) return Problem.Truncated;
      if (problem != Problem.None) return problem;
    }
  }
  return Problem.None;
}

function forget(scan: Scan): void {
  emptyBlocks = 0;
  for (let i = 0; i < scan.componentCount; i++) scan.components[i].previous = 0;
}

function decodeMcu(scan: Scan, x: i32, y: i32): void {
  for (let i = 0; i < scan.componentCount; i++) {
    const component = scan.components[i];
    for (let v = 0; v < component.down; v++) {
      for (let u = 0; u < component.across; u++) {
        decodeBlock(scan, component, x * component.across + u, y * component.down + v);
      }
    }
  }
}

function decodeBlock(scan: Scan, component: Component, x: i32, y: i32): void {
  const block = component.coefficients + (y * component.blocksAcross + x) * BLOCK_SIZE;
  if (scan.first == 0) {
    if (scan.high == 0) firstDc(scan, component, block);
    else refineDc(scan, block);
  } else if (scan.high == 0) firstAc(scan, component, block);
  else refineAc(scan, component, block);
}

/** So many bits as a number; up to 16. */
// @ts-ignore: decorator
@inline
function take(count: i32): i32 {
  if (count == 0) return 0;
  const value = <i32>(peek(streamBase(), walk.position) >> (64 - count));
  walk.position += count;
  return value;
}

/** The next symbol of a table; −1 for a code that it lacks. */
// @ts-ignore: decorator
@inline
function takeSymbol(table: usize): i32 {
  const entry = codeEntry(table, peek(streamBase(), walk.position));
  if (entry == 0) {
    problem = Problem.BadHuffmanCode;
    return -1;
  }
  walk.position += entry & LENGTH_MASK;
  return entry >> SYMBOL_SHIFT;
}

function firstDc(scan: Scan, component: Component, block: usize): void {
  const size = takeSymbol(component.dcTable);
  if (size > 15) problem = Problem.BadHuffmanCode;
  if (size < 0 || size > 15) return;
  component.previous += extend(take(size), size);
  store<i16>(block, <i16>(component.previous << scan.low));
}

function refineDc(scan: Scan, block: usize): void {
  if (take(1)) store<u16>(block, load<u16>(block) | <u16>(<u32>1 << scan.low));
}

function firstAc(scan: Scan, component: Component, block: usize): void {
  if (emptyBlocks > 0) {
    emptyBlocks--;
    return;
  }
  const places = zigzagPlaces();
  for (let k = scan.first; k <= scan.last; k++) {
    const symbol = takeSymbol(component.acTable);
    if (symbol < 0) return;
    const run = symbol >> 4;
    const size = symbol & 15;
    if (size == 0) {
      if (run < 15) {
        emptyBlocks = (1 << run) - 1 + take(run);
        return;
      }
      k += 15;
      continue;
    }
    k += run;
    if (k > scan.last) {
      problem = Problem.BadHuffmanCode;
      return;
    }
    store<i16>(block + load<u8>(places + k), <i16>(extend(take(size), size) << scan.low));
  }
}

function refineAc(scan: Scan, component: Component, block: usize): void {
  const places = zigzagPlaces();
  let k = scan.first;
  while (emptyBlocks == 0 && k <= scan.last) {
    const symbol = takeSymbol(component.acTable);
    if (symbol < 0) return;
    const run = symbol >> 4;
    const size = symbol & 15;
    if (size == 0 && run < 15) {
      emptyBlocks = (1 << run) + take(run);
      break;
    }
    if (size > 1) {
      problem = Problem.BadHuffmanCode;
      return;
    }
    const value: i32 = size == 0 ? 0 : take(1) ? 1 << scan.low : -1 << scan.low;
    k = refineUntil(scan, block, k, run);
    if (value != 0) {
      if (k > scan.last) {
        problem = Problem.BadHuffmanCode;
        return;
      }
      store<i16>(block + load<u8>(places + k), <i16>value);
    }
    k++;
  }
  if (emptyBlocks > 0) {
    refineUntil(scan, block, k, 64);
    emptyBlocks--;
  }
}

/** Adds a bit to each coefficient that is not zero, up to the zero that comes after `run` others; the answer is its position. */
function refineUntil(scan: Scan, block: usize, from: i32, run: i32): i32 {
  const places = zigzagPlaces();
  let left = run;
  let k = from;
  for (; k <= scan.last; k++) {
    const place = block + load<u8>(places + k);
    const value = <i32>load<i16>(place);
    if (value == 0) {
      if (left-- == 0) break;
    } else if (take(1)) store<i16>(place, <i16>(value + (value > 0 ? 1 << scan.low : -1 << scan.low)));
  }
  return k;
}

/** Turns the coefficients into pixels. */
export function finishProgressive(frame: Frame): void {
  for (let i = 0; i < frame.componentCount; i++) {
    const component = frame.components[i];
    for (let upper = 0; upper < component.height; upper += 8) {
      let block = component.coefficients + (upper >> 3) * component.blocksAcross * BLOCK_SIZE;
      for (let left = 0; left < component.width; left += 8, block += BLOCK_SIZE) {
        if (left + 8 <= component.width && upper + 8 <= component.height) {
          const to = component.samples + upper * component.stride + left;
          inverseDct(block, stepsOf(component.steps), to, component.stride);
        } else {
          inverseDct(block, stepsOf(component.steps), cut, 8);
          copyCut(component, left, upper, cut);
        }
      }
    }
  }
}
