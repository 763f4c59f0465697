/**
 * Compares Playhead's reading of an MCAP file with the stock reader's, with SQLite, PostgreSQL and bare loops over the file, in one run, and prints tables.
 *
 *   node benchmarks/store/main.mjs [--seconds 60] [--rounds 9] [--warm-up 10] [--folder /tmp] [--large]
 *
 * Processes take turns, so that what else the machine does hits all alike. PostgreSQL takes part where PLAYHEAD_TEST_POSTGRES says where it is.
 *
 * Scans are measured twice. Cold: one scan a turn, in processes that have scanned once. Warm: V8 has compiled what it will (`--warm-up` scans more), and a
 * turn is three scans in a row, of which the middle one counts.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { contestants } from "./contestants.mjs";
import { SENSORS, writeMix } from "./mix.mjs";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    rounds: { type: "string", default: "9" },
    "warm-up": { type: "string", default: "10" },
    folder: { type: "string", default: tmpdir() },
    large: { type: "boolean", default: false },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const warmUp = Number(values["warm-up"]);
const LATEST_TIMES = 40;
const START_US = 1_700_000_000_000_000;
const LARGE_SECONDS = 300;

/** A contestant in its process. */
class Runner {
  name;
  #child;

  constructor(name, paths) {
    this.name = name;
    this.#child = fork(new URL("contestant.mjs", import.meta.url), [name, JSON.stringify(paths)]);
  }

  async tell(action, times) {
    this.#child.send({ action, times });
    const [answer] = await once(this.#child, "message");
    if (answer.error !== undefined) throw new Error(`${this.name}, ${action}: ${answer.error}`);
    return answer;
  }
}

const folder = await mkdtemp(join(values.folder, "playhead-benchmark-"));
process.env.XDG_CACHE_HOME = join(folder, "cache");
try {
  console.log(`Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model}\n`);
  await compare();
  if (values.large) await large();
} finally {
  await rm(folder, { recursive: true });
}

async function compare() {
  const mcap = join(folder, "mix.mcap");
  const messages = await writeMix(mcap, seconds);
  const { size } = await stat(mcap);
  console.log(`${seconds} s of ${SENSORS.length} sensors: ${messages} messages, ${megabytes(size)} MB\n`);
  const paths = { mcap, sqlite: join(folder, "mix.sqlite"), seconds };
  const runners = Object.keys(contestants).map((name) => new Runner(name, paths));
  for (const runner of runners) await runner.tell("prepare");
  for (const runner of runners) await runner.tell("scan");
  for (const runner of runners) await runner.tell("open");

  printScans("scan, cold", await takeTurns(runners, (runner) => runner.tell("scan")));
  for (const runner of runners) for (let scan = 0; scan < warmUp; scan++) await runner.tell("scan");
  printScans("scan, warm", await takeTurns(runners, middleOfThree));

  const readers = runners.filter(({ name }) => !name.includes("bare") && !name.includes("borrowed"));
  const times = Array.from(
    { length: LATEST_TIMES },
    (_, index) =>
      START_US + Math.floor(seconds * 1e6 * (0.02 + (0.97 * ((index * 17) % LATEST_TIMES)) / LATEST_TIMES)),
  );
  const latest = await takeTurns(readers, (runner) => runner.tell("latest", times));
  const inOnePass = await takeTurns(
    readers.filter(({ name }) => name.startsWith("@mcap")),
    (runner) => runner.tell("latestInOnePass", times),
  );
  for (const [name, figures] of inOnePass) latest.set(`${name}, in one pass`, figures);
  printTable(
    "latest-at, all sensors",
    latest,
    ["@mcap/core", "@mcap/core, in one pass"],
    (ms) => `${ms.toFixed(2)} ms`,
  );
  for (const runner of runners) await runner.tell("close");
}

/** Figures of each round, by contestant. */
async function takeTurns(runners, turn) {
  const figures = new Map(runners.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const runner of runners) figures.get(runner.name).push(await turn(runner));
  return figures;
}

async function middleOfThree(runner) {
  const scans = [];
  for (let scan = 0; scan < 3; scan++) scans.push(await runner.tell("scan"));
  return scans.toSorted((a, b) => a.wallMs - b.wallMs)[1];
}

function printScans(what, figures) {
  printTable(
    what,
    figures,
    ["@mcap/core", "bare loop", "bare loop, one buffer"],
    (ms) => `${ms.toFixed(0)} ms`,
  );
}

/** Medians, and the medians of the ratios within a round: above 1, the contestant of the row is faster. */
function printTable(what, figures, others, time) {
  const heads = others.flatMap((other) => [`times ${other}`, "by CPU"]);
  console.log(`| ${what} | wall | CPU | ${heads.join(" | ")} |`);
  console.log(`| --- | ${[1, 2, ...heads].map(() => "---:").join(" | ")} |`);
  for (const [name, own] of figures) {
    const ratios = others.flatMap((other) =>
      ["wallMs", "cpuMs"].map((kind) => {
        const of = own.map((figure, round) => figures.get(other)[round][kind] / figure[kind]);
        return `${median(of).toPrecision(2)}×`;
      }),
    );
    const [wall, cpu] = ["wallMs", "cpuMs"].map((kind) => time(median(own.map((figure) => figure[kind]))));
    console.log(`| ${[name, wall, cpu, ...ratios].join(" | ")} |`);
  }
  console.log();
}

/** A file of gigabytes: opened twice, read through, looked into; each in a new process. */
async function large() {
  console.log(
    "| large file | messages | MB | first opening | second opening | scan | latest-at | most memory |",
  );
  console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const density of [1, 10]) {
    const mcap = join(folder, "large.mcap");
    const messages = await writeMix(mcap, LARGE_SECONDS, { density });
    const { size } = await stat(mcap);
    const figures = [];
    for (const action of ["open", "open", "scan"]) {
      const runner = new Runner("Playhead", { mcap });
      figures.push(await runner.tell(action));
      if (action === "scan") {
        const times = Array.from(
          { length: 200 },
          (_, k) => START_US + ((k * 61) % 200) * LARGE_SECONDS * 5000,
        );
        figures.push(await runner.tell("latest", times), await runner.tell("close"));
      } else await runner.tell("close");
    }
    const [first, second, scan, latest, { maxRssMb }] = figures;
    const cells = [
      density === 1 ? "as above" : "ten times as many messages",
      messages,
      megabytes(size),
      `${first.wallMs.toFixed(0)} ms`,
      `${second.wallMs.toFixed(0)} ms`,
      `${(scan.wallMs / 1000).toFixed(2)} s`,
      `${latest.wallMs.toFixed(2)} ms`,
      `${maxRssMb.toFixed(0)} MB`,
    ];
    console.log(`| ${cells.join(" | ")} |`);
    await rm(mcap);
  }
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(0);
}
