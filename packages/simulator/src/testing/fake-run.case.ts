import type { Reading, ReadOptions, Recording, Sensor } from "@playhead/recording";
import { parseConfig, type SimulationConfig } from "../config/config.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import type { HostImports, InstanceStates, LinkedUnit, Pipeline } from "../pipeline/pipeline.ts";

/** A recording in memory: one sensor `/n`, one byte a reading, every 10 ms from `startUs`. */
export function fakeRecording(
  count: number,
  startUs = 1_000_000,
  payload = (i: number) => i % 256,
): Recording {
  const readings = Array.from({ length: count }, (_, i): Reading => {
    const raw = new Uint8Array([payload(i)]);
    const timeUs = startUs + i * 10_000;
    return {
      sensor: 0,
      timeUs,
      remainderNs: 0,
      publishTimeNs: BigInt(timeUs) * 1000n,
      sequence: i,
      position: i,
      raw,
      payload: raw,
      metadata: undefined,
    };
  });
  const endUs = startUs + (count - 1) * 10_000;
  const sensor: Sensor = {
    handle: 0,
    name: "/n",
    kind: "other",
    role: "input",
    encoding: "bytes",
    schema: "",
    count,
    firstUs: startUs,
    lastUs: endUs,
    rateHz: 100,
    metadata: {},
  };
  return {
    name: "fake",
    startUs,
    endUs,
    sensors: [sensor],
    problems: [],
    async *read({ fromUs = startUs, toUs = endUs }: ReadOptions = {}) {
      const wanted = readings.filter((reading) => reading.timeUs >= fromUs && reading.timeUs <= toUs);
      for (let at = 0; at < wanted.length; at += 7) {
        await Promise.resolve();
        yield wanted.slice(at, at + 7);
      }
    },
    latestAtOrBefore: async (timeUs) => {
      const found = readings.findLast((reading) => reading.timeUs <= timeUs);
      return new Map(found === undefined ? [] : [[0, found]]);
    },
    close: async () => {},
  };
}

/** What a unit written in JavaScript can use: the host's functions, as seen by that unit. */
interface FakeServices {
  /** Calls a host function by interface and name, as the unit's own instance. */
  call(interfaceName: "sensors" | "bus" | "diagnostics", name: string, ...args: unknown[]): unknown;
}

export interface FakeUnit {
  readonly name: string;
  readonly providers?: readonly string[];
  make(services: FakeServices): {
    init?(): void;
    step(nowUs: number): void;
    render?(nowUs: number): string;
    /** All that the unit remembers; a unit without cannot be saved, and so its pipeline cannot. */
    memory?: { get(): unknown; set(value: unknown): void };
  };
}

/** A pipeline of units written in JavaScript: they go through the same host functions as guests do. */
function fakePipeline(units: readonly FakeUnit[]): Pipeline {
  return {
    name: "fake.wac",
    identity: "0".repeat(64),
    source: undefined,
    unitNames: units.map((unit) => unit.name),
    unitNameAt: (path) => units.find((unit) => unit.name === path)?.name,
    link: (imports) => {
      const made = units.map((unit) => linkFake(unit, imports));
      return {
        units: made.map(({ linked }) => linked),
        state: fakeStates(
          made.map(({ memory }) => memory),
          units.map(({ name }) => name),
        ),
      };
    },
  };
}

interface Memory {
  get(): unknown;
  set(value: unknown): void;
}

function fakeStates(
  memories: readonly (Memory | undefined)[],
  names: readonly string[],
): InstanceStates | undefined {
  if (memories.includes(undefined)) return undefined;
  return {
    save: () => ({ data: structuredClone(memories.map((memory) => memory?.get())), memories: [] }),
    parts: ({ data }) => (data as unknown[]).map((part, at) => [String(at), part]),
    fits: () => true,
    mixed: (others, one, path) => ({
      data: names.map((name, at) => ((name === path ? one : others).data as unknown[])[at]),
      memories: [],
    }),
    restore: ({ data }) => {
      memories.forEach((memory, at) => {
        memory?.set(structuredClone((data as unknown[])[at]));
      });
    },
  };
}

function linkFake(unit: FakeUnit, imports: HostImports): { linked: LinkedUnit; memory: Memory | undefined } {
  const services: FakeServices = {
    call: (interfaceName, name, ...args) => {
      const fn = imports[`playhead:sim/${interfaceName}@0.1.0`]?.[name] as (...args: unknown[]) => unknown;
      return isWithCaller(fn) ? fn({ path: unit.name }, ...args) : fn(...args);
    },
  };
  const made = unit.make(services);
  const { render } = made;
  const linked: LinkedUnit = {
    name: unit.name,
    path: unit.name,
    providers: unit.providers ?? [],
    component: { init: () => made.init?.(), step: (now) => made.step(Number(now)) },
    view:
      render === undefined
        ? undefined
        : {
            listViews: () => [{ name: "main", title: "Main" }],
            render: (_view, now) => ({ tag: "svg", val: render(Number(now)) }),
          },
  };
  return { linked, memory: made.memory };
}

/** `withCaller` marks its functions with a symbol. */
function isWithCaller(fn: object): boolean {
  return Object.getOwnPropertySymbols(fn).length > 0;
}

export function fakePlan(units: readonly FakeUnit[], yaml: string, recording = fakeRecording(100)): RunPlan {
  const config: SimulationConfig = parseConfig(yaml, "test.yaml");
  return {
    recording,
    pipeline: fakePipeline(units),
    config,
    schemas: new Map(),
    files: new Map(),
    startUs: recording.startUs,
    endUs: recording.endUs,
  };
}

/** Sums all bytes that arrive and publishes the sum, as text, on `/sum`; draws it, too. */
export const summing: FakeUnit = {
  name: "summing",
  make: ({ call }) => {
    let sum = 0;
    return {
      memory: {
        get: () => sum,
        set: (value) => {
          sum = value as number;
        },
      },
      step: () => {
        const { payloads } = call("sensors", "arrivedPacked", []) as { payloads: Uint8Array };
        for (const byte of payloads) sum += byte;
        call("bus", "publish", call("bus", "advertise", "/sum"), new TextEncoder().encode(String(sum)));
      },
      render: () => `<svg>${sum}</svg>`,
    };
  },
};

export const SUMMING_YAML = `
units:
  summing:
    rateHz: 30
    publishes: { /sum: { encoding: text } }
    views: { main: { rateHz: 7 } }
`;
