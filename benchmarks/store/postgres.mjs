// Ingest, scan, seeks and latest-at of a minute of mixed sensors in PostgreSQL, beside the same from the MCAP file.
//
//   node benchmarks/store/postgres.mjs postgres://user@host/database [seconds]
//
// Makes the recording `playhead-benchmark` in the database and deletes it at the end. Wall time and the CPU time of this process; the server's is
// not seen.
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createMcapWriter,
  ingestMcap,
  openMcap,
  openPostgresStore,
} from "../../packages/store/dist/index.js";

const [url, seconds = "60"] = process.argv.slice(2);
if (url === undefined) {
  console.error("usage: node benchmarks/store/postgres.mjs postgres://user@host/database [seconds]");
  process.exit(2);
}

const SENSORS = [
  { topic: "/camera", rateHz: 30, sizeBytes: 100_000 },
  { topic: "/lidar", rateHz: 10, sizeBytes: 500_000 },
  { topic: "/radar", rateHz: 20, sizeBytes: 4_000 },
  { topic: "/imu", rateHz: 200, sizeBytes: 324 },
  { topic: "/gps", rateHz: 10, sizeBytes: 125 },
  { topic: "/can", rateHz: 1000, sizeBytes: 40 },
  { topic: "/ultrasonic", rateHz: 20, sizeBytes: 60 },
];
const START_NS = 1_700_000_000_000_000_000n;
const NAME = "playhead-benchmark";

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

async function writeMix(path, durationS) {
  const pool = noise(4_000_000);
  const writer = await createMcapWriter(path);
  const channels = [];
  for (const { topic } of SENSORS)
    channels.push(await writer.addChannel({ topic, messageEncoding: "bytes", schema: undefined }));
  const due = SENSORS.flatMap(({ rateHz, sizeBytes }, place) =>
    Array.from({ length: rateHz * durationS }, (_, k) => ({
      place,
      timeUs: Math.round((k * 1e6) / rateHz),
      sizeBytes,
    })),
  ).sort((a, b) => a.timeUs - b.timeUs);
  for (const [index, { place, timeUs, sizeBytes }] of due.entries()) {
    const offset = (index * 7919) % (pool.length - sizeBytes);
    const timeNs = START_NS + BigInt(timeUs) * 1000n;
    await writer.write(channels[place], timeNs, timeNs, pool.subarray(offset, offset + sizeBytes));
  }
  await writer.close();
  return due.length;
}

async function timed(what, work) {
  const startCpu = process.cpuUsage();
  const start = performance.now();
  const bytes = await work();
  const wallS = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(startCpu);
  const cpuS = (user + system) / 1e6;
  const rate = bytes === undefined ? "" : `${(bytes / 1e6 / wallS).toFixed(0)} MB/s`;
  console.log(
    `${what.padEnd(34)} ${wallS.toFixed(3).padStart(8)} s  CPU ${cpuS.toFixed(3).padStart(7)} s  ${rate}`,
  );
  return wallS;
}

async function scan(recording) {
  let bytes = 0;
  for await (const batch of recording.read()) for (const { raw } of batch) bytes += raw.length;
  return bytes;
}

/** Median and 99th percentile over times spread evenly, ms. */
async function spread(what, recording, work) {
  const spanUs = recording.endUs - recording.startUs;
  const times = [];
  for (let index = 0; index < 200; index++) {
    const timeUs = recording.startUs + Math.floor((spanUs * ((index * 61) % 200)) / 200);
    const start = performance.now();
    await work(timeUs);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  console.log(`${what.padEnd(34)} p50 ${times[100].toFixed(2)} ms, p99 ${times[198].toFixed(2)} ms`);
}

async function seek(recording, fromUs) {
  for await (const batch of recording.read({ fromUs })) return batch.length;
  return 0;
}

const folder = await mkdtemp(join(tmpdir(), "playhead-benchmark-"));
const store = openPostgresStore(url);
try {
  const path = join(folder, `${NAME}.mcap`);
  const messages = await writeMix(path, Number(seconds));
  const { size } = await stat(path);
  const { serverVersion, timescale } = await store.status();
  const extension = timescale === undefined ? "" : ` with TimescaleDB ${timescale.version}`;
  console.log(`${messages} messages, ${(size / 1e6).toFixed(0)} MB; PostgreSQL ${serverVersion}${extension}`);
  await store.delete(NAME);
  await timed("ingest", async () => (await ingestMcap(path, store)).sentBytes);
  for (const [name, open] of [
    ["MCAP", () => openMcap(path)],
    ["database", () => store.open(NAME)],
  ]) {
    const recording = await open();
    await timed(`scan, ${name}`, () => scan(recording));
    await spread(`latest-at of all sensors, ${name}`, recording, (timeUs) =>
      recording.latestAtOrBefore(timeUs),
    );
    await spread(`seek to the first batch, ${name}`, recording, (timeUs) => seek(recording, timeUs));
    await recording.close();
  }
  await timed("delete", async () => void (await store.delete(NAME)));
} finally {
  await store.close();
  await rm(folder, { recursive: true });
}
