import type { ReadingNumbers } from "../readings/reading-source.ts";
import type { Group } from "./groups.ts";

/** Counts the messages of a group in total order. */
export class Numbering implements ReadingNumbers {
  readonly #next: Float64Array;
  #nextPosition: number;
  position = 0;
  sequence = 0;

  constructor(group: Group) {
    this.#next = group.sequences.slice();
    this.#nextPosition = group.position;
  }

  count(sensor: number): void {
    this.position = this.#nextPosition++;
    this.sequence = this.#next[sensor] as number;
    this.#next[sensor] = this.sequence + 1;
  }
}
