import { UNCONFIGURED } from "../config/config.ts";
import { type Decision, type DecisionAction, Decisions } from "../engine/decision.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import { SimulationError } from "../errors.ts";
import type { FaultRecord } from "./report.ts";

/** Decides what becomes of units that fail, as the configuration says, and remembers it. */
export class Recovery {
  /** What was decided beforehand and in this run. */
  readonly decisions: Decisions;
  readonly #config: RunPlan["config"];
  readonly #startUs: number;
  readonly #faults: FaultRecord[] = [];

  /** @param lost faults with which threads that ran this before were lost */
  constructor(
    { config, decisions, startUs }: Pick<RunPlan, "config" | "decisions" | "startUs">,
    lost: readonly SimulationError[] = [],
  ) {
    this.#config = config;
    this.#startUs = startUs;
    this.decisions = new Decisions(decisions);
    for (const error of lost) this.decide(error);
  }

  /** Faults that were decided about in this run, in the order of their events. */
  get faults(): readonly FaultRecord[] {
    return this.#faults;
  }

  /** Decides about an error of the run. Undefined where the run ends with it. */
  decide(error: unknown): Decision | undefined {
    if (!(error instanceof SimulationError) || !["component-fault", "timed-out"].includes(error.code))
      return undefined;
    const { place } = error;
    if (place?.event === undefined) return undefined;
    const { unit, event, timeUs = this.#startUs } = place;
    const action = this.#actionFor(unit, event);
    const known = this.decisions.at(event).some((decision) => decision.unit === unit);
    if (action === undefined || known) return undefined;
    const decision: Decision = { timeUs, event, unit, action };
    this.decisions.merge([decision]);
    this.#faults.push({ ...place, event, message: error.message, action });
    this.#faults.sort((a, b) => a.event - b.event);
    return decision;
  }

  /** Calls again, with what was decided, as long as units fail that the run can do without. */
  attempt<T>(start: () => T): T {
    for (;;)
      try {
        return start();
      } catch (error) {
        if (this.decide(error) === undefined) throw error;
      }
  }

  #actionFor(unit: string, event: number): DecisionAction | undefined {
    const { units, onFault } = this.#config;
    const config = Object.hasOwn(units, unit) ? (units[unit] ?? UNCONFIGURED) : UNCONFIGURED;
    const policy = config.onFault ?? onFault;
    if (policy === "stop") return undefined;
    const canRestart = policy === "restart" && event > 0;
    return canRestart && this.decisions.restartsOf(unit, event) < config.restarts ? "restart" : "isolate";
  }
}

/** Whether a run may have to go back because a unit fails. */
export function mayRecover({ onFault, units }: RunPlan["config"]): boolean {
  return [onFault, ...Object.values(units).map((unit) => unit.onFault)].some(
    (policy) => policy === "isolate" || policy === "restart",
  );
}
