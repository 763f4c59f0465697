import type { PackedState } from "../messages.ts";
import { type PageTable, ZERO_SLOT } from "./page-table.ts";

/** The pages that a simulation has, by the numbers that it and its keeper call them: those of the state that was sent or loaded last. */
export class KeeperSession {
  readonly #table: PageTable;
  #slots = new Map<number, number>();
  /** Even numbers are given here, odd ones by the simulation. */
  #next = 0;

  constructor(table: PageTable) {
    this.#table = table;
  }

  /** The slots of a state's pages, which the session has a reference to from now on. New pages are kept. */
  take({ numbers, fresh, pages }: PackedState): Uint32Array {
    const size = fresh.length === 0 ? 0 : pages.length / fresh.length;
    const slots = new Map<number, number>();
    for (const [at, number] of fresh.entries())
      slots.set(number, this.#table.keep(pages.subarray(at * size, (at + 1) * size)));
    const table = new Uint32Array(numbers.length);
    for (const [at, number] of numbers.entries()) {
      if (number === 0) continue;
      let slot = slots.get(number);
      if (slot === undefined) {
        slot = this.#slots.get(number);
        if (slot === undefined) throw new Error(`Invariant: the keeper has page ${number}`);
        this.#table.retain(slot);
        slots.set(number, slot);
      }
      table[at] = slot;
    }
    this.#replace(slots);
    return table;
  }

  /** Numbers for the pages of a state, which the simulation has from now on. */
  give(table: Uint32Array): { numbers: Float64Array; fresh: number[]; freshSlots: number[] } {
    const known = new Map([...this.#slots].map(([number, slot]) => [slot, number]));
    const slots = new Map<number, number>();
    const given = new Map<number, number>([[ZERO_SLOT, 0]]);
    const [fresh, freshSlots]: [number[], number[]] = [[], []];
    const numbers = Float64Array.from(table, (slot) => {
      let number = given.get(slot);
      if (number !== undefined) return number;
      number = known.get(slot);
      if (number === undefined) {
        this.#next += 2;
        number = this.#next;
        fresh.push(number);
        freshSlots.push(slot);
      }
      given.set(slot, number);
      slots.set(number, slot);
      this.#table.retain(slot);
      return number;
    });
    this.#replace(slots);
    return { numbers, fresh, freshSlots };
  }

  close(): void {
    this.#replace(new Map());
  }

  #replace(slots: Map<number, number>): void {
    const before = this.#slots;
    this.#slots = slots;
    for (const slot of before.values()) this.#table.release(slot);
  }
}
