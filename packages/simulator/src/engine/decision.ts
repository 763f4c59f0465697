/** What becomes of a unit that failed. */
export type DecisionAction = "isolate" | "restart";

/**
 * What the host decided when a unit failed: an input of the run. The event is abandoned: none of it happens. A run that is given the
 * decisions of another one decides the same at the same events, and so ends in the same hash.
 */
export interface Decision {
  /** Virtual time of the event, µs. */
  readonly timeUs: number;
  /** Which event of the run, counted from 1; 0 for the units' initialisation. */
  readonly event: number;
  /** The unit to blame. */
  readonly unit: string;
  readonly action: DecisionAction;
}

/** The decisions of a run, in the order of their events. */
export class Decisions {
  #all: Decision[] = [];

  constructor(given: readonly Decision[] = []) {
    this.merge(given);
  }

  get all(): readonly Decision[] {
    return this.#all;
  }

  /** Those of one event. */
  at(event: number): Decision[] {
    return this.#all.filter((decision) => decision.event === event);
  }

  /** Those up to an event, inclusive. */
  until(event: number): Decision[] {
    return this.#all.filter((decision) => decision.event <= event);
  }

  /** How often the unit was restarted before the event. */
  restartsOf(unit: string, event: number): number {
    return this.#all.filter(
      (decision) => decision.unit === unit && decision.action === "restart" && decision.event < event,
    ).length;
  }

  /** Adds those that are not there yet. */
  merge(decisions: readonly Decision[]): void {
    for (const decision of decisions)
      if (!this.#all.some(({ event, unit }) => event === decision.event && unit === decision.unit))
        this.#all.push(decision);
    this.#all.sort((a, b) => a.event - b.event);
  }
}
