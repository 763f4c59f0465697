import { createHash } from "node:crypto";
import type { Recording, Sensor } from "@playhead/recording";
import { KeptHashes } from "./kept-hashes.ts";
import { isOffered } from "./offered.ts";

/**
 * SHA-256 over the readings of a range that components may see, in their order: sensor, log time in ns, length and the bytes of the message as
 * recorded (not the canonical payload, which may leave bytes out). Reads the whole range, unless that was done before.
 *
 * @param fromUs @param toUs both inclusive
 * @param cacheFolder where hashes are kept of recordings that have a fingerprint
 * @returns 64 hexadecimal digits
 */
export async function inputHashOf(
  recording: Recording,
  fromUs: number,
  toUs: number,
  cacheFolder?: string,
): Promise<string> {
  const { fingerprint } = recording;
  if (fingerprint === undefined || cacheFolder === undefined) return await computed(recording, fromUs, toUs);
  const kept = new KeptHashes(cacheFolder);
  const key = keyOf(fingerprint, recording, fromUs, toUs);
  const known = await kept.get(key);
  if (known !== undefined) return known;
  const hash = await computed(recording, fromUs, toUs);
  await kept.put(key, hash);
  return hash;
}

function keyOf(fingerprint: string, { sensors }: Recording, fromUs: number, toUs: number): string {
  const told = JSON.stringify([fingerprint, fromUs, toUs, ...sensors.filter(isOffered).map(namesOf)]);
  return createHash("sha256").update(told).digest("hex");
}

async function computed(recording: Recording, fromUs: number, toUs: number): Promise<string> {
  const offered = recording.sensors.filter(isOffered);
  const hash = createHash("sha256");
  for (const sensor of offered) hash.update(namesOf(sensor));
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

function namesOf({ name, schema, encoding }: Sensor): string {
  return `${name}\0${schema}\0${encoding}\0`;
}

/** The input hash of a run up to a time, kept until another one is asked for. */
export class InputHash {
  readonly #recording: Recording;
  readonly #startUs: number;
  readonly #cacheFolder: string | undefined;
  #last: { readonly untilUs: number; readonly hash: Promise<string | undefined> } | undefined;

  constructor(recording: Recording, startUs: number, cacheFolder?: string) {
    this.#cacheFolder = cacheFolder;
    this.#recording = recording;
    this.#startUs = startUs;
  }

  /** Undefined where the recording cannot be read up to there. */
  async until(untilUs: number): Promise<string | undefined> {
    if (this.#last?.untilUs !== untilUs) {
      const hash = inputHashOf(this.#recording, this.#startUs, untilUs, this.#cacheFolder).catch(
        () => undefined,
      );
      this.#last = { untilUs, hash };
    }
    return await this.#last.hash;
  }
}
