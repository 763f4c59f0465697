/** What was counted so far: one row for each sensor. */

import { Bytes } from "../../generated/tally/runtime";

const FNV_OFFSET: u32 = 0x811c9dc5;
const FNV_PRIME: u32 = 0x01000193;

export class Sum {
  count: u64 = 0;
  size: u64 = 0;
  checksum: u32 = FNV_OFFSET;

  constructor(readonly sensor: u32) {}

  add(payloads: Bytes, offset: u32, length: u32): void {
    this.count += 1;
    this.size += length;
    // A view of the range, so that it is checked once and the loop need not be.
    const payload = payloads.slice(<i32>offset, <i32>(offset + length));
    let hash = this.checksum;
    for (let at = payload.ptr, end = at + length; at < end; at++) {
      hash = (hash ^ load<u8>(at)) * FNV_PRIME;
    }
    this.checksum = hash;
  }
}

/** In the order of the sensors' handles. */
export const sums: Sum[] = [];

/** The row of a sensor; `null` where it is not in the list. */
export function sumOf(sensor: u32): Sum | null {
  for (let i = 0; i < sums.length; i++) {
    if (sums[i].sensor === sensor) return sums[i];
  }
  return null;
}
