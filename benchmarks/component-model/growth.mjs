/**
 * How the cost of a call grows with what it carries: prints Playhead's time, and its speed in relation to plain JavaScript and jco.
 */
import * as cases from "./cases.mjs";
import { ratio, time } from "./figures.mjs";
import { measure } from "./measure.mjs";

const COUNTS = [16, 256, 4096, 65_536, 1 << 20];
const rows = [
  { name: "`list<u8>`, host → guest", run: cases.hostToGuest },
  { name: "`list<u8>`, guest → host", run: cases.guestToImport },
  { name: "`list<u8>`, borrowed", run: cases.guestToBorrower },
  { name: "`list<u8>`, between components", run: cases.bytesBetween },
  { name: "string, between components", run: cases.textBetween },
  // A point has 16 bytes.
  { name: "points, between components", run: (bytes) => cases.pointsBetween(bytes / 16) },
];

console.log(`| bytes | ${COUNTS.map((count) => count.toLocaleString("en")).join(" | ")} |`);
console.log(`| --- |${" ---: |".repeat(COUNTS.length)}`);
for (const { name, run } of rows) {
  const cells = [];
  for (const count of COUNTS) {
    const { playhead } = await measure(await run(count));
    cells.push(`${time(playhead.ns)} (${ratio(playhead.of("plain"))}, ${ratio(playhead.of("jco"))})`);
  }
  console.log(`| ${name} | ${cells.join(" | ")} |`);
}
