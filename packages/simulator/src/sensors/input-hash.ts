import { createHash, type Hash } from "node:crypto";
import type { Reading, Sensor } from "@playhead/recording";

/**
 * SHA-256 over the readings that a run delivered, in their order: sensor, log time in ns, length and the bytes of the message as
 * recorded (not the canonical payload, which may leave bytes out).
 */
export class InputHash {
  #hash: Hash = createHash("sha256");
  readonly #header = Buffer.alloc(24);

  constructor(sensors: readonly Sensor[]) {
    for (const sensor of sensors) this.#hash.update(`${sensor.name}\0${sensor.schema}\0${sensor.encoding}\0`);
  }

  add(reading: Reading): void {
    this.#header.writeBigInt64LE(BigInt(reading.timeUs), 0);
    this.#header.writeUInt32LE(reading.remainderNs, 8);
    this.#header.writeUInt32LE(reading.sensor, 12);
    this.#header.writeBigUInt64LE(BigInt(reading.raw.length), 16);
    this.#hash.update(this.#header).update(reading.raw);
  }

  save(): Hash {
    return this.#hash.copy();
  }

  restore(state: Hash): void {
    this.#hash = state.copy();
  }

  /** 64 hexadecimal digits, of what was added so far. */
  toString(): string {
    return this.#hash.copy().digest("hex");
  }
}
