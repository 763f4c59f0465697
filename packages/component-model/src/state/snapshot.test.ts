import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { camelCase } from "../abi/names.ts";
import type { Component } from "../component.ts";
import { TrapError } from "../errors.ts";
import { type ComponentInstance, instantiate } from "../instantiate.ts";
import { withState } from "../link/host-state.ts";
import { everyStateComponent, operations } from "./guests.case.ts";
import { Meter } from "./meter.ts";
import { fits, release, restore, snapshot, stateHash } from "./operations.ts";
import { MemoryPageStore } from "./page-store.ts";

class Counter {
  value: number;
  constructor(start: number) {
    this.value = start;
  }
  next(): number {
    this.value = (this.value + 1) >>> 0;
    return this.value;
  }
}
withState(Counter, { save: ({ value }) => ({ value }), restore: ({ value }) => new Counter(value) });

let component: Component;
beforeAll(async () => {
  component = await everyStateComponent();
});

const imports = { "host:counters/api": { Counter } };

function make(options = {}): ComponentInstance {
  return instantiate(component, { imports, ...options });
}

type Step = readonly [operation: string, a: number, b: number];

/** What a step gives: its result, or the text of its trap. */
function perform(instance: ComponentInstance, [operation, a, b]: Step): unknown {
  try {
    return (instance.exports[camelCase(operation)] as (a: number, b: number) => number)(a, b);
  } catch (error) {
    if (error instanceof TrapError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.constantFrom(...operations), fc.nat(8), fc.nat(8)),
  fc.tuple(fc.constantFrom("write", "globals", "table-set", "call"), fc.nat(0xffffffff), fc.nat(0xffffffff)),
);
const anySteps = fc.array(anyStep, { maxLength: 20 });

describe("a snapshot", () => {
  it.each([
    ["plain", () => ({})],
    ["metered and capped", () => ({ meter: new Meter(), maxMemoryBytes: 10 << 16 })],
  ])("restored, goes on as the original did: %s", (_, options) => {
    const store = new MemoryPageStore();
    fc.assert(
      fc.property(anySteps, anySteps, (before, after) => {
        let instance = make(options());
        for (const step of before) perform(instance, step);
        const saved = structuredClone(snapshot(instance, store));
        const hash = stateHash(instance);
        const expected = after.map((step) => perform(instance, step));
        const finalHash = stateHash(instance);
        for (const inPlace of [true, false]) {
          if (inPlace && fits(instance, saved)) restore(instance, saved, store);
          else instance = make({ ...options(), from: { snapshot: saved, store } });
          expect(stateHash(instance)).toBe(hash);
          expect(after.map((step) => perform(instance, step))).toEqual(expected);
          expect(stateHash(instance)).toBe(finalHash);
        }
        release(saved, store);
        expect(store.pages).toBe(0);
      }),
      { numRuns: 150 },
    );
  });
});
