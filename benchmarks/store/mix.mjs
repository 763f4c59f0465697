import { createMcapWriter } from "../../packages/store/dist/index.js";

/** A car's sensors. */
export const SENSORS = [
  { topic: "/camera", rateHz: 30, sizeBytes: 100_000 },
  { topic: "/lidar", rateHz: 10, sizeBytes: 500_000 },
  { topic: "/radar", rateHz: 20, sizeBytes: 4_000 },
  { topic: "/imu", rateHz: 200, sizeBytes: 324 },
  { topic: "/gps", rateHz: 10, sizeBytes: 125 },
  { topic: "/can", rateHz: 1000, sizeBytes: 40 },
  { topic: "/ultrasonic", rateHz: 20, sizeBytes: 60 },
];

const START_NS = 1_700_000_000_000_000_000n;
const NOISE = noise(4_000_000);

/** Bytes that do not compress, always the same. */
function noise(length) {
  const words = new Uint32Array(length >> 2);
  let state = 0x9e3779b9;
  for (let index = 0; index < words.length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
  return new Uint8Array(words.buffer);
}

/**
 * Messages of all sensors in order of time. With a `density`, there are as many times more, and they are as many times smaller: the same bytes.
 */
export function* messages(seconds, density = 1) {
  const due = SENSORS.map(({ rateHz }) => ({ next: 0, rateHz: rateHz * density }));
  for (let index = 0; ; index++) {
    let place = 0;
    for (let other = 1; other < due.length; other++)
      if (due[other].next / due[other].rateHz < due[place].next / due[place].rateHz) place = other;
    const timeUs = Math.round((due[place].next * 1e6) / due[place].rateHz);
    if (timeUs >= seconds * 1e6) return;
    due[place].next++;
    const sizeBytes = Math.max(1, Math.round(SENSORS[place].sizeBytes / density));
    const offset = (index * 7919) % (NOISE.length - sizeBytes);
    const timeNs = START_NS + BigInt(timeUs) * 1000n;
    yield { place, timeNs, data: NOISE.subarray(offset, offset + sizeBytes) };
  }
}

/** Returns how many messages there are. */
export async function writeMix(path, seconds, { density = 1, compression = "none" } = {}) {
  const writer = await createMcapWriter(path, { compression });
  for (const { topic } of SENSORS)
    await writer.addChannel({ topic, messageEncoding: "bytes", schema: undefined });
  let count = 0;
  for (const { place, timeNs, data } of messages(seconds, density)) {
    await writer.write(place, timeNs, timeNs, data);
    count++;
  }
  await writer.close();
  return count;
}
