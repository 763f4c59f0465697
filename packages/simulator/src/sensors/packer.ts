import type { Reading } from "@playhead/recording";

const HEADER_BYTES = 40;
const WORD = 2 ** 32;

/** `packed-readings`, in the JavaScript mapping of values. */
export interface PackedReadings {
  readonly count: number;
  readonly headers: Uint8Array;
  readonly payloads: Uint8Array;
}

/**
 * Packs many readings into two pieces of memory: the layout stands in wit/deps/playhead-sim/sensors.wit. The memory is used again by the next
 * call: what is packed is lowered into the component at once.
 */
export class Packer {
  #headers = new DataView(new ArrayBuffer(HEADER_BYTES));
  #payloads = new Uint8Array(0);

  pack(readings: readonly Reading[]): PackedReadings {
    let bytes = 0;
    for (const { payload } of readings) bytes += payload.length;
    this.#fit(readings.length * HEADER_BYTES, bytes);
    const [headers, payloads] = [this.#headers, this.#payloads];
    let [at, offset] = [0, 0];
    for (const { timeUs, sequence, sensor, payload } of readings) {
      writeInteger(headers, at, timeUs);
      writeInteger(headers, at + 8, sequence);
      headers.setUint32(at + 16, sensor, true);
      headers.setUint32(at + 20, offset, true);
      headers.setUint32(at + 24, payload.length, true);
      headers.setFloat32(at + 28, 1, true);
      headers.setFloat64(at + 32, 0, true);
      payloads.set(payload, offset);
      at += HEADER_BYTES;
      offset += payload.length;
    }
    return {
      count: readings.length,
      headers: new Uint8Array(headers.buffer, 0, at),
      payloads: payloads.subarray(0, bytes),
    };
  }

  #fit(headerBytes: number, payloadBytes: number): void {
    if (this.#headers.byteLength < headerBytes)
      this.#headers = new DataView(new ArrayBuffer(2 * headerBytes));
    if (this.#payloads.length < payloadBytes) this.#payloads = new Uint8Array(Math.ceil(payloadBytes * 1.25));
  }
}

/** An integer of 64 bits, little-endian, from a number that is exact. */
function writeInteger(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / WORD);
  view.setUint32(at, value - high * WORD, true);
  view.setInt32(at + 4, high, true);
}
