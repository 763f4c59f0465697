import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadGuest } from "@playhead/guest/test-kit";
import { type Command, loadPipeline, type Move, makePlan, type RunPlan } from "@playhead/simulator";
import { openRecording } from "@playhead/store";
import fc from "fast-check";
import { afterAll, beforeAll, describe, it } from "vitest";
import { makeDrive, makeSmallDrive, scratchFolder } from "./drives.ts";
import { ReferenceRun } from "./reference-run.ts";
import { DATA, ROOT } from "./surroundings.ts";

/** How many command sequences: see `npm run test:properties`. */
const LIGHT_RUNS = Number(process.env.PLAYHEAD_PROPERTY_LIGHT ?? 100);
const ADAS_RUNS = Number(process.env.PLAYHEAD_PROPERTY_ADAS ?? 5);
const SEED = Number(process.env.PLAYHEAD_PROPERTY_SEED ?? 20_260_131);

/** Long enough for a thousand sequences. */
const TIMEOUT_MS = 3_600_000;

let folder: Awaited<ReturnType<typeof scratchFolder>>;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  folder = await scratchFolder();
});

afterAll(async () => {
  for (const recording of opened) await recording.close();
  await folder?.remove();
});

interface Part {
  readonly name: string;
  readonly file: string | undefined;
  readonly fromS: number;
  readonly seed: number;
}

/** A part of a real drive where they are at hand, a made one otherwise. */
function part(name: string, fromS: number, seed: number): Part {
  return DATA === undefined
    ? { name: `made drive ${seed}`, file: undefined, fromS: 0, seed }
    : { name, file: join(DATA, "drives", `${name}.mcap`), fromS, seed };
}

const LIGHT_PARTS = [part("comma2k19", 12, 21), part("reductstore_demo", 3, 22)];
const ADAS_PARTS = [part("comma2k19", 12, 23), part("dashcam", 3, 24)];

async function planOf(
  { file, fromS, seed }: Part,
  composition: string,
  depsDirs: string[],
  durationS: number,
  make: (file: string, seed: number, durationS: number) => Promise<string>,
): Promise<RunPlan> {
  const recording = await openRecording(
    file ?? (await make(join(folder.path, `${seed}.mcap`), seed, durationS)),
  );
  opened.push(recording);
  const fromUs = recording.startUs + fromS * 1e6;
  const toUs = Math.min(recording.endUs, fromUs + durationS * 1e6);
  return makePlan(recording, await loadPipeline(join(ROOT, composition), { depsDirs }), { fromUs, toUs });
}

/** Moves over a run, times as shares of it. */
function moves({ startUs, endUs }: RunPlan): fc.Arbitrary<Move[]> {
  const spanUs = endUs - startUs;
  const timeUs = fc.integer({ min: startUs, max: endUs });
  const seek: fc.Arbitrary<Command> = fc.oneof(
    timeUs.map((time): Command => ({ type: "seek", timeUs: time })),
    fc
      .integer({ min: -Math.floor(spanUs / 3), max: Math.floor(spanUs / 3) })
      .map((deltaUs): Command => ({ type: "seek-by", deltaUs })),
  );
  const direction = fc.constantFrom("forward" as const, "back" as const);
  const step = fc.record({
    type: fc.constant("step" as const),
    unit: fc.constantFrom(...(["tick", "event", "frame", "reading", "message", "run"] as const)),
    count: fc.integer({ min: 1, max: 8 }),
    direction,
  });
  const runUntil = fc
    .record({ on: fc.constant("time" as const), timeUs })
    .chain((until) => direction.map((way): Command => ({ type: "run-until", until, direction: way })));
  const loop: fc.Arbitrary<Command> = fc
    .oneof(
      fc.constantFrom("all" as const, "off" as const),
      fc.tuple(timeUs, timeUs).map(([a, b]) => ({ fromUs: Math.min(a, b), toUs: Math.max(a, b) })),
    )
    .map((range) => ({ type: "loop", loop: range }));
  const commands = (all: readonly Command[]): Move => ({ type: "commands", commands: all });
  const move: fc.Arbitrary<Move> = fc.oneof(
    step.map((command) => commands([command])),
    seek.map((command) => commands([command])),
    fc.oneof(runUntil, loop).map((command) => commands([command])),
    fc.array(fc.oneof(seek, step, runUntil, loop), { minLength: 2, maxLength: 4 }).map(commands),
    fc.record({
      type: fc.constant("play" as const),
      speed: fc.constantFrom(1, 10, 100, 1000, "max" as const),
      wallMs: fc.integer({ min: 0, max: 20 }),
    }),
  );
  return fc.array(move, { minLength: 1, maxLength: 8 });
}

const checkpointCostMs = fc.constantFrom(false as const, 1, 5, 20);

async function holds(plan: RunPlan, numRuns: number): Promise<void> {
  const reference = await ReferenceRun.of(plan);
  await fc.assert(
    fc.asyncProperty(moves(plan), checkpointCostMs, async (sequence, costMs) => {
      await reference.expectEqual({ name: "random", moves: sequence, checkpointCostMs: costMs });
    }),
    { numRuns, seed: SEED, endOnFailure: numRuns > 200 },
  );
}

describe("whatever the playhead does, the run is the plain run: its end, its outputs, its state wherever it rests", () => {
  it.each(LIGHT_PARTS)(
    "a light composition, ten seconds of $name",
    async (of) => {
      for (const guest of ["tally", "reporter"])
        await loadGuest(fileURLToPath(new URL(`../examples/light/${guest}/`, import.meta.url)));
      const deps = join(ROOT, "examples/light/build");
      const plan = await planOf(of, "examples/light/light.wac", [deps], 10, makeSmallDrive);
      await holds(plan, Math.ceil(LIGHT_RUNS / LIGHT_PARTS.length));
    },
    TIMEOUT_MS,
  );

  it.each(ADAS_PARTS)(
    "the ADAS pipeline, five seconds of $name",
    async (of) => {
      const deps = join(ROOT, "components/build");
      const make = (file: string, seed: number, durationS: number) => makeDrive(file, { seed, durationS });
      const plan = await planOf(of, "components/adas.wac", [deps], 5, make);
      const more = of === ADAS_PARTS[0] ? Math.floor : Math.ceil;
      await holds(plan, more(ADAS_RUNS / ADAS_PARTS.length));
    },
    TIMEOUT_MS,
  );
});
