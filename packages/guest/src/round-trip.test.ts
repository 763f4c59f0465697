import { type Component, ComponentError, instantiate, TrapError } from "@playhead/component-model";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadGuest } from "./kit/index.ts";

type Fn = (...args: unknown[]) => unknown;

/** Answers, and what the guest passed on. */
class Host {
  answer: unknown;
  fails = false;
  received: unknown[] = [];

  readonly echo: Record<string, Fn> = new Proxy({} as Record<string, Fn>, {
    has: () => true,
    getOwnPropertyDescriptor: (_, name) => ({ value: this.#call(String(name)), configurable: true }),
    get: (_, name) => this.#call(String(name)),
  });

  #call(name: string): Fn {
    return (...args) => {
      this.received = args;
      if (this.fails) throw new ComponentError(this.answer);
      return name === "nothing" ? undefined : this.answer;
    };
  }
}

class Store {
  static dropped = 0;
  readonly #points: unknown[] = [];
  readonly #size: number;

  constructor(name: string, size: number) {
    this.#size = name.length + size;
  }

  get(at: number): unknown {
    return this.#points[at];
  }

  put(point: unknown): number {
    if (this.#points.length === this.#size - 200) throw new ComponentError("full");
    return this.#points.push(point) - 1;
  }

  static total(values: Uint8Array): number {
    return values.reduce((sum, value) => sum + value, 0);
  }

  [Symbol.dispose](): void {
    Store.dropped++;
  }
}

let component: Component;
beforeAll(async () => {
  component = await loadGuest(new URL("../fixtures/round-trip/", import.meta.url));
}, 120_000);

/** What the guest exports by itself. */
interface Work {
  useStore(name: string, points: unknown[]): unknown;
  build(count: number): { tag: string; val?: unknown }[];
  waste(size: number): number;
  clean(size: number): boolean;
  write(value: number, digits: number, text: string): [string, Uint8Array];
  parse(json: string): [string, string][];
  fail(reason: string): void;
}

interface Started {
  readonly host: Host;
  readonly log: string[];
  readonly echo: Record<string, Fn>;
  readonly work: Work;
  readonly root: Record<string, Fn>;
}

function start(): Started {
  const host = new Host();
  const log: string[] = [];
  const imports = {
    "playhead:sim/diagnostics@0.1.0": {
      log: (level: string, message: string) => void log.push(`${level} ${message}`),
      metric: () => undefined,
      health: () => undefined,
    },
    "test:round-trip/types@1.2.3": {},
    "test:round-trip/echo@1.2.3": host.echo,
    "test:round-trip/stores@1.2.3": { Store },
    outside: (value: string) => `${value}!`,
  };
  const { exports } = instantiate(component, { imports });
  return {
    host,
    log,
    echo: exports["test:round-trip/echo@1.2.3"] as Record<string, Fn>,
    work: exports["test:round-trip/work@1.2.3"] as Work,
    root: exports as Record<string, Fn>,
  };
}

const number = (bits: 8 | 16 | 32, signed: boolean) =>
  signed
    ? fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
    : fc.integer({ min: 0, max: 2 ** bits - 1 });
const s64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const f32 = fc.float({ noNaN: true });
const f64 = fc.double({ noNaN: true });
const text = fc.string({ unit: "binary", maxLength: 12 });
const char = fc.string({ unit: "binary", minLength: 1, maxLength: 1 });
const mood = fc.constantFrom("calm", "very-excited");
const point = fc.record({ x: number(8, true), y: f64, on: fc.boolean() });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const line = fc.record({
  from: point,
  to: point,
  label: text,
  mood,
  note: maybe(text),
  width: maybe(number(16, false)),
  parts: fc.array(point, { maxLength: 3 }),
});
const many = fc.record(Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`f${i}`, fc.boolean()])));
const tagged = <T>(tag: string, val: fc.Arbitrary<T>) => val.map((val) => ({ tag, val }));
const shape = fc.oneof(
  fc.constant({ tag: "empty" }),
  tagged("dot", f32),
  tagged("circle", f64),
  tagged("count", s64),
  tagged("label", text),
  tagged("point", point),
  tagged("mood", mood),
);
const bytes = fc.uint8Array({ maxLength: 40 });
const rights = fc.record({ read: fc.boolean(), write: fc.boolean() });

/** For each function that takes values and answers one of them: the values, of which the last is also the answer. */
const same: Record<string, fc.Arbitrary<unknown>[]> = {
  truth: [fc.boolean()],
  letter: [char],
  text: [text],
  enumeration: [mood],
  flagged: [rights, many],
  structure: [line],
  single: [fc.record({ value: u64 })],
  pair: [fc.tuple(number(8, false), text)],
  choice: [shape],
  maybeNumber: [maybe(s64)],
  maybeText: [maybe(text)],
  maybePoint: [maybe(point)],
  bytes: [bytes],
  floats: [fc.float32Array({ noNaN: true, maxLength: 9 })],
  numbersList: [fc.bigInt64Array({ maxLength: 5 })],
  texts: [fc.array(text, { maxLength: 4 })],
  lists: [fc.array(bytes, { maxLength: 4 })],
  moods: [fc.array(mood, { maxLength: 5 })],
  points: [fc.array(point, { maxLength: 5 })],
  maybes: [fc.array(maybe(text), { maxLength: 5 })],
  shapes: [fc.array(shape, { maxLength: 6 })],
  manyParams: [line, line, number(8, false)],
  numbers: [
    number(8, false),
    number(8, true),
    number(16, false),
    number(16, true),
    number(32, false),
    number(32, true),
    u64,
    s64,
    f32,
    f64,
  ],
};

describe("values of every type", () => {
  for (const [name, values] of Object.entries(same)) {
    it(`pass through ${name} in both directions`, () => {
      const { host, echo } = start();
      fc.assert(
        fc.property(fc.tuple(...values), (args) => {
          host.answer = args.at(-1);
          const answer = echo[name]?.(...args);
          expect(host.received).toEqual(args);
          expect(answer).toEqual(args.at(-1));
        }),
        { numRuns: 60 },
      );
    });
  }

  it("pass through results and small numbers", () => {
    const { host, echo, root } = start();
    host.answer = { x: -1, y: 2.5, on: true };
    expect(echo.outcome?.(host.answer, false)).toEqual(host.answer);
    host.answer = -3;
    expect(echo.small?.(-128, 65535)).toBe(-3);
    expect(host.received).toEqual([-128, 65535]);
    expect(echo.nothing?.()).toBeUndefined();
    expect(root.inside?.("grüße 😀")).toBe("grüße 😀!");
    host.answer = undefined;
    expect(echo.plainOutcome?.(false)).toBeUndefined();
    host.fails = true;
    expect(() => echo.plainOutcome?.(true)).toThrow(ComponentError);
    host.answer = "very-excited";
    expect(() => echo.outcome?.({ x: 1, y: 1, on: false }, true)).toThrow(
      expect.objectContaining({ payload: "very-excited" }),
    );
  });
});

describe("a guest", () => {
  it("uses a resource of the host and gives it back", () => {
    const { work } = start();
    const points = [1, 2, 3, 4].map((x) => ({ x, y: 0.5, on: false }));
    Store.dropped = 0;
    // The fourth point is refused; the third comes back, with the sum of "ab" in UTF-16.
    expect(work.useStore("abc", points)).toEqual({ x: 3, y: 0.5 + 97 + 98, on: false });
    expect(Store.dropped).toBe(1);
  });

  it("builds lists that grow", () => {
    const { work } = start();
    const shapes = work.build(1000);
    expect(shapes).toHaveLength(1000);
    expect(shapes.slice(7, 14)).toEqual([
      { tag: "empty" },
      { tag: "dot", val: 4 },
      { tag: "circle", val: 9 / 4 },
      { tag: "count", val: -10n },
      { tag: "label", val: "no 11" },
      { tag: "point", val: { x: 12, y: 0, on: true } },
      { tag: "mood", val: "very-excited" },
    ]);
  });

  it("finds zeros in its arena, whatever calls left there", () => {
    const { work } = start();
    for (const size of [100, 5_000, 20_000, 100_000, 300_000, 1000, 300_000, 5_000_000, 5_000_000]) {
      expect(work.clean(size)).toBe(true);
    }
  });

  it("makes garbage in every call without growing", () => {
    const { work } = start();
    const pages = Array.from({ length: 600 }, () => work.waste(20_000));
    expect(Math.max(...pages)).toBeLessThan(60);
    expect(pages.at(-1)).toBe(pages[100]);
  });

  it("writes numbers and texts", () => {
    const { work } = start();
    const write = (value: number, digits: number, words: string) => {
      const [plain, json] = work.write(value, digits, words);
      return [plain, JSON.parse(Buffer.from(json).toString("utf8"))];
    };
    expect(write(-1.005, 1, 'a<b>&"é😀\n')).toEqual([
      "-1.0 -1 a&lt;b&gt;&amp;&quot;é😀\n",
      { value: -1, 'a<b>&"é😀\n': ['a<b>&"é😀\n', null, true, -1, {}] },
    ]);
    const numbers = (value: number, digits: number) => {
      const [plain, json] = write(value, digits, "") as [string, { value: unknown }];
      return [plain.split(" ")[0], json.value];
    };
    expect(numbers(2.5, 0)).toEqual(["3", 3]);
    expect(numbers(-2.5, 0)).toEqual(["-3", -3]);
    expect(numbers(-0.001, 2)).toEqual(["0.00", 0]);
    expect(numbers(123456.789, 3)).toEqual(["123456.789", 123456.789]);
    expect(numbers(1.5, 4)).toEqual(["1.5000", 1.5]);
    expect(numbers(1e20, 2)[1]).toBe(1e20);
    expect(numbers(Number.NaN, 2)).toEqual(["NaN", null]);
    expect(numbers(Number.POSITIVE_INFINITY, 2)).toEqual(["Infinity", null]);
  });

  it("reads flat JSON", () => {
    const { work } = start();
    const parse = (json: string) => Object.fromEntries(work.parse(json));
    expect(
      parse(' { "a" : "x\\n\\"\\u00e9" , "b": 12.5, "c": true, "d": [1, {"e": "}"}], "f": null } '),
    ).toEqual({
      a: 'x\n"é',
      b: "12.5",
      c: "true",
      d: '[1, {"e": "}"}]',
      f: "null",
    });
    for (const bad of [
      "",
      "{",
      "[]",
      '{"a"}',
      '{"a":}',
      '{"a":1',
      '{"a":"x',
      "{a:1}",
      '{"a":"\\',
      '{"a":1 "b":2',
    ]) {
      expect(parse(bad), bad).toEqual({});
    }
    expect(parse("{}")).toEqual({});
  });

  it("says why it traps", () => {
    const { work, log } = start();
    expect(work.fail("")).toBeUndefined();
    expect(() => work.fail("on purpose")).toThrow(TrapError);
    expect(log).toEqual([expect.stringMatching(/^error round-trip\/src\/work\.ts:\d+:\d+: on purpose$/)]);
  });
});
