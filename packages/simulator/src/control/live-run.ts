import type { MessagePort } from "node:worker_threads";
import type { Problem } from "@playhead/recording";
import { CapsuleKeeper } from "../capsule/capsule-keeper.ts";
import type { CheckpointHead } from "../checkpoints/checkpoint-index.ts";
import { type CheckpointPlacing, Checkpoints } from "../checkpoints/checkpoints.ts";
import { localKeeper } from "../checkpoints/local-link.ts";
import { portLink } from "../checkpoints/port-link.ts";
import { vaultKey } from "../checkpoints/vault-key.ts";
import type { CallMonitor } from "../engine/call-monitor.ts";
import type { Decision } from "../engine/decision.ts";
import { Engine } from "../engine/engine.ts";
import type { EventTiming } from "../engine/engine-hooks.ts";
import type { EngineState } from "../engine/engine-state.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import type { SimulationError } from "../errors.ts";
import type { OutputSink } from "../outputs/output.ts";
import { OutputLog } from "../outputs/output-log.ts";
import type { CheckpointPlace, SeekReport } from "./command.ts";
import { Durations } from "./distribution.ts";
import { mayRecover, Recovery } from "./recovery.ts";
import type { CheckpointReport } from "./report.ts";
import type { WallClock } from "./wall-clock.ts";

export interface LiveRunOptions {
  readonly clock: WallClock;
  readonly sinks: readonly OutputSink[];
  readonly monitor: CallMonitor | undefined;
  readonly timing: EventTiming;
  /** Index of the first output that the sinks want; 0 without. */
  readonly firstOutput: number | undefined;
  /** Goes on where the run was saved with at most so many outputs; the sinks have those. Without, it begins at the start. */
  readonly resumeAfter: number | undefined;
  /** How states are saved to go back to; `false` for a run that goes back only where a unit fails, if at all. */
  readonly checkpoints: CheckpointOptions | false;
  /** Where they are kept; in memory without. */
  readonly vault: MessagePort | undefined;
  /** Faults with which threads that ran this before were lost. */
  readonly lost: readonly SimulationError[] | undefined;
  /** Folder in which a capsule is kept of every call that fails; none without. */
  readonly capsules: string | undefined;
  /** Aborted when there is something else to do than to wait for a recording that is still being written. */
  woken(): AbortSignal;
  /** A frame is due, at a place where the run is for the first time since it was sent there. */
  onFrame(): void;
}

/** Where states are saved, and what they may take in memory where no vault keeps them, bytes. */
export interface CheckpointOptions extends Partial<CheckpointPlacing> {
  readonly budgetBytes?: number;
}

const COST_MS = 60;
const BUDGET_BYTES = 256 * 1024 * 1024;
/** For a run that goes back only where a unit fails: the first state and the last ones. */
const FEW_CHECKPOINTS: CheckpointOptions = { costMs: 1000, budgetBytes: 0 };

/** A place of a run: at a time, after so many of its events. Between two events of one instant only the second tells them apart. */
export interface Position {
  /** µs since the Unix epoch. */
  readonly timeUs: number;
  readonly events: number;
}

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
  /** Undefined where nothing is saved. */
  #checkpoints: Checkpoints | undefined;
  readonly #heldUp = new Durations();
  #engine: Engine;
  /** While a part is run again because of a unit that failed. */
  #recovering = false;
  #failed = false;
  #closing = false;

  /** @throws SimulationError `component-fault` where a unit cannot be initialised that the run cannot do without */
  constructor(plan: RunPlan, options: LiveRunOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#clock = options.clock;
    this.#recovery = new Recovery(plan, options.lost);
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

  /** Whether the run failed where it stands. */
  get hasFailed(): boolean {
    return this.#failed;
  }

  get position(): Position {
    return { timeUs: this.#engine.nowUs, events: this.#engine.events };
  }

  /** Number of the last event that lies before where the run stands: of one that has just run, the one before it. 0 where there is none. */
  get lastEventBefore(): number {
    const { events, lastEventUs, nowUs } = this.#engine;
    return Math.max(0, this.#failed || lastEventUs >= nowUs ? events - 1 : events);
  }

  /** What is kept to go back to. */
  get checkpoints(): CheckpointReport | undefined {
    if (this.#checkpoints === undefined) return undefined;
    const { laid, laidBytes, boundMs, heads, pinned, usage } = this.#checkpoints;
    const { pages, ramBytes, diskBytes, thinned } = usage;
    const meanBytes = laid === 0 ? 0 : Math.round(laidBytes / laid);
    const heldUpMs = this.#heldUp.distribution;
    return {
      count: heads.length,
      laid,
      pinned,
      meanBytes,
      heldUpMs,
      boundMs,
      pages,
      ramBytes,
      diskBytes,
      thinned,
    };
  }

  /** What went wrong with keeping that. */
  get problems(): readonly Problem[] {
    return this.#checkpoints?.usage.problems ?? [];
  }

  /** How long coming to a time that was run before may take, by what running cost, ms; undefined where nothing can be saved. */
  get boundMs(): number | undefined {
    return this.#checkpoints?.boundMs;
  }

  /** Looks which states are kept already, opens the sinks, and hands on what units published while they were initialised. */
  async open(): Promise<void> {
    this.#checkpoints = await this.#openCheckpoints();
    if (this.#options.resumeAfter !== undefined) await this.#resume(this.#options.resumeAfter);
    await this.#log.open();
    await this.#log.flush();
    this.#layCheckpoint();
  }

  async #resume(outputs: number): Promise<void> {
    const isKept = (head: CheckpointHead): boolean => head.outputs <= outputs;
    if (await this.#goBackTo(() => this.#checkpoints?.heads.findLast(isKept)))
      this.#log.resume(this.#engine.outputCount);
  }

  /** Says when a slice is over that begins now. */
  slice(): () => boolean {
    const endMs = this.#clock.nowMs() + SLICE_MS;
    return () => this.#clock.nowMs() < endMs && !this.#checkpoints?.isIntervalOver(this.#engine.nowUs);
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
    } catch (error) {
      this.#failed = true;
      throw error;
    } finally {
      this.#checkpoints?.spend(this.#clock.nowMs() - beganMs);
      await this.#log.flush();
    }
    this.#layCheckpoint();
    return reached;
  }

  /** Brings the run to the nearest state at or before a place that there is: where it stands, a checkpoint, or the start. */
  async comeBefore({ timeUs, events }: Position): Promise<SeekReport["from"]> {
    const isThere = !this.#failed && this.#engine.nowUs <= timeUs && this.#engine.events <= events;
    const isNearer = (head: CheckpointHead) => !isThere || head.events > this.#engine.events;
    if (await this.#goBackTo(() => this.#savedBefore({ timeUs, events }), isNearer)) return "checkpoint";
    if (isThere) return "playhead";
    await this.#restart();
    return "start";
  }

  /** Saves where the run stands, to be kept longer than other states. Returns the place, or the reason why it cannot be saved. */
  async saveHere(): Promise<CheckpointPlace | string> {
    if (this.#options.checkpoints === false) return "no checkpoints are kept of this run";
    if (this.#checkpoints === undefined) return "the state of its components cannot be saved";
    await this.#log.flush();
    const { nowUs, events } = this.#engine;
    await this.#checkpoints.pin({ nowUs, events }, () => this.#addCheckpoint());
    return { timeUs: nowUs, events };
  }

  /** Goes on after the recording could not be read, or a sink could not write: nothing was lost by that. */
  async goOn(): Promise<void> {
    await this.#engine.reopen();
    this.#failed = false;
    await this.#log.flush();
  }

  /** Ends what `advance` is at as soon as can be. */
  stop(): void {
    this.#closing = true;
  }

  async close(): Promise<void> {
    this.#checkpoints?.close();
    await this.#engine.close();
    await this.#log.close();
  }

  #newEngine(): Engine {
    const { decisions } = this.#recovery;
    const hooks = {
      nowMs: () => this.#clock.nowMs(),
      monitor: this.#options.monitor,
      timing: this.#options.timing,
      woken: () => this.#options.woken(),
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
        await this.#capsules.keep(error, (event) => this.#stateBefore(event), all);
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
    this.#checkpoints?.dropFrom(event);
    if (!(await this.#goBackTo(() => this.#checkpoints?.before(event)))) await this.#restart();
    const isBefore = () => this.#engine.events < event;
    while (isBefore() && !this.#closing) {
      const isInSlice = this.slice();
      await this.#runUntil(timeUs, () => isBefore() && isInSlice());
      await this.#log.flush();
      await this.#clock.yield();
    }
    this.#recovering = false;
  }

  /**
   * Goes back to a checkpoint, if it can be found: one that cannot be read is not found again.
   * @returns whether the run stands there now
   */
  async #goBackTo(
    find: () => CheckpointHead | undefined,
    isWanted: (head: CheckpointHead) => boolean = () => true,
  ): Promise<boolean> {
    for (let head = find(); head !== undefined && isWanted(head); head = find()) {
      const saved = await this.#checkpoints?.load(head);
      if (saved === undefined) continue;
      if (!this.#engine.fits(saved)) await this.#restart();
      await this.#engine.restore(saved);
      this.#failed = false;
      return true;
    }
    return false;
  }

  /** The last checkpoint that is neither later nor after more events, nor beyond what the sinks have had: none of that may be left out. */
  #savedBefore({ timeUs, events }: Position): CheckpointHead | undefined {
    const [byTime, byEvents] = [this.#checkpoints?.at(timeUs), this.#checkpoints?.atEvents(events)];
    if (byTime === undefined || byEvents === undefined) return undefined;
    const nearest = byTime.events < byEvents.events ? byTime : byEvents;
    const isGiven = ({ outputs }: CheckpointHead) => outputs <= this.#log.given;
    if (isGiven(nearest)) return nearest;
    return this.#checkpoints?.heads.findLast((head) => head.events <= nearest.events && isGiven(head));
  }

  async #stateBefore(event: number): Promise<EngineState | undefined> {
    const head = this.#checkpoints?.before(event);
    return head && (await this.#checkpoints?.load(head));
  }

  /** A fresh engine at the start. */
  async #restart(): Promise<void> {
    await this.#engine.close();
    this.#engine = this.#newEngine();
    this.#log.follow(this.#engine);
    this.#failed = false;
    this.#checkpoints?.moved();
  }

  async #openCheckpoints(): Promise<Checkpoints | undefined> {
    const { checkpoints, vault, capsules } = this.#options;
    const saves = checkpoints !== false || mayRecover(this.#plan.config) || capsules !== undefined;
    if (!saves || !this.#engine.canSave) return undefined;
    const options = checkpoints === false ? FEW_CHECKPOINTS : checkpoints;
    const { costMs = COST_MS, intervalUs, budgetBytes = BUDGET_BYTES } = options;
    const link = vault === undefined ? localKeeper({ ramBytes: budgetBytes }) : portLink(vault);
    return await Checkpoints.open(link, vaultKey(this.#plan), { costMs, intervalUs });
  }

  #layCheckpoint(): void {
    if (this.#checkpoints?.isDue(this.#engine)) this.#addCheckpoint();
  }

  #addCheckpoint(): void {
    const beganMs = this.#clock.nowMs();
    this.#checkpoints?.add(this.#engine.save());
    this.#heldUp.add(this.#clock.nowMs() - beganMs);
  }
}
