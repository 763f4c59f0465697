import { createHash } from "node:crypto";
import type { Recording } from "@playhead/recording";
import { isOffered } from "./offered.ts";

/**
 * SHA-256 over the readings of a range that components may see, in their order: sensor, log time in ns, length and the bytes of the message as
 * recorded (not the canonical payload, which may leave bytes out). Reads the whole range.
 *
 * @param fromUs @param toUs both inclusive
 * @returns 64 hexadecimal digits
 */
export async function inputHashOf(recording: Recording, fromUs: number, toUs: number): Promise<string> {
  const offered = recording.sensors.filter(isOffered);
  const hash = createHash("sha256");
  for (const sensor of offered) hash.update(`${sensor.name}\0${sensor.schema}\0${sensor.encoding}\0`);
  const header = Buffer.alloc(24);
  const sensors = offered.map(({ handle }) => handle);
  for await (const batch of recording.read({ fromUs, toUs, sensors }))
    for (const reading of batch) {
      header.writeBigInt64LE(BigInt(reading.timeUs), 0);
      header.writeUInt32LE(reading.remainderNs, 8);
      header.writeUInt32LE(reading.sensor, 12);
      header.writeBigUInt64LE(BigInt(reading.raw.length), 16);
      hash.update(header).update(reading.raw);
    }
  return hash.digest("hex");
}
