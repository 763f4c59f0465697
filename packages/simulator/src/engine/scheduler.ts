import { dueTimeUs } from "./due-time.ts";

/** At equal times, lower goes first: units compute, then views are drawn, then a frame is taken. */
export const Priority = { step: 0, view: 1, frame: 2 } as const;

/** Something that happens at a rate. */
export interface Activity {
  readonly rateHz: number;
  readonly priority: number;
  /** Breaks ties of time and priority: the component's place in the composition's order. */
  readonly order: number;
  run(timeUs: number): void;
}

interface Entry {
  readonly activity: Activity;
  /** Place among the activities, the last tie-break. */
  readonly sequence: number;
  /** Which run is next. */
  k: number;
  timeUs: number;
}

/**
 * Discrete events of virtual time in total order: (time, priority, component order, sequence). Rates never end, so
 * there is always a next event where there is any activity. A change costs O(log n) of the number of activities.
 */
export class Scheduler {
  readonly #startUs: number;
  /** A binary heap; the next event first. */
  readonly #heap: Entry[] = [];

  constructor(startUs: number) {
    this.#startUs = startUs;
  }

  add(activity: Activity): void {
    this.#heap.push({
      activity,
      sequence: this.#heap.length,
      k: 0,
      timeUs: dueTimeUs(this.#startUs, activity.rateHz, 0),
    });
    this.#heap.sort(compare);
  }

  /** Time of the next event, µs; +∞ where nothing is scheduled. */
  get nextTimeUs(): number {
    return this.#heap[0]?.timeUs ?? Number.POSITIVE_INFINITY;
  }

  /** Takes the next event off and schedules its successor. */
  take(): { readonly activity: Activity; readonly timeUs: number } | undefined {
    const entry = this.#heap[0];
    if (entry === undefined) return undefined;
    const taken = { activity: entry.activity, timeUs: entry.timeUs };
    entry.k++;
    entry.timeUs = dueTimeUs(this.#startUs, entry.activity.rateHz, entry.k);
    this.#sink();
    return taken;
  }

  /** Whether the activity with this order and priority has its next event at or before the time. O(activities). */
  isDue(order: number, priority: number, timeUs: number): boolean {
    return this.#heap.some(
      ({ activity, timeUs: dueUs }) =>
        activity.order === order && activity.priority === priority && dueUs <= timeUs,
    );
  }

  /** Which run of each activity is next, in the order in which they were added. */
  save(): number[] {
    return [...this.#heap].sort((a, b) => a.sequence - b.sequence).map(({ k }) => k);
  }

  /** Puts a scheduler with the same activities where another was saved. */
  restore(runs: readonly number[]): void {
    for (const entry of this.#heap) {
      const k = runs[entry.sequence];
      if (k === undefined) throw new Error("Invariant: a saved schedule has a run for each activity");
      entry.k = k;
      entry.timeUs = dueTimeUs(this.#startUs, entry.activity.rateHz, k);
    }
    this.#heap.sort(compare);
  }

  #sink(): void {
    const heap = this.#heap;
    const entry = heap[0];
    if (entry === undefined) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const left = heap[child];
      if (left === undefined) break;
      const right = heap[child + 1];
      let smaller = left;
      if (right !== undefined && compare(right, left) < 0) {
        smaller = right;
        child++;
      }
      if (compare(entry, smaller) <= 0) break;
      heap[at] = smaller;
      at = child;
    }
    heap[at] = entry;
  }
}

function compare(a: Entry, b: Entry): number {
  return (
    a.timeUs - b.timeUs ||
    a.activity.priority - b.activity.priority ||
    a.activity.order - b.activity.order ||
    a.sequence - b.sequence
  );
}
