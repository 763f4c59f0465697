// What the tests of this folder call: the library behind plain functions.
import { CanSpeed, DEFAULT_SPEED_SIGNALS } from "./can-speed";
import { canSignalProblem, parseCanSignal } from "./can-signal";
import { JsonWriter } from "./json-writer";
import { metadataNumber, metadataText } from "./metadata";

let textLength: i32 = 0;
const writer = new JsonWriter(64);
const speed = new CanSpeed();

export function alloc(bytes: i32): usize {
  return heap.alloc(<usize>bytes);
}

/** A string of so many UTF-16 units that lie at `source`. */
export function makeString(source: usize, units: i32): string {
  return String.UTF16.decodeUnsafe(source, <usize>(units * 2));
}

export function lookUp(json: string, key: string): string {
  return metadataText(json, key);
}

export function lookUpNumber(json: string, key: string): f64 {
  return metadataNumber(json, key, -1);
}

export function signalProblem(definition: string): string {
  return canSignalProblem(definition);
}

export function decodeSignal(definition: string, data: usize, bytes: i32): f64 {
  const signal = parseCanSignal(definition);
  return signal === null ? Infinity : signal.decode(data, bytes);
}

export function configureSpeed(definitions: string): string {
  return speed.configure(definitions.length == 0 ? DEFAULT_SPEED_SIGNALS : definitions);
}

export function acceptFrame(sensor: u32, timeUs: i64, payload: usize, length: i32): void {
  speed.accept(sensor, timeUs, payload, length);
}

export function speedAt(timeUs: i64): f64 {
  return speed.speedAt(timeUs);
}

/** Writes one object with the values; its address. */
export function writeSample(text: string, number: f64, decimals: i32, whole: i64): usize {
  writer.reset();
  writer.openObject();
  writer.key("text");
  writer.text(text);
  writer.key("number");
  writer.number(number, decimals);
  writer.key("whole");
  writer.integer(whole);
  writer.key("list");
  writer.openArray();
  writer.boolean(true);
  writer.boolean(false);
  writer.nil();
  writer.openObject();
  writer.closeObject();
  writer.closeArray();
  writer.closeObject();
  textLength = writer.length;
  return writer.pointer;
}

export function writtenLength(): i32 {
  return textLength;
}
