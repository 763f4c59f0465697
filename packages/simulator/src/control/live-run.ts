import { CapsuleKeeper } from "../capsule/capsule-keeper.ts";
import { type CheckpointOptions, Checkpoints } from "../checkpoints/checkpoints.ts";
import type { CallMonitor } from "../engine/call-monitor.ts";
import type { Decision } from "../engine/decision.ts";
import { Engine, type EventTiming } from "../engine/engine.ts";
import type { EngineState } from "../engine/engine-state.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import type { OutputSink } from "../outputs/output.ts";
import { OutputLog } from "../outputs/output-log.ts";
import type { SeekReport } from "./command.ts";
import { mayRecover, Recovery } from "./recovery.ts";
import type { WallClock } from "./wall-clock.ts";

export interface LiveRunOptions {
  readonly clock: WallClock;
  readonly sinks: readonly OutputSink[];
  readonly monitor: CallMonitor | undefined;
  readonly timing: EventTiming;
  /** Index of the first output that the sinks want; 0 without. */
  readonly firstOutput: number | undefined;
  /** How states are saved to go back to; `false` for a run that goes back only where a unit fails, if at all. */
  readonly checkpoints: Partial<CheckpointOptions> | false;
  /** Folder in which a capsule is kept of every call that fails; none without. */
  readonly capsules: string | undefined;
  /** A frame is due, at a place where the run is for the first time since it was sent there. */
  onFrame(): void;
}

const DEFAULT_CHECKPOINTS: CheckpointOptions = { costMs: 80, budgetBytes: 256 * 1024 * 1024 };
/** For a run that goes back only where a unit fails: the first state and the last ones. */
const FEW_CHECKPOINTS: CheckpointOptions = { costMs: 1000, budgetBytes: 0 };

/** How long the run goes on before others get a turn, wall-clock ms. */
const SLICE_MS = 10;

/**
 * A run that can go back: an engine with the states that it was in, sinks that get each output once, and what is decided about units
 * that fail.
 */
export class LiveRun {
  readonly #plan: RunPlan;
  readonly #options: LiveRunOptions;
  readonly #clock: WallClock;
  readonly #recovery: Recovery;
  readonly #capsules: CapsuleKeeper;
  readonly #log: OutputLog;
  readonly #checkpoints: Checkpoints;
  readonly #saves: boolean;
  #engine: Engine;
  /** What running has cost since the last checkpoint, ms. */
  #costMs = 0;
  /** While a part is run again because of a unit that failed. */
  #recovering = false;
  #closing = false;

  /** @throws SimulationError `component-fault` where a unit cannot be initialised that the run cannot do without */
  constructor(plan: RunPlan, options: LiveRunOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#clock = options.clock;
    this.#saves = options.checkpoints !== false || mayRecover(plan.config) || options.capsules !== undefined;
    this.#checkpoints = new Checkpoints(
      options.checkpoints === false ? FEW_CHECKPOINTS : { ...DEFAULT_CHECKPOINTS, ...options.checkpoints },
    );
    this.#recovery = new Recovery(plan);
    this.#capsules = new CapsuleKeeper(options.capsules, plan);
    this.#engine = this.#newEngine();
    this.#log = new OutputLog(this.#engine, options.sinks, options.firstOutput);
  }

  /** Another one after every restart. */
  get engine(): Engine {
    return this.#engine;
  }

  get faults(): Recovery["faults"] {
    return this.#recovery.faults;
  }

  get capsules(): CapsuleKeeper["kept"] {
    return this.#capsules.kept;
  }

  /** How long coming to a time that was run before may take, by what running cost, ms; undefined where nothing can be saved. */
  get boundMs(): number | undefined {
    return this.#saves && this.#engine.canSave ? this.#checkpoints.boundMs : undefined;
  }

  /** Opens the sinks and hands on what units published while they were initialised. */
  async open(): Promise<void> {
    await this.#log.open();
    await this.#log.flush();
    this.#layCheckpoint();
  }

  /** Says when a slice is over that begins now. */
  slice(): () => boolean {
    const endMs = this.#clock.nowMs() + SLICE_MS;
    return () => this.#clock.nowMs() < endMs;
  }

  /**
   * Runs events up to the time, inclusive, until the budget says stop, and hands on what comes of them.
   * @returns whether the time was reached
   */
  async advance(untilUs: number, mayGoOn: () => boolean): Promise<boolean> {
    const beganMs = this.#clock.nowMs();
    let reached: boolean;
    try {
      reached = await this.#runUntil(untilUs, mayGoOn);
    } finally {
      this.#costMs += this.#clock.nowMs() - beganMs;
      await this.#log.flush();
    }
    this.#layCheckpoint();
    return reached;
  }

  /**
   * Brings the run to the nearest state at or before the time that there is: where it stands, a checkpoint, or the start.
   *
   * @param anew where it stands does not count: the run failed there
   */
  async comeBefore(targetUs: number, anew: boolean): Promise<SeekReport["from"]> {
    const nowUs = anew ? Number.POSITIVE_INFINITY : this.#engine.nowUs;
    const saved = this.#checkpoints.at(targetUs);
    if (saved !== undefined && (targetUs < nowUs || saved.nowUs > nowUs)) {
      await this.#goBackTo(saved);
      return "checkpoint";
    }
    if (targetUs >= nowUs) return "playhead";
    await this.#restart();
    return "start";
  }

  /** Goes on after the recording could not be read, or a sink could not write: nothing was lost by that. */
  async goOn(): Promise<void> {
    await this.#engine.reopen();
    await this.#log.flush();
  }

  /** Ends what `advance` is at as soon as can be. */
  stop(): void {
    this.#closing = true;
  }

  async close(): Promise<void> {
    this.#checkpoints.clear();
    await this.#engine.close();
    await this.#log.close();
  }

  #newEngine(): Engine {
    const { decisions } = this.#recovery;
    const hooks = {
      nowMs: () => this.#clock.nowMs(),
      monitor: this.#options.monitor,
      timing: this.#options.timing,
      onFrame: () => {
        if (!this.#recovering) this.#options.onFrame();
      },
    };
    return this.#recovery.attempt(() => new Engine(this.#plan, hooks, decisions));
  }

  /** Runs on. Where a unit fails that the run can do without, the event is abandoned, and what is decided about the unit is done. */
  async #runUntil(untilUs: number, mayGoOn: () => boolean): Promise<boolean> {
    for (;;)
      try {
        return await this.#engine.runUntil(untilUs, mayGoOn);
      } catch (error) {
        const { all } = this.#recovery.decisions;
        await this.#capsules.keep(error, (event) => this.#checkpoints.before(event), all);
        const decision = this.#recovery.decide(error);
        if (decision === undefined) throw error;
        await this.#abandon(decision);
        if (!mayGoOn()) return false;
      }
  }

  /** Goes back to the last state before an event, and up to it again. */
  async #abandon({ event, timeUs }: Decision): Promise<void> {
    this.#recovering = true;
    this.#engine.takeOutputs();
    this.#checkpoints.dropFrom(event);
    const saved = this.#checkpoints.before(event);
    if (saved === undefined) await this.#restart();
    else await this.#goBackTo(saved);
    const isBefore = () => this.#engine.events < event;
    while (isBefore() && !this.#closing) {
      const isInSlice = this.slice();
      await this.#runUntil(timeUs, () => isBefore() && isInSlice());
      await this.#log.flush();
      await this.#clock.yield();
    }
    this.#recovering = false;
  }

  async #goBackTo(saved: EngineState): Promise<void> {
    if (!this.#engine.fits(saved)) await this.#restart();
    await this.#engine.restore(saved);
    this.#costMs = 0;
  }

  /** A fresh engine at the start. */
  async #restart(): Promise<void> {
    await this.#engine.close();
    this.#engine = this.#newEngine();
    this.#log.follow(this.#engine);
    this.#costMs = 0;
  }

  #layCheckpoint(): void {
    if (!this.#saves || !this.#engine.canSave || !this.#checkpoints.isDue(this.#engine.nowUs, this.#costMs))
      return;
    this.#checkpoints.add(this.#engine.save(), this.#costMs);
    this.#costMs = 0;
  }
}
