import type { Reading } from "@playhead/recording";
import type { UnitConfig } from "../config/config.ts";
import type { Drawing } from "../outputs/output.ts";
import type { Picture } from "../outputs/picture.ts";
import type { LinkedUnit } from "../pipeline/pipeline.ts";
import { type ReadingRef, refOf } from "./saved-readings.ts";

export type HealthState = "ok" | "degraded" | "failed";
/** Whether a unit takes part in the run: an isolated one failed, a stale one calls one that did. */
export type Standing = "running" | "isolated" | "stale";
export type LogLevel = "debug" | "info" | "warning" | "error";

export interface LogLine {
  readonly timeUs: number;
  readonly unit: string;
  readonly level: LogLevel;
  readonly message: string;
}

/** Wall-clock cost of a kind of call. It never enters the run hash. */
export class CallTimes {
  /** Calls of the run; after going back, as many as had been made up to there. */
  count = 0;
  /** Calls that were measured: those of a part that was run again count again. */
  #measured = 0;
  totalMs = 0;
  maxMs = 0;
  lastMs = 0;

  add(ms: number): void {
    this.count++;
    this.#measured++;
    this.totalMs += ms;
    this.lastMs = ms;
    if (ms > this.maxMs) this.maxMs = ms;
  }

  get meanMs(): number {
    return this.#measured === 0 ? 0 : this.totalMs / this.#measured;
  }
}

/** A view of a unit and the last picture that it gave. */
export interface View {
  readonly name: string;
  readonly title: string;
  /** `/views/<unit>/<view>` */
  readonly topic: string;
  readonly rateHz: number;
  readonly phaseUs: number | undefined;
  drawing: ViewDrawing | undefined;
  timeUs: number;
  count: number;
}

/** What a view drew, with whole readings for what it drew over. */
interface ViewDrawing extends Drawing {
  readonly cameras: ReadonlyMap<string, Reading>;
}

interface SavedDrawing {
  readonly picture: Picture;
  readonly bytes: number;
  readonly cameras: readonly (readonly [string, ReadingRef])[];
}

/** How far a unit has come: what of it belongs to the run. Times of the wall clock do not. */
export interface UnitState {
  readonly steps: number;
  readonly renders: number;
  readonly metrics: readonly (readonly [string, number])[];
  readonly published: readonly (readonly [string, number])[];
  readonly health: { readonly state: HealthState; readonly reason: string };
  readonly standing: Standing;
  readonly restarts: number;
  readonly logLines: number;
  readonly arrivedFrom: number;
  readonly nextArrivedFrom: number;
  readonly lastStepUs: number;
  readonly views: readonly {
    readonly drawing: SavedDrawing | undefined;
    readonly timeUs: number;
    readonly count: number;
  }[];
}

/** What the simulation keeps of a unit while it runs. */
export class Unit {
  readonly name: string;
  readonly path: string;
  /** Place in the composition's order: providers first. */
  readonly order: number;
  readonly rateHz: number;
  /** Another one after a restart. */
  linked: LinkedUnit;
  readonly config: UnitConfig;
  readonly views: View[] = [];
  readonly steps = new CallTimes();
  readonly renders = new CallTimes();
  readonly metrics = new Map<string, number>();
  /** Messages by topic that it may publish on. */
  readonly published = new Map<string, number>();
  health: { state: HealthState; reason: string } = { state: "ok", reason: "" };
  standing: Standing = "running";
  /** How often it was given a fresh instance. */
  restarts = 0;
  logLines = 0;
  /** Readings from this cursor of the bridge on are "arrived since my last step". */
  arrivedFrom = 0;
  /** What `arrivedFrom` becomes when the next step starts. */
  nextArrivedFrom = 0;
  /** Bytes published since the last step started. */
  publishedInStep = 0;
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

  /**
   * It begins again with a fresh instance.
   *
   * @param first what it was after its initialisation
   * @param cursor of the bridge: what arrived before is gone for it
   */
  restart({ metrics, health }: UnitState, cursor: number): void {
    replaceEntries(this.metrics, metrics);
    this.health = health;
    this.restarts++;
    this.arrivedFrom = cursor;
    this.nextArrivedFrom = cursor;
  }

  save(): UnitState {
    return {
      steps: this.steps.count,
      renders: this.renders.count,
      metrics: [...this.metrics],
      published: [...this.published],
      health: this.health,
      standing: this.standing,
      restarts: this.restarts,
      logLines: this.logLines,
      arrivedFrom: this.arrivedFrom,
      nextArrivedFrom: this.nextArrivedFrom,
      lastStepUs: this.lastStepUs,
      views: this.views.map(({ drawing, timeUs, count }) => ({
        drawing: drawing && saveDrawing(drawing),
        timeUs,
        count,
      })),
    };
  }

  /** @param readingOf finds the readings that the state refers to */
  restore(state: UnitState, readingOf: (reference: ReadingRef) => Reading): void {
    this.steps.count = state.steps;
    this.renders.count = state.renders;
    replaceEntries(this.metrics, state.metrics);
    replaceEntries(this.published, state.published);
    this.health = state.health;
    this.standing = state.standing;
    this.restarts = state.restarts;
    this.logLines = state.logLines;
    this.arrivedFrom = state.arrivedFrom;
    this.nextArrivedFrom = state.nextArrivedFrom;
    this.lastStepUs = state.lastStepUs;
    this.views.forEach((view, at) => {
      const { drawing, timeUs, count } = state.views[at] ?? { timeUs: Number.NEGATIVE_INFINITY, count: 0 };
      view.drawing = drawing && {
        ...drawing,
        cameras: new Map(drawing.cameras.map(([name, reference]) => [name, readingOf(reference)])),
      };
      view.timeUs = timeUs;
      view.count = count;
    });
  }
}

function saveDrawing({ picture, bytes, cameras }: ViewDrawing): SavedDrawing {
  return { picture, bytes, cameras: [...cameras].map(([name, reading]) => [name, refOf(reading)]) };
}

function replaceEntries(map: Map<string, number>, entries: UnitState["metrics"]): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}
