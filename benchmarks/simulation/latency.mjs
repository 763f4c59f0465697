// Whether a step costs more when the store answers late: the read-ahead is to hide that.
//   node benchmarks/simulation/latency.mjs <recording> [seconds]
import { loadPipeline, makePlan, Simulation } from "@playhead/simulator";
import { openRecording } from "@playhead/store";

const [file, seconds = "10"] = process.argv.slice(2);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The recording, with every batch late by that time. */
function delayed(recording, latencyMs) {
  return new Proxy(recording, {
    get(target, key) {
      if (key !== "read") {
        const value = Reflect.get(target, key, target);
        return typeof value === "function" ? value.bind(target) : value;
      }
      return async function* (options) {
        for await (const batch of target.read(options)) {
          if (latencyMs > 0) await sleep(latencyMs);
          yield batch;
        }
      };
    },
  });
}

const configured = await loadPipeline(new URL("../../components/adas.wac", import.meta.url).pathname);
for (const latencyMs of [0, 40, 150]) {
  const recording = await openRecording(file);
  const { startUs, endUs } = recording;
  const toUs = Math.min(endUs, startUs + Number(seconds) * 1e6);
  const simulation = await Simulation.start(makePlan(delayed(recording, latencyMs), configured, { toUs }), {
    speed: 1,
  });
  await simulation.apply({ type: "play" });
  const { state, error } = await simulation.finished();
  if (state !== "ended") throw new Error(error?.message ?? state);
  const { realTime, components } = simulation.reportWithoutInputs();
  const step = components.map(({ name, meanMs }) => `${name} ${meanMs.toFixed(3)}`).join(", ");
  const { p50, p99 } = realTime.lateMs;
  console.log(
    `${latencyMs} ms: events late by ${p50.toFixed(3)} ms (median), ${p99.toFixed(2)} (p99); ms per step: ${step}`,
  );
  await simulation.close();
  await recording.close();
}
