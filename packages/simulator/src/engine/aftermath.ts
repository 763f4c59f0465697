import { ComponentModelError } from "@playhead/component-model";
import type { Decision } from "./decision.ts";
import { isolate } from "./isolate.ts";
import { FirstState, type RestartHost } from "./restart.ts";
import type { LogLevel, Unit } from "./unit.ts";

/** What decisions need of the run. */
export interface AftermathHost extends Omit<RestartHost, "states"> {
  readonly units: readonly Unit[];
  /** Undefined where instances cannot be saved. */
  readonly states: RestartHost["states"] | undefined;
  log(unit: string, level: LogLevel, message: string): void;
}

/** Does to a run what was decided about units that failed. */
export class Aftermath {
  readonly #host: AftermathHost;
  /** What units were after their initialisation; kept where one of them may be restarted. */
  #first: FirstState | undefined;

  constructor(host: AftermathHost) {
    this.#host = host;
  }

  /** Keeps what units are restarted from: to be called when all have been initialised. */
  keepFirst(): void {
    const { states, bus, wasi, units } = this.#host;
    if (states !== undefined) this.#first = new FirstState(states, bus, wasi, units);
  }

  /** Units that do not run any more stay as they are. */
  carryOut({ unit: name, action }: Decision): void {
    const unit = this.#host.units.find((candidate) => candidate.name === name);
    if (unit?.standing !== "running") return;
    if (action === "isolate") this.#isolate(unit, "");
    else {
      const refusal = this.#restart(unit);
      if (refusal === undefined) this.#host.log(name, "warning", "restarted after a fault");
      else this.#isolate(unit, ` (it cannot be restarted: ${refusal})`);
    }
  }

  #isolate(unit: Unit, why: string): void {
    const stale = isolate(unit, this.#host.units);
    for (const { name } of [unit, ...stale]) this.#host.bus.unsubscribeAll(name);
    this.#host.log(unit.name, "warning", `isolated after a fault: it runs no more${why}`);
    for (const { name, health } of stale) this.#host.log(name, "warning", health.reason);
  }

  /** Why it cannot be; undefined where it is done. */
  #restart(unit: Unit): string | undefined {
    const { states } = this.#host;
    if (states === undefined || this.#first === undefined) return "its state cannot be saved";
    try {
      this.#first.restart(unit, { ...restartParts(this.#host), states });
      return undefined;
    } catch (error) {
      if (error instanceof ComponentModelError && error.code === "not-saveable") return error.message;
      throw error;
    }
  }
}

function restartParts(host: AftermathHost): Omit<RestartHost, "states"> {
  const { bus, wasi, cursor } = host;
  return { bus, wasi, cursor, relink: () => host.relink() };
}
