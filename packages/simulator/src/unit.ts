import type { UnitConfig } from "./config.ts";
import type { Drawing } from "./output.ts";
import type { LinkedUnit } from "./pipeline.ts";

export type HealthState = "ok" | "degraded" | "failed";
export type LogLevel = "debug" | "info" | "warning" | "error";

export interface LogLine {
  readonly timeUs: number;
  readonly unit: string;
  readonly level: LogLevel;
  readonly message: string;
}

/** Wall-clock cost of a kind of call. It never enters the run hash. */
export class CallTimes {
  count = 0;
  totalMs = 0;
  maxMs = 0;
  lastMs = 0;

  add(ms: number): void {
    this.count++;
    this.totalMs += ms;
    this.lastMs = ms;
    if (ms > this.maxMs) this.maxMs = ms;
  }

  get meanMs(): number {
    return this.count === 0 ? 0 : this.totalMs / this.count;
  }
}

/** A view of a unit and the last picture that it gave. */
export interface View {
  readonly name: string;
  readonly title: string;
  /** `/views/<unit>/<view>` */
  readonly topic: string;
  readonly rateHz: number;
  drawing: Drawing | undefined;
  timeUs: number;
  count: number;
}

/** What the simulation keeps of a unit while it runs. */
export class Unit {
  readonly name: string;
  readonly path: string;
  /** Place in the composition's order: providers first. */
  readonly order: number;
  readonly rateHz: number;
  readonly linked: LinkedUnit;
  readonly config: UnitConfig;
  readonly views: View[] = [];
  readonly steps = new CallTimes();
  readonly renders = new CallTimes();
  readonly metrics = new Map<string, number>();
  /** Messages by topic that it may publish on. */
  readonly published = new Map<string, number>();
  health: { state: HealthState; reason: string } = { state: "ok", reason: "" };
  logLines = 0;
  /** Readings from this cursor of the bridge on are "arrived since my last step". */
  arrivedFrom = 0;
  /** What `arrivedFrom` becomes when the next step starts. */
  nextArrivedFrom = 0;
  /** Virtual time of the last step that started. */
  lastStepUs = Number.NEGATIVE_INFINITY;

  constructor(linked: LinkedUnit, order: number, rateHz: number, config: UnitConfig) {
    this.linked = linked;
    this.name = linked.name;
    this.path = linked.path;
    this.order = order;
    this.rateHz = rateHz;
    this.config = config;
  }
}
