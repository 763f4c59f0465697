/**
 * What checkpoints cost, and how fast seeks are with them: `npm run build`, and then
 *
 *     node benchmarks/checkpoints/main.mjs drive.mcap [composition.wac] [--seeks 200] [--state folder] [--no-slow-down] [--no-scrub]
 *
 * The drive is played once at full speed, without checkpoints and with them, in turns; then the playhead goes to random times, and is dragged.
 */
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { loadPipeline, makePlan, openVault, Simulation } from "../../packages/simulator/dist/index.js";
import { openRecording } from "../../packages/store/dist/index.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeks: { type: "string", default: "200" },
    rounds: { type: "string", default: "2" },
    state: { type: "string" },
    "no-slow-down": { type: "boolean", default: false },
    "no-scrub": { type: "boolean", default: false },
  },
});
const [drive, composition = "components/adas.wac"] = positionals;
if (drive === undefined) throw new Error("expected a recording");

const MIB = 2 ** 20;
const recording = await openRecording(drive);
const plan = makePlan(recording, await loadPipeline(composition));
const seconds = (plan.endUs - plan.startUs) / 1e6;

/** The same targets every time. */
function* random(seed) {
  for (let state = seed; ; ) {
    state = (state * 16807) % 2147483647;
    yield state / 2147483647;
  }
}

function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

const shown = (ms) => `${ms.toFixed(ms < 10 ? 2 : 1)} ms`;
const rows = [];
function row(what, value, target = "") {
  rows.push([what, value, target]);
  console.log(`${what.padEnd(46)} ${value.padStart(26)}  ${target}`);
}

/** Milliseconds of the wall clock and of all processors that the work takes. */
async function timed(work) {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { result, wallMs: performance.now() - wall, cpuMs: (user + system) / 1000 };
}

async function playThrough(simulation) {
  const played = await timed(async () => {
    await simulation.apply({ type: "play" });
    return await simulation.finished();
  });
  if (played.result.state !== "ended") throw new Error(`the run ${played.result.state}`);
  return played;
}

async function playWithout() {
  const simulation = await Simulation.start(plan, { speed: "max", checkpoints: false });
  const played = await playThrough(simulation);
  await simulation.close();
  return played;
}

async function start(folder) {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  const vault = openVault({ folder });
  return { vault, simulation: await Simulation.start(plan, { speed: "max", vault: vault.connect() }) };
}

async function slowDown() {
  const [without, with_] = [[], []];
  for (let round = 0; round < Number(values.rounds); round++) {
    without.push(await playWithout());
    const { vault, simulation } = await start(values.state);
    with_.push(await playThrough(simulation));
    await simulation.close();
    await vault.close();
  }
  const least = (list, key) => Math.min(...list.map((each) => each[key]));
  const ratio = (key) => least(with_, key) / least(without, key) - 1;
  row("played once without checkpoints", shown(least(without, "wallMs")));
  row("slow-down with checkpoints, wall clock", `${(ratio("wallMs") * 100).toFixed(1)} %`, "< 10 %");
  row("slow-down with checkpoints, all processors", `${(ratio("cpuMs") * 100).toFixed(1)} %`);
}

async function seeks(simulation) {
  const targets = random(1);
  const [times, cpu, events, starts] = [[], [], [], {}];
  for (let i = 0; i < Number(values.seeks); i++) {
    const timeUs = Math.round(plan.startUs + targets.next().value * (plan.endUs - plan.startUs));
    const { result, wallMs, cpuMs } = await timed(() => simulation.apply({ type: "seek", timeUs }));
    if (!result.ok) throw new Error(result.reason);
    times.push(wallMs);
    cpu.push(cpuMs);
    events.push(result.seek.events);
    starts[result.seek.from] = (starts[result.seek.from] ?? 0) + 1;
  }
  row(`${values.seeks} seeks, p50`, shown(quantile(times, 0.5)), "≤ 60 ms");
  row("p90", shown(quantile(times, 0.9)));
  row("p99", shown(quantile(times, 0.99)), "≤ 150 ms");
  row("all processors, p50 and p99", `${shown(quantile(cpu, 0.5))}, ${shown(quantile(cpu, 0.99))}`);
  row("events run, p50", `${quantile(events, 0.5)}`);
  row(
    "began at",
    Object.entries(starts)
      .map(([from, count]) => `${from} ${count}`)
      .join(", "),
  );
}

/** To the place of every checkpoint itself: what going back costs without running on. */
async function goingBack(simulation, boundMs) {
  const targets = random(2);
  const times = [];
  for (let i = 0; i < 50; i++) {
    const timeUs = Math.round(plan.startUs + targets.next().value * (plan.endUs - plan.startUs));
    const { result } = await timed(() => simulation.apply({ type: "seek", timeUs }));
    const again = await timed(() => simulation.apply({ type: "seek", timeUs: result.seek.fromUs }));
    if (again.result.seek.events < 3) times.push(again.wallMs);
  }
  row("going back alone, p50 and p99", `${shown(quantile(times, 0.5))}, ${shown(quantile(times, 0.99))}`);
  row("bound that seeks report", shown(boundMs));
}

/** A seek every 50 ms for 10 s, to and fro over the drive. */
async function scrub(simulation) {
  let [landed, superseded] = [0, 0];
  let last;
  const began = performance.now();
  const waiting = [];
  for (let i = 0; i < 200; i++) {
    const part = Math.abs(((i * 7) % 400) / 200 - 1);
    const timeUs = Math.round(plan.startUs + part * (plan.endUs - plan.startUs));
    last = simulation.apply({ type: "seek", timeUs }).then((result) => {
      if (result.ok) landed++;
      else superseded++;
    });
    waiting.push(last);
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, began + (i + 1) * 50 - performance.now())),
    );
  }
  const end = performance.now();
  await last;
  const lastMs = performance.now() - end;
  await Promise.all(waiting);
  row("dragged: landed per second", (landed / 10).toFixed(1), "≥ 10");
  row("dragged: superseded", `${superseded} of 200`);
  row("dragged: the last one landed after", shown(lastMs), "≤ 200 ms");
}

console.log(
  `Node.js ${process.version}, ${drive}, ${seconds.toFixed(1)} s of drive, ${plan.pipeline.name}\n`,
);
if (!values["no-slow-down"]) await slowDown();
const { vault, simulation } = await start(values.state);
const played = await playThrough(simulation);
const { checkpoints } = await simulation.report();
row("played with checkpoints", `${shown(played.wallMs)}, ${(seconds / (played.wallMs / 1000)).toFixed(1)}×`);
row("checkpoints", `${checkpoints.count}, ${(checkpoints.count / seconds).toFixed(2)} per second`);
row("new bytes per checkpoint", `${(checkpoints.meanBytes / 1024).toFixed(0)} KiB`);
row("the run is held up, p50", shown(checkpoints.heldUpMs.p50), "< 2 ms");
row("the run is held up, p99", shown(checkpoints.heldUpMs.p99), "< 10 ms");
row("the run is held up, longest", shown(checkpoints.heldUpMs.max));
row("in memory", `${(checkpoints.ramBytes / MIB).toFixed(1)} MiB`, "≤ 256 MiB");
row("on disk", `${(checkpoints.diskBytes / MIB).toFixed(1)} MiB`, "≤ 4096 MiB");
row("let go of", `${checkpoints.thinned}`);
await seeks(simulation);
await goingBack(simulation, checkpoints.boundMs);
if (!values["no-scrub"]) await scrub(simulation);
for (const { code, message } of (await simulation.report()).problems) console.log(`${code}: ${message}`);
await simulation.close();
await vault.close();
await recording.close();
