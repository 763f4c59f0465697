import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { anyType, valuesOf } from "../../packages/component-model/src/abi/arbitrary.case.ts";
import { decodeComponent, instantiate } from "../../packages/component-model/src/index.ts";
import type { FuncType, PrimitiveKind, ValueType } from "../../packages/component-model/src/types.ts";
import { type Api, type Calls, Host, type Outcome, outcomeOf } from "./host.ts";
import { findJco, type Jco } from "./jco.ts";
import { type Encoding, relay, relayChain } from "./relay.ts";
import { sharesWideInteger } from "./shared-integer.ts";
import { witOf } from "./wit-text.ts";

const SEED = Number(process.env.PLAYHEAD_DIFFERENTIAL_SEED ?? 1);
/** Components of twelve functions each, in each of the two properties. */
const COMPONENTS = Number(process.env.PLAYHEAD_DIFFERENTIAL_COMPONENTS ?? 10);

function callsOf(params: ValueType[], result: ValueType | undefined): fc.Arbitrary<Calls> {
  const type: FuncType = { params: params.map((part, i) => ({ name: `p${i}`, type: part })), result };
  const sample = fc.record({
    args: fc.tuple(...params.map(valuesOf)) as fc.Arbitrary<unknown[]>,
    answer: result === undefined ? fc.constant(undefined) : valuesOf(result),
  });
  return fc.array(sample, { minLength: 5, maxLength: 5 }).map((samples) => ({ type, samples }));
}

const anyCalls = fc
  .tuple(fc.array(anyType, { minLength: 1, maxLength: 3 }), fc.option(anyType, { nil: undefined, freq: 6 }))
  .chain(([params, result]) => callsOf(params, result));
const batch = fc.array(anyCalls, { minLength: 12, maxLength: 12 });

/** jco has no `latin1+utf16`, and does not pass utf16 on as utf16 inside a component. */
const encoding = fc.constantFrom<Encoding>("utf8", "utf16");
const chain = fc.constantFrom<Encoding[]>(
  ["utf8", "utf8"],
  ["utf8", "utf16", "utf8"],
  ["utf16", "utf8", "utf16"],
);

const name = "diff:test/api";

/** Makes all calls through Playhead and through jco: what goes in comes out, in the same form. */
async function compare(jco: Jco, bytes: Uint8Array, calls: readonly Calls[]): Promise<void> {
  const [oursHost, theirsHost] = [new Host(calls), new Host(calls)];
  const ours = instantiate(decodeComponent(bytes), { imports: { [name]: oursHost.api } }).exports[
    name
  ] as Api;
  const theirs = (await jco.instantiate(bytes, { [name]: theirsHost.api }))[name] as Api;
  for (const [index, { type, samples }] of calls.entries()) {
    const isKnownToFail = sharesWideInteger(type);
    for (const sample of samples) {
      const found = oursHost.call(ours, `f${index}`, sample);
      expect(found, witOf([type])).toEqual(outcomeOf(type, sample));
      if (isKnownToFail) continue;
      const expected: Outcome = theirsHost.call(theirs, `f${index}`, sample);
      expect(found, `jco, ${witOf([type])}`).toEqual(expected);
    }
  }
}

const jco = await findJco();
afterAll(() => jco?.close());
const peer =
  jco === undefined
    ? "jco, which is not installed: npm ci --prefix benchmarks/component-model"
    : `jco (jco-transpile ${jco.version})`;

describe.skipIf(jco === undefined)(`the same values as through ${peer}`, () => {
  const settings = { seed: SEED, numRuns: COMPONENTS, endOnFailure: true };
  const compareWith = (bytes: Uint8Array, calls: readonly Calls[]) => compare(jco as Jco, bytes, calls);

  test("through a guest", async () => {
    const property = fc.asyncProperty(batch, encoding, async (calls, encoded) => {
      await compareWith(await relay(typesOf(calls), encoded), calls);
    });
    await fc.assert(property, settings);
  });

  test("through several guests in one component", async () => {
    const property = fc.asyncProperty(batch, chain, async (calls, encodings) => {
      await compareWith(await relayChain(typesOf(calls), encodings), calls);
    });
    await fc.assert(property, settings);
  });

  test("where JavaScript numbers are not of the type", async () => {
    const numbers = [-0, 1.5, -1.5, -1, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32, 2 ** 53, 1e300];
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, -129, -32_769, -(2 ** 31) - 1];
    const big = [-1n, 2n ** 63n, 2n ** 64n, -(2n ** 63n) - 1n, 5, -5];
    const wide: readonly PrimitiveKind[] = ["u64", "s64"];
    const narrow: readonly PrimitiveKind[] = ["u8", "s8", "u16", "s16", "u32", "s32", "f32", "f64"];
    const calls = [...narrow, ...wide].map((kind): Calls => {
      const values = wide.includes(kind) ? big : [...numbers, ...odd];
      const type = { params: [{ name: "x", type: { kind } }], result: undefined };
      return { type, samples: values.map((value) => ({ args: [value], answer: undefined })) };
    });
    const bytes = await relay(typesOf(calls), "utf8");
    const host = new Host(calls);
    const ours = instantiate(decodeComponent(bytes), { imports: { [name]: host.api } }).exports[name] as Api;
    const theirs = (await (jco as Jco).instantiate(bytes, { [name]: host.api }))[name] as Api;
    for (const [index, { type, samples }] of calls.entries()) {
      for (const sample of samples) {
        const found = host.call(ours, `f${index}`, sample);
        expect(found, `${sample.args} as ${type.params[0]?.type.kind}`).toEqual(
          host.call(theirs, `f${index}`, sample),
        );
      }
    }
  });
});

function typesOf(calls: readonly Calls[]): FuncType[] {
  return calls.map((call) => call.type);
}
