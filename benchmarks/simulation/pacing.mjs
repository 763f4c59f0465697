// How late events start at 1×, with a unit that takes everything and with the ADAS pipeline.
//   node benchmarks/simulation/pacing.mjs <recording> [seconds]
import { loadPipeline, makePlan, Simulation } from "@playhead/simulator";
import { openRecording } from "@playhead/store";

const [file, seconds = "60"] = process.argv.slice(2);
const compositions = ["examples/counting/counting.wac", "components/adas.wac"];

for (const composition of compositions) {
  const recording = await openRecording(file);
  const { startUs, endUs } = recording;
  const configured = await loadPipeline(new URL(`../../${composition}`, import.meta.url).pathname);
  const plan = makePlan(recording, configured, { toUs: Math.min(endUs, startUs + Number(seconds) * 1e6) });
  const simulation = await Simulation.start(plan, { speed: 1 });
  const cpu = process.cpuUsage();
  await simulation.apply({ type: "play" });
  const { state, error } = await simulation.finished();
  if (state !== "ended") throw new Error(error?.message ?? state);
  const { realTime, wallMs, durationUs, components } = simulation.reportWithoutInputs();
  const { user, system } = process.cpuUsage(cpu);
  const { mean, p50, p99, max } = realTime.lateMs;
  console.log(
    `${composition}: ${realTime.events} events; late by ${mean.toFixed(3)} ms (mean), ${p50.toFixed(3)} (median), ${p99.toFixed(3)} (p99), ${max.toFixed(2)} (max); ` +
      `deadlines missed ${JSON.stringify(realTime.deadlineMisses)} of ${components.map(({ name, steps }) => `${name} ${steps}`).join(", ")}; ` +
      `asked 1×, achieved ${(durationUs / 1000 / wallMs).toFixed(4)}×; CPU ${(((user + system) / 1e6 / (wallMs / 1000)) * 100).toFixed(0)} %`,
  );
  await simulation.close();
  await recording.close();
}
