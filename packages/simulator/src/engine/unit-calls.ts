import type { Picture } from "../outputs/picture.ts";
import { checkedViews } from "../pipeline/checked-views.ts";
import type { CallName } from "./call-monitor.ts";
import type { EngineHooks } from "./engine-hooks.ts";
import { type FaultContext, faultOf } from "./fault.ts";
import type { CallTimes, Unit, View } from "./unit.ts";

/** Calls units. Each call is timed, and told to the monitor; what it fails with is thrown as a SimulationError `component-fault`. */
export class UnitCalls {
  readonly #run: FaultContext;
  readonly #hooks: EngineHooks;
  readonly #stepping: Unit[] = [];

  constructor(run: FaultContext, hooks: EngineHooks) {
    this.#run = run;
    this.#hooks = hooks;
  }

  /** Units whose step runs now, the outermost first: a step may wait for a publisher, whose step runs inside it. */
  get stepping(): readonly Unit[] {
    return this.#stepping;
  }

  init(unit: Unit): void {
    const settings = Object.entries(unit.config.settings).map(([key, value]): [string, string] => [
      key,
      String(value),
    ]);
    this.#call(unit, "init", undefined, () => unit.linked.component.init(settings));
  }

  /** The views that the unit offers, in its own order; none where it offers no `view`. */
  listViews(unit: Unit): readonly Pick<View, "name" | "title">[] {
    const { view } = unit.linked;
    return view === undefined
      ? []
      : this.#call(unit, "list-views", undefined, () => checkedViews(view.listViews()));
  }

  step(unit: Unit, timeUs: number): void {
    this.#stepping.push(unit);
    try {
      this.#call(unit, "step", unit.steps, () => unit.linked.component.step(BigInt(timeUs)));
      this.#hooks.timing?.stepped(unit, timeUs);
    } finally {
      this.#stepping.pop();
    }
  }

  /** Undefined where the unit offers no `view`. `index` is the view's place among those listed. */
  render(unit: Unit, index: number, timeUs: number): Picture | undefined {
    const { view } = unit.linked;
    return view === undefined
      ? undefined
      : this.#call(unit, "render", unit.renders, () => view.render(index, BigInt(timeUs)));
  }

  #call<T>(unit: Unit, call: CallName, times: CallTimes | undefined, run: () => T): T {
    const { nowUs, events } = this.#run;
    const startMs = this.#hooks.nowMs();
    const outer = this.#hooks.monitor?.enter(unit.order, call, nowUs, events);
    try {
      return run();
    } catch (error) {
      throw faultOf(error, unit, call, this.#run);
    } finally {
      if (outer !== undefined) this.#hooks.monitor?.leave(outer);
      times?.add(this.#hooks.nowMs() - startMs);
    }
  }
}
