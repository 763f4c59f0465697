/**
 * What snapshots cost: of an instance that has not changed, next to one comparison of all its memory; after a call; and restoring,
 * in place and into a fresh instance. `node benchmarks/component-state/snapshots.mjs` after `npm run build`.
 */
import {
  capture,
  instantiate,
  MemoryPageStore,
  release,
  restore,
  snapshot,
  stateHash,
} from "../../packages/component-model/dist/index.js";
import { component, decoder } from "./decoder.mjs";

const ROUNDS = 60;

/** Milliseconds that the quickest of some runs takes; `prepare` is not counted. */
function best(run, prepare = () => {}) {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    prepare();
    const start = performance.now();
    run();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

const { instance, step, imports } = decoder();
for (let call = 0; call < 5; call++) step();
const memories = instance.tree.cores.flatMap(({ memories }) => memories.map(({ memory }) => memory));
const bytes = memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
const copies = memories.map(({ buffer }) => [Buffer.from(buffer), Buffer.from(buffer.slice(0))]);

const store = new MemoryPageStore();
const taken = [];
const first = best(() => {
  const fresh = new MemoryPageStore();
  snapshot(decoder().instance, fresh);
});
const compare = best(() => {
  for (const [a, b] of copies) if (Buffer.compare(a, b) !== 0) throw new Error("the memory has changed");
});
taken.push(snapshot(instance, store));
const pages = store.pages;
const unchanged = best(() => taken.push(snapshot(instance, store)));
if (store.pages !== pages) throw new Error("an unchanged instance stored new pages");
const hash = best(() => stateHash(instance));
const captureChanged = best(() => capture(instance), step);
let before = 0;
let stored = 0;
const changed = best(() => {
  before = store.pages;
  taken.push(snapshot(instance, store));
  stored = store.pages - before;
}, step);
const inPlace = best(() => restore(instance, taken[0], store), step);
const from = { snapshot: taken[0], store };
const fresh = best(() => instantiate(component, { path: "decoder", imports, from }));
const print = (what, ms, more = "") =>
  console.log(`${what.padEnd(44)} ${ms.toFixed(3).padStart(8)} ms  ${more}`);
console.log(
  `Node.js ${process.version}, JPEG decoder with ${(bytes / 2 ** 20).toFixed(1)} MiB of memory, best of ${ROUNDS}`,
);
print("compare all memory once", compare);
print(
  "snapshot, nothing changed",
  unchanged,
  `${(unchanged / compare).toFixed(2)} × comparing, no new pages`,
);
print("state hash, nothing changed", hash);
print("capture after a call", captureChanged);
print("snapshot after a call", changed, `${stored} new pages`);
print("first snapshot of a fresh instance", first, "instantiating included");
print("restore in place", inPlace);
print("restore into a fresh instance", fresh);
for (const each of taken) release(each, store);
if (store.pages !== 0) throw new Error("released snapshots left pages behind");
