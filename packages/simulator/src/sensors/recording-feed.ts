import type { Reading, Recording } from "@playhead/recording";
import type { EngineHooks } from "../engine/engine-hooks.ts";
import type { EngineState } from "../engine/engine-state.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import { type SavedReadings, savedReadings } from "../engine/saved-readings.ts";
import { messageOf, SimulationError } from "../errors.ts";
import { isOffered } from "./offered.ts";
import { ReadAhead } from "./read-ahead.ts";
import { latchedSensors } from "./sensor-settings.ts";

/** The part of a recording that a run sees, from anywhere in it on. All failures are SimulationErrors `recording-failed`. */
export class RecordingFeed {
  readonly #recording: Recording;
  readonly #sensors: readonly number[];
  readonly #latched: readonly number[];
  readonly #startUs: number;
  readonly #toUs: number;
  readonly #hooks: Pick<EngineHooks, "woken">;
  #readAhead: ReadAhead;
  #initial: readonly Reading[] | undefined;

  constructor({ recording, config, startUs, endUs, followed }: RunPlan, hooks: Pick<EngineHooks, "woken">) {
    this.#recording = recording;
    this.#latched = latchedSensors(recording.sensors, config);
    this.#hooks = hooks;
    this.#sensors = recording.sensors.filter(isOffered).map(({ handle }) => handle);
    this.#startUs = startUs;
    this.#toUs = followed?.toUs ?? endUs;
    this.#readAhead = this.#open(startUs, -1);
  }

  get readAhead(): ReadAhead {
    return this.#readAhead;
  }

  /** Whether the recording is still being written, so that what comes next may be long in coming. */
  get isGrowing(): boolean {
    return this.#recording.growing === true;
  }

  /**
   * Sees to it that all readings up to the time are in memory. Costs nothing where they are. Where the recording grows, the waiting ends when there is something
   * else to do: see `EngineHooks.woken`.
   *
   * @returns whether they are
   */
  async cover(timeUs: number): Promise<boolean> {
    const woken = this.isGrowing ? this.#hooks.woken?.() : undefined;
    return await this.#guarded(() => this.#readAhead.fill(timeUs, woken));
  }

  /**
   * Goes on somewhere else.
   *
   * @param fromUs first time, inclusive
   * @param afterPosition readings up to this position of the recording are left out
   */
  async moveTo(fromUs: number, afterPosition: number): Promise<ReadAhead> {
    return await this.#guarded(async () => {
      const readAhead = this.#open(fromUs, afterPosition);
      await this.#readAhead.close();
      this.#readAhead = readAhead;
      return readAhead;
    });
  }

  /** Goes on where a run was saved, and finds the readings that its state refers to. Nothing has changed where that fails. */
  async goBackTo(state: EngineState): Promise<SavedReadings> {
    const { fromUs, fromPosition } = state.bridge.recent;
    return await this.#guarded(async () => {
      const readAhead = this.#open(Math.max(fromUs, this.#startUs), fromPosition - 1);
      const readings = await this.#savedReadings(state, readAhead);
      await this.#readAhead.close();
      this.#readAhead = readAhead;
      return readings;
    });
  }

  /** Closes the read-ahead where that fails. */
  async #savedReadings(state: EngineState, readAhead: ReadAhead): Promise<SavedReadings> {
    try {
      return await savedReadings(this.#recording, this.#sensors, state, readAhead);
    } catch (error) {
      // What it failed with is told, not what closing it fails with.
      await readAhead.close().catch(() => undefined);
      throw error;
    }
  }

  /** What latched sensors measured last before the run, in total order. */
  async initial(): Promise<readonly Reading[]> {
    this.#initial ??= await this.#lastBefore(this.#startUs);
    return this.#initial;
  }

  async #lastBefore(timeUs: number): Promise<Reading[]> {
    if (this.#latched.length === 0) return [];
    const latest = await this.#guarded(() => this.#recording.latestAtOrBefore(timeUs - 1, this.#latched));
    return [...latest.values()].sort((a, b) => a.timeUs - b.timeUs || a.position - b.position);
  }

  async close(): Promise<void> {
    await this.#readAhead.close();
  }

  #open(fromUs: number, afterPosition: number): ReadAhead {
    return new ReadAhead(this.#recording, this.#sensors, fromUs, this.#toUs, afterPosition);
  }

  async #guarded<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw new SimulationError("recording-failed", `${this.#recording.name}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
}
