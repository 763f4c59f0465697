/**
 * A number in the data of a CAN frame, as DBC files define it.
 *
 * Text form, fields separated by semicolons:
 *
 *     bus; id; start bit; length; factor; offset; endianness
 *     /can/0; 0xAA; 6; 15; 0.01; -67.67; big
 *
 * - bus: a part of the sensor's name; empty means any bus
 * - id: decimal or 0x…
 * - start bit: as in DBC (little-endian: the lowest bit; big-endian: the highest bit, byte · 8 + bit in the byte)
 * - length: 1 … 64 bits
 * - value = raw · factor + offset, in the unit that the user of the signal names
 * - endianness: `big` or `little`; with `signed` behind it (`little signed`) the raw value is two's complement
 */
import { numberOf } from "./settings";

export class CanSignal {
  bus: string = "";
  id: u32 = 0;
  start: i32 = 0;
  length: i32 = 0;
  factor: f64 = 1;
  offset: f64 = 0;
  bigEndian: bool = false;
  signed: bool = false;

  /** The value in the data of a frame of this id; NaN where the data are too short. */
  decode(data: usize, bytes: i32): f64 {
    let raw: u64 = 0;
    if (this.bigEndian) {
      // In transmission order, bit n of the signal is bit (7 − n mod 8) of byte n / 8.
      const first = (this.start & ~7) + 7 - (this.start & 7);
      if (first + this.length > bytes * 8) return NaN;
      for (let i = first; i < first + this.length; i++) {
        const bit = (load<u8>(data + <usize>(i >> 3)) >> <u8>(7 - (i & 7))) & 1;
        raw = (raw << 1) | <u64>bit;
      }
    } else {
      if (this.start + this.length > bytes * 8) return NaN;
      for (let i = this.length - 1; i >= 0; i--) {
        const at = this.start + i;
        const bit = (load<u8>(data + <usize>(at >> 3)) >> <u8>(at & 7)) & 1;
        raw = (raw << 1) | <u64>bit;
      }
    }
    if (!this.signed) return <f64>raw * this.factor + this.offset;
    const unused = <i64>(64 - this.length);
    return <f64>((<i64>raw << unused) >> unused) * this.factor + this.offset;
  }

  /** Whether the signal travels on the bus of this sensor. */
  onBus(sensorName: string): bool {
    return this.bus.length == 0 || sensorName.includes(this.bus);
  }
}

/** Reads the text form; null where it is malformed (`canSignalProblem` says why). */
export function parseCanSignal(text: string): CanSignal | null {
  if (canSignalProblem(text).length > 0) return null;
  const fields = text.split(";");
  const signal = new CanSignal();
  signal.bus = fields[0].trim();
  signal.id = <u32>numberOf(fields[1], 0);
  signal.start = <i32>numberOf(fields[2], 0);
  signal.length = <i32>numberOf(fields[3], 0);
  signal.factor = numberOf(fields[4], 1);
  signal.offset = numberOf(fields[5], 0);
  const order = fields[6].trim();
  signal.bigEndian = order.startsWith("big");
  signal.signed = order.endsWith("signed");
  return signal;
}

/** What is wrong with the text form; empty where nothing is. */
export function canSignalProblem(text: string): string {
  const fields = text.split(";");
  if (fields.length != 7) {
    return "a CAN signal has 7 fields, bus; id; start bit; length; factor; offset; endianness; found " +
      fields.length.toString() + " in \"" + text + "\"";
  }
  if (!isWhole(fields[1], 0, 536870911)) return "the id of a CAN signal is 0 … 0x1FFFFFFF, found \"" + fields[1].trim() + "\"";
  if (!isWhole(fields[2], 0, 511)) return "the start bit of a CAN signal is 0 … 511, found \"" + fields[2].trim() + "\"";
  if (!isWhole(fields[3], 1, 64)) return "the length of a CAN signal is 1 … 64 bits, found \"" + fields[3].trim() + "\"";
  if (isNaN(numberOf(fields[4], NaN))) return "the factor of a CAN signal is a number, found \"" + fields[4].trim() + "\"";
  if (isNaN(numberOf(fields[5], NaN))) return "the offset of a CAN signal is a number, found \"" + fields[5].trim() + "\"";
  const order = fields[6].trim();
  if (order != "big" && order != "little" && order != "big signed" && order != "little signed") {
    return "the endianness of a CAN signal is big, little, big signed or little signed, found \"" + order + "\"";
  }
  return "";
}

function isWhole(text: string, least: f64, greatest: f64): bool {
  const value = numberOf(text, NaN);
  return value >= least && value <= greatest && Math.floor(value) == value;
}
