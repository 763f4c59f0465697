import { join } from "node:path";
import type { Decision } from "../engine/decision.ts";
import type { EngineState } from "../engine/engine-state.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import { messageOf, SimulationError } from "../errors.ts";
import { writeCapsule } from "./write-capsule.ts";

/** A capsule that a run has left, or why it could not. */
export interface CapsuleRecord {
  readonly unit: string;
  /** Which event of the run failed. */
  readonly event: number;
  readonly folder: string;
  /** Why there is none. */
  readonly problem: string | undefined;
}

/** Keeps a capsule of every call that fails, each once. */
export class CapsuleKeeper {
  readonly #folder: string | undefined;
  readonly #plan: RunPlan;
  readonly #kept: CapsuleRecord[] = [];

  /** @param folder where capsules go, each into a folder `<unit>-<event>`; without, none are kept */
  constructor(folder: string | undefined, plan: RunPlan) {
    this.#folder = folder;
    this.#plan = plan;
  }

  get kept(): readonly CapsuleRecord[] {
    return this.#kept;
  }

  /**
   * Keeps a capsule where the error is that of a unit. What goes wrong with that is told in the record, and hides nothing.
   *
   * @param before finds a state before an event of the run
   * @param decisions those up to now
   */
  async keep(
    error: unknown,
    before: (event: number) => Promise<EngineState | undefined>,
    decisions: readonly Decision[],
  ): Promise<void> {
    if (this.#folder === undefined || !(error instanceof SimulationError)) return;
    const { place } = error;
    if (place?.event === undefined) return;
    const { unit, event } = place;
    if (this.#kept.some((record) => record.unit === unit && record.event === event)) return;
    const folder = join(this.#folder, `${unit}-${event}`);
    let problem: string | undefined;
    try {
      const earlier = decisions.filter((decision) => decision.event < event || event === 0);
      const content = { plan: this.#plan, failure: error, place, decisions: earlier };
      await writeCapsule(folder, { ...content, state: await before(event) });
    } catch (cause) {
      problem = messageOf(cause);
    }
    this.#kept.push({ unit, event, folder, problem });
  }
}
