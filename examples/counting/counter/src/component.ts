/** Takes all readings and checks that they are whole: their number, their bytes, and a sum over both. */

import * as bus from "../../generated/counter/bus";
import { OkOrString, TupleStringString } from "../../generated/counter/component";
import { Bytes, bytes, List, newList } from "../../generated/counter/runtime";
import * as sensors from "../../generated/counter/sensors";

/** Bytes of a header in `packed-readings`. */
const HEADER_SIZE = 40;

let everySteps: i64 = 1000;
let topic: u32 = 0;
let steps: i64 = 0;
let count: u64 = 0;
let size: u64 = 0;
let checksum: u64 = 0;

export function init(configuration: List<TupleStringString>): OkOrString {
  for (let i = 0; i < configuration.length; i++) {
    if (configuration[i].f0 !== "every-steps")
      return OkOrString.err(`unknown setting ${configuration[i].f0}`);
    everySteps = I64.parseInt(configuration[i].f1);
  }
  const counts = bus.advertise("/counts");
  if (!counts.isOk) return OkOrString.err("the configuration does not let this unit publish on /counts");
  topic = counts.value;
  return OkOrString.ok();
}

export function step(_now: i64): OkOrString {
  const arrived = sensors.arrivedPacked(newList<u32>(0));
  const headers = arrived.headers;
  let payloads: u64 = 0;
  for (let i = 0; i < <i32>arrived.count; i++) payloads += headers.u32(i * HEADER_SIZE + 24);
  if (payloads !== <u64>arrived.payloads.length)
    return OkOrString.err("the lengths in the headers do not add up");
  count += arrived.count;
  size += payloads;
  checksum += sumOf(headers) + sumOf(arrived.payloads);
  steps++;
  if (steps % everySteps === 0) publish();
  return OkOrString.ok();
}

function publish(): void {
  const text = `{"count":${count},"bytes":${size},"checksum":"${checksum}"}`;
  const utf8 = String.UTF8.encode(text);
  bus.publish(topic, bytes(changetype<usize>(utf8), utf8.byteLength));
}

/** The sum of the 64-bit words, little-endian; the bytes behind the last one count as numbers. */
function sumOf(data: Bytes): u64 {
  let at = data.ptr;
  const end = at + data.length;
  let a: u64 = 0;
  let b: u64 = 0;
  let c: u64 = 0;
  let d: u64 = 0;
  for (; at + 32 <= end; at += 32) {
    a += load<u64>(at);
    b += load<u64>(at, 8);
    c += load<u64>(at, 16);
    d += load<u64>(at, 24);
  }
  for (; at + 8 <= end; at += 8) a += load<u64>(at);
  for (; at < end; at++) b += load<u8>(at);
  return a + b + c + d;
}
