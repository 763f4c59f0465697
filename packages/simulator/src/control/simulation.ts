import { CapsuleKeeper } from "../capsule/capsule-keeper.ts";
import type { Engine } from "../engine/engine.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import { type StateParts, stateHash } from "../engine/state-hash.ts";
import { messageOf, SimulationError } from "../errors.ts";
import { InputHash } from "../sensors/input-hash.ts";
import { type Command, type CommandResult, type Loop, type RefusalCode, readCommand } from "./command.ts";
import { CommandQueue } from "./command-queue.ts";
import { actionOf, treatment } from "./command-rules.ts";
import { Conflated } from "./conflated.ts";
import type { Frame, SimulationState, SimulationStatus } from "./frame.ts";
import { Helm, type HelmHost } from "./helm.ts";
import { Journey } from "./journey.ts";
import { LinearRun } from "./linear-run.ts";
import { LiveRun } from "./live-run.ts";
import { describeRun, makeFrame, makeReport } from "./make-report.ts";
import type { MoveCommand } from "./moves.ts";
import { Pace } from "./pace.ts";
import type { RunReport } from "./report.ts";
import type { RunDescription, SimulationHandle } from "./simulation-handle.ts";
import type { SimulationOptions } from "./simulation-options.ts";
import { systemClock, type WallClock } from "./wall-clock.ts";

/** A timer may be this much late, ms; what is left is waited for more exactly. */
const TIMER_ERROR_MS = 1.5;

/**
 * A simulation whose playhead can be moved: the only thing that fronts use. Commands go through one queue and are applied in their order
 * by one loop; a command that cannot be applied is refused with a reason and changes nothing.
 */
export class Simulation implements SimulationHandle {
  readonly description: RunDescription;
  readonly #plan: RunPlan;
  readonly #clock: WallClock;
  readonly #frames = new Conflated<Frame>();
  readonly #pace: Pace;
  readonly #queue = new CommandQueue();
  readonly #closesRecording: boolean;
  readonly #run: LiveRun;
  readonly #linear: LinearRun | undefined;
  readonly #decidedBefore: number;
  readonly #helm: Helm;
  readonly #loop: Promise<void>;
  #state: SimulationState = "paused";
  #error: SimulationError | undefined;
  #wake = new AbortController();
  #frameIndex = 0;
  readonly #inputHash: InputHash;
  #closing = false;
  #settled: (() => void)[] = [];

  private constructor(plan: RunPlan, options: SimulationOptions) {
    this.#plan = plan;
    this.#clock = options.clock ?? systemClock;
    this.#pace = new Pace(this.#clock, options.speed ?? 1, plan);
    this.#inputHash = new InputHash(plan, options.cacheFolder);
    this.#closesRecording = options.closesRecording ?? false;
    this.#run = new LiveRun(plan, {
      clock: this.#clock,
      sinks: options.sinks ?? [],
      checkpoints: options.checkpoints ?? {},
      vault: options.vault,
      firstOutput: options.firstOutput,
      resumeAfter: options.resumeAfter,
      monitor: options.monitor,
      timing: {
        starts: (timeUs) => {
          if (this.#state === "playing") this.#pace.realTime.starts(timeUs);
        },
        stepped: (unit, timeUs) => {
          if (this.#state === "playing") this.#pace.realTime.stepped(unit, timeUs);
        },
      },
      capsules: options.capsules,
      lost: options.lost,
      woken: () => this.#woken,
      onFrame: () => {
        if (this.#state === "playing" && this.#frames.isAwaited) this.#showFrame();
      },
    });
    this.#linear = options.verifySeeks ? new LinearRun(plan) : undefined;
    this.#helm = new Helm(this.#helmHost);
    this.#decidedBefore = this.#run.faults.length;
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
      const capsules = new CapsuleKeeper(options.capsules, plan);
      await capsules.keep(error, async () => undefined, []);
      if (error instanceof SimulationError) error.capsule = capsules.kept[0]?.folder;
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
      events: this.#engine.events,
      startUs: this.#plan.startUs,
      endUs: this.#plan.endUs,
      seeking: this.#helm.seeking,
      loop: this.#pace.loop,
      speed: this.#pace.speed,
      achievedSpeed: this.#pace.achievedSpeed,
      runHash: this.#engine.runHash.toString(),
      error: this.#error === undefined ? undefined : { code: this.#error.code, message: this.#error.message },
    };
  }

  /** Queues a command. Resolves when it has been applied (a seek: when it has landed) or refused; never rejects. */
  apply(command: Command): Promise<CommandResult> {
    if (this.#closing) return Promise.resolve(this.#refuse("closed", "the simulation is closed"));
    const result = this.#queue.put(command);
    this.#wake.abort();
    return result;
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

  /** About how many of the faults in `SimulationOptions.lost` it was decided what is to be done. */
  get decidedBefore(): number {
    return this.#decidedBefore;
  }

  /** What came of the run so far. */
  async report(): Promise<RunReport> {
    return this.#reportWith(await this.#inputHash.until(this.#engine.nowUs));
  }

  /** The report but for its input hash, at once. */
  reportWithoutInputs(): RunReport {
    return this.#reportWith(undefined);
  }

  #reportWith(inputHash: string | undefined): RunReport {
    const { whole, realTime } = this.#pace;
    return makeReport(this.#plan, this.#engine, this.status, whole, inputHash, this.#run, realTime.status);
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
      const queued = this.#queue.take();
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
    for (const { answer } of this.#queue.takeAll())
      answer(this.#refuse("closed", "the simulation is closed"));
    try {
      await this.#run.close();
      await this.#linear?.close();
      if (this.#closesRecording) await this.#plan.recording.close();
    } catch (error) {
      this.#fail(error);
    }
    this.#frames.close();
    this.#settle();
  }

  async #apply(wanted: Command): Promise<CommandResult> {
    const read = readCommand(wanted);
    if ("reason" in read) return this.#refuse("bad-command", read.reason);
    const { command } = read;
    const refused = this.#refusalOf(command);
    if (refused !== undefined) return refused;
    if (actionOf(command) !== "seek") this.#helm.forget();
    switch (command.type) {
      case "play":
        return await this.#play();
      case "pause":
        if (this.#state === "playing") this.#become("paused");
        return this.#accept();
      case "speed":
        this.#pace.setSpeed(command.speed);
        if (this.#state === "playing") this.#startPacing();
        this.#showFrame();
        return this.#accept();
      case "loop":
        return this.#setLoop(command.loop);
      case "checkpoint":
        return await this.#saveHere();
      default:
        return await this.#move(command);
    }
  }

  /** What the rules say about a command in this state. */
  #refusalOf(command: Command): CommandResult | undefined {
    const rule = treatment(command, this.#state);
    if (rule === "failed") {
      if (command.type === "play" && this.#canGoOn) return undefined;
      return this.#refuse("failed", this.#error?.message ?? "the run has failed");
    }
    if (rule === "ended") return this.#refuse("ended", "the run has ended; seek back or play to start again");
    return rule === "closed" ? this.#refuse("closed", "the simulation is closed") : undefined;
  }

  async #play(): Promise<CommandResult> {
    const { startUs } = this.#plan;
    if (this.#state === "ended")
      await this.#run.comeBefore({ timeUs: startUs, events: Number.POSITIVE_INFINITY });
    if (this.#state === "failed") await this.#run.goOn();
    this.#error = undefined;
    this.#become("playing");
    this.#startPacing();
    return this.#accept();
  }

  #setLoop(loop: Loop): CommandResult {
    const reason = this.#pace.setLoop(loop);
    if (reason !== undefined) return this.#refuse("bad-command", reason);
    this.#showFrame();
    return this.#accept();
  }

  async #saveHere(): Promise<CommandResult> {
    const saved = await this.#run.saveHere();
    if (typeof saved === "string") return this.#refuse("not-saved", saved);
    return { ok: true, timeUs: saved.timeUs, checkpoint: saved };
  }

  /** Takes the playhead elsewhere without pacing. What cannot be done is refused before anything changes. */
  async #move(command: MoveCommand): Promise<CommandResult> {
    const move = await this.#helm.prepare(command);
    if (typeof move !== "function") return move;
    const resumed = actionOf(command) === "seek" && this.#state === "playing" ? "playing" : "paused";
    this.#error = undefined;
    this.#state = "seeking";
    const result = await move();
    // No frame shows where the run is when a newer seek goes on from there.
    if (!result.ok && result.code === "superseded") this.#state = resumed;
    else this.#land(resumed);
    return result;
  }

  #land(resumed: "playing" | "paused"): void {
    this.#helm.forget();
    this.#startPacing();
    this.#become(this.#isAtEnd ? "ended" : resumed);
  }

  get #helmHost(): HelmHost {
    return {
      plan: this.#plan,
      run: this.#run,
      clock: this.#clock,
      queue: this.#queue,
      isClosing: () => this.#closing,
      linear: this.#linear,
      showProgress: () => this.#showFrame(),
    };
  }

  async #playSlice(): Promise<void> {
    const beganMs = this.#clock.nowMs();
    const beganUs = this.#engine.nowUs;
    const { lastUs, round } = this.#pace;
    const dueUs = this.#pace.dueUs(beganMs);
    const reached = beganUs > lastUs || (await this.#run.advance(dueUs, this.#run.slice()));
    const isOver = reached && dueUs >= lastUs;
    if (isOver && round === undefined) this.#become("ended");
    if (!isOver) await this.#rest();
    this.#pace.played(this.#engine.nowUs - beganUs, beganMs, this.#engine.nowUs);
    if (isOver && round !== undefined) await this.#goRound(round.fromUs);
  }

  /** Plays on from the start of the loop, unless a command comes in between that moves the playhead. */
  async #goRound(fromUs: number): Promise<void> {
    await new Journey(this.#run, this.#clock, this.#helm.plainSteering).goTo({
      timeUs: fromUs,
      events: Number.POSITIVE_INFINITY,
    });
    this.#startPacing();
    this.#showFrame();
    await this.#clock.yield();
  }

  /** Sleeps until the next event is due, or gives way to other work. */
  async #rest(): Promise<void> {
    const nextUs = this.#engine.nextEventUs ?? this.#plan.endUs;
    const waitMs = this.#pace.waitMs(nextUs);
    if (waitMs > TIMER_ERROR_MS + 1) return await this.#sleep(waitMs - TIMER_ERROR_MS);
    if (waitMs > 0) this.#clock.pause(waitMs);
    await this.#clock.yield();
  }

  /** Whether the run failed for a reason outside, at a place from which it can go on when that is over. */
  get #canGoOn(): boolean {
    return this.#error?.code === "recording-failed" || this.#error?.code === "output-failed";
  }

  get #isAtEnd(): boolean {
    return this.#engine.nowUs >= this.#plan.endUs && this.#engine.nextEventUs === undefined;
  }

  #startPacing(): void {
    this.#pace.start(this.#engine.nowUs);
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

  #refuse(code: RefusalCode, reason: string): CommandResult & { readonly ok: false } {
    return { ok: false, code, reason };
  }

  async #sleep(ms: number): Promise<void> {
    if (!this.#woken.aborted) await this.#clock.sleep(Math.min(ms, 2 ** 31 - 1), this.#wake.signal);
  }

  /** Aborted as soon as there is something to do. */
  get #woken(): AbortSignal {
    if (this.#queue.isEmpty && !this.#closing && this.#wake.signal.aborted)
      this.#wake = new AbortController();
    return this.#wake.signal;
  }

  #showFrame(): void {
    const index = this.#frameIndex++;
    this.#frames.put(makeFrame(index, this.status, this.#engine, this.#pace.realTime.status));
  }
}
