import type { VirtualWasi, WasiState } from "@playhead/wasi";
import type { Bus, BusState } from "../bus/bus.ts";
import type { InstanceStates, SavedInstances } from "../pipeline/pipeline.ts";
import type { Unit, UnitState } from "./unit.ts";

/** What a restart needs of the run. */
export interface RestartHost {
  readonly bus: Bus;
  readonly wasi: VirtualWasi;
  readonly states: InstanceStates;
  /** How many readings were delivered so far. */
  readonly cursor: number;
  /** Puts fresh instances in the place of all; nothing else of the run changes. */
  relink(): InstanceStates;
}

/** What a run was when its units had just been initialised: what a restarted unit becomes again. */
export class FirstState {
  readonly #instances: SavedInstances;
  readonly #bus: BusState;
  readonly #wasi: WasiState;
  readonly #units: ReadonlyMap<string, UnitState>;

  constructor(states: InstanceStates, bus: Bus, wasi: VirtualWasi, units: readonly Unit[]) {
    this.#instances = states.save();
    this.#bus = bus.save();
    this.#wasi = wasi.save();
    this.#units = new Map(units.map((unit) => [unit.name, unit.save()]));
  }

  /**
   * Gives a unit a fresh instance: as it was after its initialisation, with the subscriptions that it made there. What arrived up to now is
   * gone for it. Everything else stays; where memories have grown, which cannot shrink, all instances are made anew for that.
   *
   * @throws Error where another unit holds resources of this one
   */
  restart(unit: Unit, { bus, wasi, states, cursor, relink }: RestartHost): void {
    const mixed = states.mixed(states.save(), this.#instances, unit.path);
    bus.resubscribe(unit.name, this.#bus);
    wasi.restore(withEntryOf(unit.name, wasi.save(), this.#wasi));
    (states.fits(mixed) ? states : relink()).restore(mixed);
    unit.restart(this.#units.get(unit.name) ?? unit.save(), cursor);
  }
}

/** The state with one guest's as it was first; gone where it had none. */
function withEntryOf(name: string, now: WasiState, first: WasiState): WasiState {
  const others = now.filter(([guest]) => guest !== name);
  return [...others, ...first.filter(([guest]) => guest === name)].sort(([a], [b]) => (a < b ? -1 : 1));
}
