import { UNCONFIGURED } from "../config/config.ts";
import { type Decision, type DecisionAction, Decisions } from "../engine/decision.ts";
import type { RunPlan } from "../engine/run-plan.ts";
import { type FaultPlace, SimulationError } from "../errors.ts";
import type { FaultRecord } from "./report.ts";

/** Decides what becomes of units that fail, as the configuration says, and remembers it. */
export class Recovery {
  /** What was decided beforehand and in this run. */
  readonly decisions: Decisions;
  readonly #config: RunPlan["config"];
  readonly #faults: FaultRecord[] = [];

  constructor({ config, decisions }: Pick<RunPlan, "config" | "decisions">) {
    this.#config = config;
    this.decisions = new Decisions(decisions);
  }

  /** Faults that were decided about in this run, in the order of their events. */
  get faults(): readonly FaultRecord[] {
    return this.#faults;
  }

  /** Decides about an error of the run. Undefined where the run ends with it. */
  decide(error: unknown): Decision | undefined {
    if (!(error instanceof SimulationError) || error.code !== "component-fault") return undefined;
    const { place } = error;
    if (place === undefined) return undefined;
    const action = this.#actionFor(place);
    const known = this.decisions.at(place.event).some(({ unit }) => unit === place.unit);
    if (action === undefined || known) return undefined;
    const { unit, event, timeUs = 0 } = place;
    const decision: Decision = { timeUs, event, unit, action };
    this.decisions.merge([decision]);
    this.#faults.push({ ...place, message: error.message, action });
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

  #actionFor({ unit, event }: FaultPlace): DecisionAction | undefined {
    const { units, onFault } = this.#config;
    const config = Object.hasOwn(units, unit) ? (units[unit] ?? UNCONFIGURED) : UNCONFIGURED;
    const policy = config.onFault ?? onFault;
    if (policy === "stop") return undefined;
    const canRestart = policy === "restart" && event > 0;
    return canRestart && this.decisions.restartsOf(unit, event) < config.restarts ? "restart" : "isolate";
  }
}
