/**
 * What metering costs: the time of a compute-bound call (the JPEG decoder), as the module came, rewritten for snapshots, metered, and
 * metered with a memory cap. `node benchmarks/component-state/fuel.mjs` after `npm run build`.
 */
import { Meter } from "../../packages/component-model/dist/index.js";
import { decoder } from "./decoder.mjs";

const ROUNDS = Number(process.argv[2] ?? 40);
const CALLS = 5;
const meter = new Meter({ fuel: 1_000_000_000 });
const ways = {
  "as it came": decoder({ snapshots: false }),
  "for snapshots": decoder(),
  metered: decoder({ meter }),
  "metered, capped": decoder({ meter, maxMemoryBytes: 64 << 20 }),
};
for (const { step } of Object.values(ways)) for (let call = 0; call < 30; call++) step();
const best = Object.fromEntries(Object.keys(ways).map((way) => [way, Number.POSITIVE_INFINITY]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [way, { step }] of Object.entries(ways)) {
    const start = performance.now();
    for (let call = 0; call < CALLS; call++) step();
    best[way] = Math.min(best[way], (performance.now() - start) / CALLS);
  }
}
ways.metered.step();
console.log(`Node.js ${process.version}, one JPEG of 640 × 360, best of ${ROUNDS} rounds of ${CALLS} calls`);
const base = best["as it came"];
for (const [way, ms] of Object.entries(best)) {
  console.log(`${way.padEnd(16)} ${ms.toFixed(3)} ms  ${((ms / base - 1) * 100).toFixed(1).padStart(6)} %`);
}
console.log(`fuel of one call: ${meter.fuelUsed}`);
