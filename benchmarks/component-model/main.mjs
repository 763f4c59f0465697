/**
 * Compares Playhead's component host with jco and with plain JavaScript, in one run, and prints a table.
 */
import { cpus } from "node:os";
import * as cases from "./cases.mjs";
import { jcoVersion, multiMemory } from "./contestants.mjs";
import { ratio, time } from "./figures.mjs";
import { measure } from "./measure.mjs";

/** Largest that the guests have room for. */
const MEGABYTE = 1 << 20;

/** Targets: `ofJco` times the speed of jco, `ofPlain` times that of plain JavaScript. */
const rows = [
  { name: "export call `(u64) → u32`", run: cases.number, ofJco: 30, ofPlain: 1 / 1.5 },
  { name: "step: two imports, 31-byte string, 64 bytes", run: cases.step, ofJco: 40, ofPlain: 1 / 1.5 },
  { name: "1 MB `list<u8>`, host → guest", run: () => cases.hostToGuest(MEGABYTE), ofPlain: 0.8 },
  { name: "1 MB `list<u8>`, guest → host, result", run: () => cases.guestToHost(MEGABYTE), ofPlain: 0.8 },
  { name: "1 MB `list<u8>`, guest → host, argument", run: () => cases.guestToImport(MEGABYTE), ofPlain: 0.8 },
  { name: "the same, borrowed", run: () => cases.guestToBorrower(MEGABYTE) },
  {
    name: "between components: 1 MB `list<u8>`",
    run: () => cases.bytesBetween(MEGABYTE),
    // With several memories per module, jco copies with an instruction for that.
    ofJco: multiMemory ? undefined : 100,
    ofPlain: 0.5,
  },
  { name: "between components: 10,000 points of 4 `f32`", run: () => cases.pointsBetween(10_000) },
  { name: "between components: 1 kB string", run: () => cases.textBetween(1024) },
  { name: "instance of one module", run: () => cases.instantiation("number"), ofJco: 1 },
  { name: "instance of three modules", run: () => cases.instantiation("step"), ofJco: 1 },
  { name: "instance of two components", run: () => cases.instantiation("composed"), ofJco: 1 },
  {
    name: "bytes (jco: generated files) to instance",
    run: () => cases.loading("composed"),
  },
  { name: "bytes to instance", run: () => cases.loadingAnew("composed") },
];

console.log(`Node ${process.version}, V8 ${process.versions.v8}, jco ${jcoVersion}, ${cpus()[0]?.model}\n`);
console.log("| | Playhead | jco | times jco | plain | of plain | |");
console.log("| --- | ---: | ---: | ---: | ---: | ---: | --- |");
const only = process.argv.slice(2);
for (const row of rows) {
  if (only.length > 0 && !only.some((part) => row.name.includes(part))) continue;
  const { playhead, jco, plain } = await measure(await row.run());
  const timesJco = playhead.of("jco");
  const ofPlain = plain === undefined ? undefined : playhead.of("plain");
  const cells = [
    row.name,
    time(playhead.ns),
    time(jco.ns),
    ratio(timesJco),
    plain === undefined ? "" : time(plain.ns),
    ofPlain === undefined ? "" : ratio(ofPlain),
    verdict(row, timesJco, ofPlain),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}

/** Whether the targets are met, and by how much they are missed. */
function verdict({ ofJco, ofPlain }, timesJco, share) {
  const missed = [];
  if (ofJco !== undefined && timesJco < ofJco) missed.push(`jco ${ratio(ofJco)}`);
  if (ofPlain !== undefined && share < ofPlain) missed.push(`plain ${ratio(ofPlain)}`);
  if (missed.length > 0) return `below ${missed.join(", ")}`;
  return ofJco === undefined && ofPlain === undefined ? "" : "met";
}
