import type { RunPlan } from "../engine/run-plan.ts";
import type { CommandResult } from "./command.ts";
import type { CommandQueue } from "./command-queue.ts";
import type { SeekProgress } from "./frame.ts";
import type { Journey, Steering } from "./journey.ts";
import type { LinearRun } from "./linear-run.ts";
import type { LiveRun } from "./live-run.ts";
import { type Move, type MoveCommand, type MoveHost, prepareMove } from "./moves.ts";
import type { WallClock } from "./wall-clock.ts";

/** How often a long move shows how far it is, wall-clock ms. */
const PROGRESS_MS = 100;

/** A seek that will land within this wall-clock time lands, also where a newer one waits: so that scrubbing shows something. */
const ABOUT_TO_LAND_MS = 80;

type Refused = CommandResult & { readonly ok: false };

export interface HelmHost {
  readonly plan: RunPlan;
  readonly run: LiveRun;
  readonly clock: WallClock;
  readonly queue: CommandQueue;
  isClosing(): boolean;
  /** What seeks are verified against, where they are. */
  readonly linear: LinearRun | undefined;
  showProgress(): void;
}

/** Steers moves of the playhead: says how far they are, and ends those that a newer command makes needless. */
export class Helm {
  readonly #host: HelmHost;
  /** Where the last superseded seek wanted to go. */
  #wantedUs: number | undefined;
  #seeking: SeekProgress | undefined;
  #shownMs = Number.NEGATIVE_INFINITY;

  constructor(host: HelmHost) {
    this.#host = host;
  }

  /** A move under way that takes longer than a moment. */
  get seeking(): SeekProgress | undefined {
    return this.#seeking;
  }

  /** What a superseded seek wanted counts no more. */
  forget(): void {
    this.#wantedUs = undefined;
  }

  /** How a move is to be made, or why it cannot be. */
  async prepare(command: MoveCommand): Promise<Refused | Move> {
    const move = await prepareMove(command, this.#moveHost);
    return typeof move === "function" ? () => this.#made(move) : move;
  }

  async #made(move: Move): Promise<CommandResult> {
    this.#shownMs = this.#host.clock.nowMs();
    try {
      return await this.#proved(await move());
    } finally {
      this.#seeking = undefined;
    }
  }

  /** Holds what a seek came to against the run straight from the start, where that is asked for. */
  async #proved(result: CommandResult): Promise<CommandResult> {
    const { linear, run, clock } = this.#host;
    if (linear === undefined || !result.ok || result.seek === undefined || !run.engine.canSave) return result;
    const proof = await linear.compare(run.engine, () => clock.yield());
    return { ...result, seek: { ...result.seek, proof } };
  }

  get #moveHost(): MoveHost {
    const { plan, run, clock, queue } = this.#host;
    return {
      plan,
      run,
      clock,
      wantedUs: this.#wantedUs ?? run.engine.nowUs,
      isGivenUp: () => this.#host.isClosing() || queue.cutsShort === "seek",
      steering: (journey, targetUs) => () => this.#steer(journey(), targetUs),
      stopped: (targetUs) => this.#stopped(targetUs),
    };
  }

  /** Steers a move that only a newer command ends. */
  get plainSteering(): Steering {
    return async () => {
      await this.#host.clock.yield();
      return !this.#host.isClosing() && this.#host.queue.cutsShort === undefined;
    };
  }

  async #steer(journey: Journey, targetUs: number | undefined): Promise<boolean> {
    const { clock, queue } = this.#host;
    await clock.yield();
    this.#seeking = { fromUs: journey.fromUs, targetUs };
    const nowMs = clock.nowMs();
    if (nowMs - this.#shownMs >= PROGRESS_MS) {
      this.#shownMs = nowMs;
      this.#host.showProgress();
    }
    if (this.#host.isClosing()) return false;
    if (queue.cutsShort === "seek") return journey.remainingMs(targetUs) <= ABOUT_TO_LAND_MS;
    return queue.cutsShort === undefined;
  }

  /** What becomes of a move that was ended before it landed; a relative seek that comes next goes on from where this one wanted to go. */
  #stopped(targetUs: number | undefined): Refused {
    const { queue } = this.#host;
    if (this.#host.isClosing()) return { ok: false, code: "closed", reason: "the simulation is closed" };
    if (queue.cutsShort === "pause")
      return { ok: false, code: "cancelled", reason: "paused before it landed" };
    this.#wantedUs = targetUs;
    return { ok: false, code: "superseded", reason: "a newer command took over before the seek landed" };
  }
}
