/** Runs one guest in a test: the real component in the real host, with everything around it made up. */

import {
  type Component,
  ComponentError,
  decodeComponent,
  type HostImport,
  instantiate,
} from "@playhead/component-model";
import { FakeBus } from "./fake-bus.ts";
import { FakeDiagnostics } from "./fake-diagnostics.ts";
import { type FakeReading, type FakeSensor, FakeSensors } from "./fake-sensors.ts";

export interface TestSetting {
  /** The sensors of the drive; none when left out. Handles are their places in this list. */
  readonly sensors?: readonly FakeSensor[];
  /** The topics that the guest may publish on. */
  readonly publishes?: readonly string[];
  /** What the guest imports beside `playhead:sim`, by the name of the interface: an object of functions in jco's mapping. */
  readonly imports?: Readonly<Record<string, HostImport>>;
}

type Call = (...args: never[]) => unknown;

/** The answer of a call that may fail: `undefined` where it succeeded, otherwise the error's text. */
export type Failure = string | undefined;

const PACKAGE = "playhead:sim";

export class GuestUnderTest {
  readonly sensors: FakeSensors;
  readonly bus: FakeBus;
  readonly diagnostics = new FakeDiagnostics();
  readonly #exports: Readonly<Record<string, unknown>>;
  #stepUs = Number.NEGATIVE_INFINITY;

  /** @param component what `playhead-guest build` wrote, or what was decoded of it */
  constructor(component: Uint8Array | Component, setting: TestSetting = {}) {
    this.sensors = new FakeSensors(setting.sensors ?? []);
    this.bus = new FakeBus(setting.publishes ?? []);
    const decoded = component instanceof Uint8Array ? decodeComponent(component) : component;
    const own: Record<string, HostImport> = {
      sensors: this.sensors.imports(),
      bus: this.bus.imports(),
      diagnostics: this.diagnostics.imports(),
      types: {},
    };
    const imports: Record<string, HostImport> = { ...setting.imports };
    for (const name of decoded.type.imports.keys()) {
      const match = new RegExp(`^${PACKAGE}/([^@]+)`).exec(name);
      const fake = own[match?.[1] ?? ""];
      if (fake !== undefined) imports[name] ??= fake;
    }
    this.#exports = instantiate(decoded, { imports }).exports;
  }

  /** Adds readings, in the order of their times. */
  add(...readings: readonly FakeReading[]): void {
    for (const reading of readings) this.sensors.add(reading);
  }

  /** Calls `init` with settings. */
  init(settings: Readonly<Record<string, string>> = {}): Failure {
    return this.#attempt(() =>
      this.function("component", "init")(...([Object.entries(settings)] as never[])),
    );
  }

  /** Calls `step`. What was added with times up to now arrives, unless it did in a step before. */
  step(nowUs: number): Failure {
    this.sensors.moveTo(nowUs, this.#stepUs);
    this.bus.nowUs = nowUs;
    this.#stepUs = nowUs;
    return this.#attempt(() => this.function("component", "step")(...([BigInt(nowUs)] as never[])));
  }

  /** Calls `render` of a view. The answer is a picture in jco's mapping: `{ tag: "svg", val: … }`. */
  render(view: number, nowUs: number): unknown {
    return this.function("view", "render")(...([view, BigInt(nowUs)] as never[]));
  }

  /**
   * A function of an exported interface, which is named by its last word (`frames`) or in full. Its arguments and result are in
   * jco's mapping.
   */
  function(interfaceName: string, name: string): Call {
    const found = Object.keys(this.#exports).find(
      (each) => each === interfaceName || each.replace(/@.*$/, "").endsWith(`/${interfaceName}`),
    );
    const functions = found === undefined ? undefined : (this.#exports[found] as Record<string, unknown>);
    const fn = functions?.[name];
    if (typeof fn !== "function") throw new Error(`the guest exports no function ${interfaceName}.${name}`);
    return fn as Call;
  }

  #attempt(call: () => unknown): Failure {
    try {
      call();
      return undefined;
    } catch (error) {
      if (error instanceof ComponentError) return String(error.payload);
      throw error;
    }
  }
}
