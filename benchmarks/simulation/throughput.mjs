// Readings delivered into a component that counts them and sums their bytes, beside a bare loop over the same bytes.
import { loadPipeline, makePlan, Simulation } from "@playhead/simulator";
import { memoryRecording } from "./memory-recording.mjs";

const SHAPES = {
  "small readings (64 B, 100 a virtual ms)": { count: 3_000_000, perMs: 100, bytes: 64, distinct: 1024 },
  "payloads of 500 KB (1 a virtual ms)": { count: 8_000, perMs: 1, bytes: 500_000, distinct: 64 },
};

const composition = new URL("../../examples/counting/counting.wac", import.meta.url).pathname;

/** The least work that sees every byte: copies each payload into one buffer and sums it, word by word. */
function bareLoop({ count, bytes, distinct }, payloads) {
  const target = new Uint8Array(Math.ceil(bytes / 8) * 8);
  const words = new Float64Array(target.buffer);
  const beganMs = performance.now();
  let sum = 0;
  for (let position = 0; position < count; position++) {
    target.set(payloads[position % distinct]);
    for (let at = 0; at < words.length; at++) sum += words[at] === 0 ? 0 : 1;
  }
  return { ms: performance.now() - beganMs, sum };
}

async function deliver(recording, checkpoints) {
  let last = "";
  const sink = {
    open: async () => {},
    write: async (outputs) => {
      last = Buffer.from(outputs.at(-1).payload).toString();
    },
    close: async () => {},
  };
  const plan = makePlan(recording, await loadPipeline(composition));
  const simulation = await Simulation.start(plan, { speed: "max", sinks: [sink], checkpoints });
  const [beganMs, cpu] = [performance.now(), process.cpuUsage()];
  await simulation.apply({ type: "play" });
  const { state, error } = await simulation.finished();
  const [ms, { user, system }] = [performance.now() - beganMs, process.cpuUsage(cpu)];
  if (state !== "ended") throw new Error(error?.message ?? state);
  const { components } = simulation.reportWithoutInputs();
  await simulation.close();
  return { ms, cpuMs: (user + system) / 1000, last: JSON.parse(last), steps: components[0].steps };
}

for (const [name, shape] of Object.entries(SHAPES)) {
  const recording = memoryRecording(shape);
  const { count, bytes } = shape;
  const rate = (ms) =>
    `${(count / ms / 1000).toFixed(2)} M readings/s, ${((count * bytes) / ms / 1e6).toFixed(2)} GB/s`;
  console.log(name);
  for (let round = 0; round < 3; round++) {
    const { ms, cpuMs, last, steps } = await deliver(recording, false);
    if (last.count > count || count - last.count > shape.perMs * 1000)
      throw new Error(`counted ${last.count} of ${count}`);
    console.log(
      `  simulation  ${rate(ms)} (${ms.toFixed(0)} ms, CPU ${cpuMs.toFixed(0)} ms, ${steps} steps)`,
    );
  }
  const bare = bareLoop(shape, recording.payloads);
  console.log(`  bare loop   ${rate(bare.ms)}`);
}
