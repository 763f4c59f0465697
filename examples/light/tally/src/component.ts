/** Counts all readings, with their bytes and a checksum over them. */

import { OkOrString, TupleStringString } from "../../generated/tally/component";
import { List, newList } from "../../generated/tally/runtime";
import * as sensors from "../../generated/tally/sensors";
import { Sum, sumOf, sums } from "./sums";

/** Bytes of a header in `packed-readings`. */
const HEADER_SIZE = 40;

export function init(configuration: List<TupleStringString>): OkOrString {
  if (configuration.length > 0) return OkOrString.err(`unknown setting ${configuration[0].f0}`);
  const infos = sensors.listSensors();
  for (let i = 0; i < infos.length; i++) sums.push(new Sum(infos[i].handle));
  return OkOrString.ok();
}

export function step(_now: i64): OkOrString {
  const arrived = sensors.arrivedPacked(newList<u32>(0));
  const headers = arrived.headers;
  for (let i = 0; i < <i32>arrived.count; i++) {
    const at = i * HEADER_SIZE;
    const sum = sumOf(headers.u32(at + 16));
    if (sum == null) return OkOrString.err("a reading of a sensor that is not in the list");
    sum.add(arrived.payloads, headers.u32(at + 20), headers.u32(at + 24));
  }
  return OkOrString.ok();
}
