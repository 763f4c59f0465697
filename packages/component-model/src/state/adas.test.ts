import * as fc from "fast-check";
import { expect, it } from "vitest";
import { AdasPipeline, adasComponents } from "./adas.case.ts";
import { Meter } from "./meter.ts";
import { fits, restore, snapshot, stateHash } from "./operations.ts";
import { MemoryPageStore } from "./page-store.ts";

const components = adasComponents();
const built = components ?? new Map();
const anySteps = fc.array(fc.integer({ min: 1, max: 31 }), { minLength: 1, maxLength: 6 });

it.skipIf(components === undefined)(
  "the driver-assistance components go on from a snapshot as they did (skipped where they are not built)",
  () => {
    const store = new MemoryPageStore();
    const options = { meter: new Meter({ fuel: 10_000_000_000 }), maxMemoryBytes: 256 << 20 };
    const pipeline = new AdasPipeline(built, options);
    const hashes = () => pipeline.instances.map((instance) => stateHash(instance));
    const play = (steps: readonly number[]) => {
      pipeline.outputs = [];
      for (const mask of steps) pipeline.step(mask);
      return { outputs: pipeline.outputs, hashes: hashes(), fuel: options.meter.fuelUsed };
    };
    fc.assert(
      fc.property(anySteps, anySteps, (before, after) => {
        play(before);
        const { steps } = pipeline;
        const saved = pipeline.instances.map((instance) => snapshot(instance, store));
        const hashesThen = hashes();
        const expected = play(after);
        for (const inPlace of [true, false]) {
          pipeline.steps = steps;
          if (
            inPlace &&
            pipeline.instances.every((instance, index) => fits(instance, saved[index] as never))
          ) {
            for (const [index, instance] of pipeline.instances.entries())
              restore(instance, saved[index] as never, store);
          } else {
            pipeline.make(saved.map((each) => ({ ...options, from: { snapshot: each, store } })));
          }
          expect(hashes()).toEqual(hashesThen);
          expect(play(after)).toEqual(expected);
        }
      }),
      { numRuns: 12 },
    );
  },
);

it.skipIf(components === undefined)(
  "the driver-assistance components do the same with and without a meter",
  () => {
    const [plain, metered] = [{ snapshots: false }, { meter: new Meter() }].map((options) => {
      const pipeline = new AdasPipeline(built, options);
      for (let step = 0; step < 10; step++) pipeline.step(31);
      return pipeline.outputs;
    });
    expect(metered).toEqual(plain);
    expect(plain?.length).toBeGreaterThan(20);
  },
);
