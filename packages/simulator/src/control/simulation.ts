import type { MessagePort } from "node:worker_threads";
import { CapsuleKeeper } from "../capsule/capsule-keeper.ts";
import type { CallMonitor } from "../engine/call-monitor.ts";
import { dueTimeUs, nextRunAfter } from "../engine/due-time.ts";
import { cameraReadings, type Engine } from "../engine/engine.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import { type StateParts, stateHash } from "../engine/state-hash.ts";
import { messageOf, SimulationError } from "../errors.ts";
import type { OutputSink } from "../outputs/output.ts";
import { inputHashOf } from "../sensors/input-hash.ts";
import { type Command, type CommandResult, refusal, type SeekReport, type Speed } from "./command.ts";
import { Conflated } from "./conflated.ts";
import type { Frame, SimulationState, SimulationStatus } from "./frame.ts";
import { type CheckpointOptions, LiveRun } from "./live-run.ts";
import { describeRun, makeReport, unitStatus, viewFrames } from "./make-report.ts";
import { Pacer, SpeedMeter } from "./pacer.ts";
import { RealTime } from "./real-time.ts";
import type { RunReport } from "./report.ts";
import type { RunDescription, SimulationHandle } from "./simulation-handle.ts";
import { systemClock, type WallClock } from "./wall-clock.ts";

export interface SimulationOptions {
  /** Asked speed at the start; 1 without. */
  readonly speed?: Speed;
  /** Each takes every output once. */
  readonly sinks?: readonly OutputSink[];
  readonly clock?: WallClock;
  /** Index of the first output that the sinks have not had yet; 0 without. */
  readonly firstOutput?: number;
  /** Is told which call of which unit runs. */
  readonly monitor?: CallMonitor;
  /** Folder in which a capsule is kept of every call that fails: what is needed to run to it again. None without. */
  readonly capsules?: string | undefined;
  /** Where to keep what costs time to compute and can be computed again. */
  readonly cacheFolder?: string;
  /** Closes the recording with the simulation. */
  readonly closesRecording?: boolean;
  /** How states are saved to go back to; `false` for a run that only goes forward. */
  readonly checkpoints?: CheckpointOptions | false;
  /** Where they are kept: see `openVault`. Without, in memory, by this thread. */
  readonly vault?: MessagePort;
}

/** A timer may be this much late, ms; what is left is waited for more exactly. */
const TIMER_ERROR_MS = 1.5;

interface Queued {
  readonly command: Command;
  readonly answer: (result: CommandResult) => void;
}

/**
 * A simulation whose playhead can be moved: the only thing that fronts use. Commands go through one queue and are applied in their order
 * by one loop; a command that cannot be applied is refused with a reason and changes nothing.
 */
export class Simulation implements SimulationHandle {
  readonly description: RunDescription;
  readonly #plan: RunPlan;
  readonly #clock: WallClock;
  readonly #frames = new Conflated<Frame>();
  readonly #pacer = new Pacer();
  readonly #realTime: RealTime;
  /** Over the whole run, and since the pace was last set. */
  readonly #meter = new SpeedMeter();
  #recent = new SpeedMeter();
  /** Where the last superseded seek wanted to go. */
  #wantedUs: number | undefined;
  readonly #queue: Queued[] = [];
  readonly #closesRecording: boolean;
  readonly #cacheFolder: string | undefined;
  readonly #run: LiveRun;
  readonly #loop: Promise<void>;
  #state: SimulationState = "paused";
  #speed: Speed;
  #error: SimulationError | undefined;
  #wake = new AbortController();
  #frameIndex = 0;
  /** Over the readings up to a time. */
  #inputHash: { readonly untilUs: number; readonly hash: Promise<string | undefined> } | undefined;
  #closing = false;
  #settled: (() => void)[] = [];

  private constructor(plan: RunPlan, options: SimulationOptions) {
    this.#plan = plan;
    this.#clock = options.clock ?? systemClock;
    this.#speed = options.speed ?? 1;
    this.#closesRecording = options.closesRecording ?? false;
    this.#cacheFolder = options.cacheFolder;
    this.#realTime = new RealTime(this.#pacer, this.#clock);
    this.#run = new LiveRun(plan, {
      clock: this.#clock,
      sinks: options.sinks ?? [],
      checkpoints: options.checkpoints ?? {},
      vault: options.vault,
      firstOutput: options.firstOutput,
      monitor: options.monitor,
      timing: {
        starts: (timeUs) => {
          if (this.#state === "playing") this.#realTime.starts(timeUs);
        },
        stepped: (unit, timeUs) => {
          if (this.#state === "playing") this.#realTime.stepped(unit, timeUs);
        },
      },
      capsules: options.capsules,
      onFrame: () => {
        if (this.#state === "playing" && this.#frames.isAwaited) this.#showFrame();
      },
    });
    this.description = describeRun(plan, this.#engine);
    this.#loop = this.#work();
  }

  /**
   * Links the composition and initialises every unit. Paused at the start of its range.
   * @throws SimulationError when a unit cannot be initialised
   */
  static async start(plan: RunPlan, options: SimulationOptions = {}): Promise<Simulation> {
    const simulation = await Simulation.#make(plan, options);
    try {
      await simulation.#run.open();
    } catch (error) {
      await simulation.close();
      throw error;
    }
    simulation.#showFrame();
    return simulation;
  }

  static async #make(plan: RunPlan, options: SimulationOptions): Promise<Simulation> {
    try {
      return new Simulation(plan, options);
    } catch (error) {
      await new CapsuleKeeper(options.capsules, plan).keep(error, async () => undefined, []);
      throw error;
    }
  }

  get #engine(): Engine {
    return this.#run.engine;
  }

  get status(): SimulationStatus {
    return {
      state: this.#state,
      timeUs: this.#engine.nowUs,
      startUs: this.#plan.startUs,
      endUs: this.#plan.endUs,
      speed: this.#speed,
      achievedSpeed: this.#recent.speed,
      runHash: this.#engine.runHash.toString(),
      error: this.#error === undefined ? undefined : { code: this.#error.code, message: this.#error.message },
    };
  }

  /** Queues a command. Resolves when it has been applied (a seek: when it has landed) or refused; never rejects. */
  apply(command: Command): Promise<CommandResult> {
    if (this.#closing) return Promise.resolve(this.#refuse("closed", "the simulation is closed"));
    return new Promise((answer) => {
      this.#queue.push({ command, answer });
      this.#wake.abort();
    });
  }

  /** The newest frame and every later one that the reader is fast enough for. */
  frames(signal?: AbortSignal): AsyncGenerator<Frame> {
    return this.#frames.read(signal);
  }

  /** Resolves when the run has ended, failed or been closed. */
  async finished(): Promise<SimulationStatus> {
    while (!["ended", "failed", "closed"].includes(this.#state))
      await new Promise<void>((resolve) => this.#settled.push(resolve));
    return this.status;
  }

  /** Resolves as soon as the simulation neither plays nor seeks. */
  async rest(): Promise<SimulationStatus> {
    while (this.#state === "playing" || this.#state === "seeking")
      await new Promise<void>((resolve) => this.#settled.push(resolve));
    return this.status;
  }

  /**
   * SHA-256 of everything that the run is at now: equal to that of any other run of the same plan which stands at the same place. 64
   * hexadecimal digits; undefined where the units cannot be saved.
   */
  stateHash(): string | undefined {
    return this.#engine.canSave ? stateHash(this.#engine.save()) : undefined;
  }

  /** The same, part by part: where two runs differ, it says in what. */
  stateParts(): StateParts | undefined {
    return this.#engine.canSave ? this.#engine.stateParts() : undefined;
  }

  /** What came of the run so far. */
  async report(): Promise<RunReport> {
    const inputHash = await this.#inputHashUntil(this.#engine.nowUs);
    return makeReport(
      this.#plan,
      this.#engine,
      this.status,
      this.#meter,
      inputHash,
      this.#run,
      this.#realTime.status,
    );
  }

  /** The report but for its input hash, at once. */
  reportWithoutInputs(): RunReport {
    return makeReport(
      this.#plan,
      this.#engine,
      this.status,
      this.#meter,
      undefined,
      this.#run,
      this.#realTime.status,
    );
  }

  /** Undefined where the recording cannot be read up to there. */
  async #inputHashUntil(untilUs: number): Promise<string | undefined> {
    if (this.#inputHash?.untilUs !== untilUs) {
      const { recording, startUs } = this.#plan;
      const hash = inputHashOf(recording, startUs, untilUs, this.#cacheFolder).catch(() => undefined);
      this.#inputHash = { untilUs, hash };
    }
    return await this.#inputHash.hash;
  }

  /** Ends the loop, closes the sinks and lets go of the recording's iterator. */
  async close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      this.#run.stop();
      this.#wake.abort();
    }
    await this.#loop;
  }

  async #work(): Promise<void> {
    await this.#clock.yield();
    while (!this.#closing) {
      const queued = this.#queue.shift();
      try {
        if (queued !== undefined) queued.answer(await this.#apply(queued.command));
        else if (this.#state === "playing") await this.#playSlice();
        else await this.#sleep(Number.POSITIVE_INFINITY);
      } catch (error) {
        this.#fail(error);
        queued?.answer(this.#refuse("failed", messageOf(error)));
      }
    }
    await this.#shutDown();
  }

  async #shutDown(): Promise<void> {
    if (this.#state !== "failed") this.#state = "closed";
    for (const { answer } of this.#queue.splice(0))
      answer(this.#refuse("closed", "the simulation is closed"));
    try {
      await this.#run.close();
      if (this.#closesRecording) await this.#plan.recording.close();
    } catch (error) {
      this.#fail(error);
    }
    this.#frames.close();
    this.#settle();
  }

  async #apply(command: Command): Promise<CommandResult> {
    const reason = refusal(command);
    if (reason !== undefined) return this.#refuse("bad-command", reason);
    const seeks = isSeek(command);
    if (this.#state === "failed" && !seeks && !(command.type === "play" && this.#canGoOn))
      return this.#refuse("failed", this.#error?.message ?? "the run has failed");
    if (!seeks) this.#wantedUs = undefined;
    switch (command.type) {
      case "play":
        return await this.#play();
      case "pause":
        if (this.#state === "playing") this.#become("paused");
        return this.#accept();
      case "speed":
        this.#speed = command.speed;
        if (this.#state === "playing") this.#startPacing();
        this.#showFrame();
        return this.#accept();
      case "step":
        return await this.#step(command.unit ?? "tick", command.count ?? 1);
      case "seek":
        return await this.#seek(command.timeUs);
      case "seek-by":
        return await this.#seek((this.#wantedUs ?? this.#engine.nowUs) + command.deltaUs);
    }
  }

  async #play(): Promise<CommandResult> {
    if (this.#state === "ended") await this.#comeBefore(this.#plan.startUs);
    if (this.#state === "failed") await this.#run.goOn();
    this.#error = undefined;
    this.#become("playing");
    this.#startPacing();
    return this.#accept();
  }

  async #step(unit: "tick" | "event" | "frame", count: number): Promise<CommandResult> {
    if (this.#state === "ended")
      return this.#refuse("ended", "the run has ended; seek back or play to start again");
    if (this.#state === "playing") this.#become("paused");
    for (let i = 0; i < count && this.#state === "paused"; i++) {
      const untilUs = this.#stepTarget(unit);
      if (unit === "event" && this.#engine.nextEventUs !== undefined)
        await this.#run.advance(untilUs, () => false);
      else await this.#run.advance(untilUs, () => true);
      this.#endIfDone();
    }
    this.#showFrame();
    return this.#accept();
  }

  #stepTarget(unit: "tick" | "event" | "frame"): number {
    const { nowUs, nextEventUs } = this.#engine;
    const { startUs, endUs, config } = this.#plan;
    if (unit === "event") return nextEventUs ?? endUs;
    const rateHz = unit === "tick" ? config.tickRateHz : config.frameRateHz;
    return Math.min(endUs, dueTimeUs(startUs, rateHz, nextRunAfter(startUs, rateHz, nowUs)));
  }

  async #seek(wantedUs: number): Promise<CommandResult> {
    const { startUs, endUs } = this.#plan;
    const targetUs = Math.min(endUs, Math.max(startUs, Math.round(wantedUs)));
    if (this.#isSuperseded()) return this.#supersede(targetUs);
    const resumed = this.#state === "playing" ? "playing" : "paused";
    const beganMs = this.#clock.nowMs();
    this.#state = "seeking";
    const from = await this.#comeBefore(targetUs);
    const fromUs = this.#engine.nowUs;
    const eventsBefore = this.#engine.events;
    while (!(await this.#run.advance(targetUs, this.#run.slice()))) {
      await this.#clock.yield();
      if (!this.#isSuperseded()) continue;
      this.#state = resumed;
      return this.#supersede(targetUs);
    }
    this.#wantedUs = undefined;
    this.#startPacing();
    this.#become(targetUs >= endUs ? "ended" : resumed);
    const seek: SeekReport = {
      fromUs,
      from,
      events: this.#engine.events - eventsBefore,
      ms: this.#clock.nowMs() - beganMs,
      boundMs: this.#run.boundMs,
    };
    return { ok: true, timeUs: this.#engine.nowUs, seek };
  }

  /** Whether another seek waits: what this one would show is not wanted any more. */
  #isSuperseded(): boolean {
    return this.#closing || this.#queue.some(({ command }) => isSeek(command));
  }

  /** Gives way to a newer seek; a relative one goes on from where this one wanted to go. No frame shows the half-way state. */
  #supersede(targetUs: number): CommandResult {
    this.#wantedUs = targetUs;
    return this.#refuse("superseded", "a newer command took over before the seek landed");
  }

  async #playSlice(): Promise<void> {
    const beganMs = this.#clock.nowMs();
    const beganUs = this.#engine.nowUs;
    const targetUs = Math.min(this.#plan.endUs, Math.floor(this.#pacer.targetUs(beganMs)));
    await this.#run.advance(targetUs, this.#run.slice());
    this.#endIfDone();
    if (this.#state === "playing") await this.#rest();
    for (const meter of [this.#meter, this.#recent])
      meter.add(this.#engine.nowUs - beganUs, this.#clock.nowMs() - beganMs);
    this.#pacer.settle(this.#clock.nowMs(), this.#engine.nowUs);
  }

  /** Sleeps until the next event is due, or gives way to other work. */
  async #rest(): Promise<void> {
    const nextUs = this.#engine.nextEventUs ?? this.#plan.endUs;
    const waitMs = this.#pacer.waitMs(this.#clock.nowMs(), nextUs);
    if (waitMs > TIMER_ERROR_MS + 1) return await this.#sleep(waitMs - TIMER_ERROR_MS);
    if (waitMs > 0) this.#clock.pause(waitMs);
    await this.#clock.yield();
  }

  /** Brings the run to the nearest state at or before the time. */
  async #comeBefore(targetUs: number): Promise<SeekReport["from"]> {
    const failed = this.#error !== undefined;
    this.#error = undefined;
    return await this.#run.comeBefore(targetUs, failed);
  }

  /** Whether the run failed for a reason outside, at a place from which it can go on when that is over. */
  get #canGoOn(): boolean {
    return this.#error?.code === "recording-failed" || this.#error?.code === "output-failed";
  }

  #endIfDone(): void {
    if (this.#engine.nowUs >= this.#plan.endUs && this.#engine.nextEventUs === undefined)
      this.#become("ended");
  }

  #startPacing(): void {
    this.#recent = new SpeedMeter();
    this.#pacer.start(this.#speed, this.#clock.nowMs(), this.#engine.nowUs);
  }

  #become(state: SimulationState): void {
    this.#state = state;
    if (state !== "seeking") this.#showFrame();
    if (state !== "playing" && state !== "seeking") this.#settle();
  }

  #fail(error: unknown): void {
    this.#error =
      error instanceof SimulationError
        ? error
        : new SimulationError("internal", messageOf(error), { cause: error });
    this.#become("failed");
  }

  /** What made the run fail, with its cause. */
  get failure(): SimulationError | undefined {
    return this.#error;
  }

  #settle(): void {
    const settled = this.#settled;
    this.#settled = [];
    for (const resolve of settled) resolve();
  }

  #accept(): CommandResult {
    return { ok: true, timeUs: this.#engine.nowUs };
  }

  #refuse(code: (CommandResult & { ok: false })["code"], reason: string): CommandResult {
    return { ok: false, code, reason };
  }

  async #sleep(ms: number): Promise<void> {
    this.#wake = new AbortController();
    if (this.#queue.length > 0 || this.#closing) return;
    await this.#clock.sleep(Math.min(ms, 2 ** 31 - 1), this.#wake.signal);
  }

  #showFrame(): void {
    this.#frames.put({
      index: this.#frameIndex++,
      status: this.status,
      units: this.#engine.units.map(unitStatus),
      realTime: this.#realTime.status,
      views: viewFrames(this.#engine),
      cameras: cameraReadings(this.#engine),
    });
  }
}

function isSeek(command: Command): boolean {
  return command.type === "seek" || command.type === "seek-by";
}
