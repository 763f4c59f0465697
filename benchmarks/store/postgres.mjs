// Ingest, scan, seeks and latest-at of a minute of mixed sensors in PostgreSQL, beside the same from the MCAP file.
//
//   node benchmarks/store/postgres.mjs postgres://user@host/database [seconds]
//
// Makes the recording `playhead-benchmark` in the database and deletes it at the end. Wall time and the CPU time of this process; the server's is
// not seen.
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ingestMcap, openMcap, openPostgresStore } from "../../packages/store/dist/index.js";
import { writeMix } from "./mix.mjs";

const [url, seconds = "60"] = process.argv.slice(2);
if (url === undefined) {
  console.error("usage: node benchmarks/store/postgres.mjs postgres://user@host/database [seconds]");
  process.exit(2);
}

const NAME = "playhead-benchmark";

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
