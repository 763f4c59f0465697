import type { Decision } from "../engine/decision.ts";
import { Decisions } from "../engine/decision.ts";
import { Engine } from "../engine/engine.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import type { SeekProof } from "./command.ts";

/** Events between two looks at whether others want a turn. */
const SLICE_EVENTS = 200;

/** The run that a plan gives, straight from its start and without checkpoints: what a run that moves about is held against. */
export class LinearRun {
  readonly #plan: RunPlan;
  #engine: Engine | undefined;
  #decisions = "";

  constructor(plan: RunPlan) {
    this.#plan = plan;
  }

  /**
   * Runs to where another run of the plan is and compares everything that the two are.
   * @param pause gives others a turn
   */
  async compare(other: Engine, pause: () => Promise<void>): Promise<SeekProof> {
    const engine = await this.#runTo(other, pause);
    const [expected, found] = [engine.stateParts().parts, other.stateParts().parts];
    const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
    const differs = [...names].filter((name) => expected[name] !== found[name]);
    return { equal: differs.length === 0, differs };
  }

  async close(): Promise<void> {
    await this.#engine?.close();
    this.#engine = undefined;
  }

  async #runTo({ nowUs, events, decisions }: Engine, pause: () => Promise<void>): Promise<Engine> {
    const engine = await this.#before(nowUs, events, decisions);
    let left = 0;
    const mayGoOn = () => engine.events < events && --left > 0;
    while (engine.events < events) {
      left = SLICE_EVENTS;
      await engine.runUntil(nowUs, mayGoOn);
      engine.takeOutputs();
      await pause();
    }
    if (engine.nowUs < nowUs) await engine.runUntil(nowUs, () => true);
    engine.takeOutputs();
    return engine;
  }

  /** An engine at or before the place, with these decisions. */
  async #before(nowUs: number, events: number, decisions: readonly Decision[]): Promise<Engine> {
    const text = JSON.stringify(decisions);
    const isThere = text === this.#decisions && (this.#engine?.nowUs ?? 0) <= nowUs;
    if (this.#engine !== undefined && isThere && this.#engine.events <= events) return this.#engine;
    await this.close();
    const timing = { starts: () => {}, stepped: () => {} };
    const hooks = { nowMs: () => 0, onFrame: () => {}, monitor: undefined, timing };
    this.#engine = new Engine(this.#plan, hooks, new Decisions(decisions));
    this.#engine.takeOutputs();
    this.#decisions = text;
    return this.#engine;
  }
}
