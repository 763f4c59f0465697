import { createHash } from "node:crypto";
import type { Reading, Recording, Sensor } from "@playhead/recording";
import type { RunPlan } from "../engine/run-plan.ts";
import { KeptHashes } from "./kept-hashes.ts";
import { isOffered } from "./offered.ts";
import { latchedSensors } from "./sensor-settings.ts";

/**
 * SHA-256 over the readings of a range that components may see, in their order: sensor, log time in ns, length and the bytes of the message as
 * recorded (not the canonical payload, which may leave bytes out). Reads the whole range, unless that was done before.
 *
 * @param fromUs @param toUs both inclusive
 * @param latched handles of the sensors whose last reading before the range counts, too
 * @param cacheFolder where hashes are kept of recordings that have a fingerprint
 * @returns 64 hexadecimal digits
 */
export async function inputHashOf(
  recording: Recording,
  fromUs: number,
  toUs: number,
  cacheFolder?: string,
  latched: readonly number[] = [],
): Promise<string> {
  const { fingerprint } = recording;
  if (fingerprint === undefined || cacheFolder === undefined)
    return await computed(recording, fromUs, toUs, latched);
  const kept = new KeptHashes(cacheFolder);
  const key = keyOf(fingerprint, recording, fromUs, toUs, latched);
  const known = await kept.get(key);
  if (known !== undefined) return known;
  const hash = await computed(recording, fromUs, toUs, latched);
  await kept.put(key, hash);
  return hash;
}

function keyOf(
  fingerprint: string,
  { sensors }: Recording,
  fromUs: number,
  toUs: number,
  latched: readonly number[],
): string {
  const names = sensors.filter(isOffered).map(namesOf);
  const told = JSON.stringify([fingerprint, fromUs, toUs, ...names, ...latched]);
  return createHash("sha256").update(told).digest("hex");
}

async function computed(
  recording: Recording,
  fromUs: number,
  toUs: number,
  latched: readonly number[],
): Promise<string> {
  const offered = recording.sensors.filter(isOffered);
  const hash = createHash("sha256");
  for (const sensor of offered) hash.update(namesOf(sensor));
  const header = Buffer.alloc(24);
  const sensors = offered.map(({ handle }) => handle);
  const add = (reading: Reading): void => {
    header.writeBigInt64LE(BigInt(reading.timeUs), 0);
    header.writeUInt32LE(reading.remainderNs, 8);
    header.writeUInt32LE(reading.sensor, 12);
    header.writeBigUInt64LE(BigInt(reading.raw.length), 16);
    hash.update(header).update(reading.raw);
  };
  if (latched.length > 0) {
    const before = await recording.latestAtOrBefore(fromUs - 1, latched);
    for (const handle of latched) {
      const reading = before.get(handle);
      if (reading !== undefined) add(reading);
    }
  }
  for await (const batch of recording.read({ fromUs, toUs, sensors, borrow: true }))
    for (const reading of batch) add(reading);
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
  readonly #latched: readonly number[];
  #last: { readonly untilUs: number; readonly hash: Promise<string | undefined> } | undefined;

  constructor({ recording, startUs, config }: RunPlan, cacheFolder?: string) {
    this.#latched = latchedSensors(recording.sensors, config);
    this.#cacheFolder = cacheFolder;
    this.#recording = recording;
    this.#startUs = startUs;
  }

  /** Undefined where the recording cannot be read up to there. */
  async until(untilUs: number): Promise<string | undefined> {
    if (this.#last?.untilUs !== untilUs) {
      const hash = inputHashOf(
        this.#recording,
        this.#startUs,
        untilUs,
        this.#cacheFolder,
        this.#latched,
      ).catch(() => undefined);
      this.#last = { untilUs, hash };
    }
    return await this.#last.hash;
  }
}
