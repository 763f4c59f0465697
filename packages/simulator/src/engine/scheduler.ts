import { dueTimeUs } from "./due-time.ts";

/**
 * At equal times, lower goes first: units compute that are due by a rate or a reading, then those that a message wakes, then views are
 * drawn, then a frame is taken.
 */
export const Priority = { step: 0, reaction: 1, view: 2, frame: 3 } as const;

/** Something that happens at a rate, or whenever it is armed. */
export interface Activity {
  /** Undefined for what happens only at the times at which it is armed. */
  readonly rateHz?: number | undefined;
  /** Added to all times of a rate, µs; 0 without. */
  readonly phaseUs?: number | undefined;
  readonly priority: number;
  /** Breaks ties of time and priority: the component's place in the composition's order. */
  readonly order: number;
  run(timeUs: number): void;
}

interface Entry {
  readonly activity: Activity;
  /** Place among the activities, the last tie-break. */
  readonly sequence: number;
  /** Which run of its rate is next. */
  k: number;
  timeUs: number;
}

/** How far a schedule has come. */
export interface ScheduleState {
  /** Which run of each activity is next, in the order in which they were added. */
  readonly runs: readonly number[];
  /** Activities without a rate that are armed for now, by their place in that order. */
  readonly armed: readonly (readonly [sequence: number, timeUs: number])[];
  readonly lastTimeUs: number;
}

/** Discrete events of virtual time in total order: (time, priority, component order, sequence). */
export class Scheduler {
  readonly #startUs: number;
  /** By sequence. */
  readonly #entries: Entry[] = [];
  /** A binary heap; the next event first. */
  readonly #heap: Entry[] = [];
  #lastTimeUs = Number.NEGATIVE_INFINITY;

  constructor(startUs: number) {
    this.#startUs = startUs;
  }

  /** Returns the number to arm it by. */
  add(activity: Activity): number {
    const entry = { activity, sequence: this.#entries.length, k: 0, timeUs: this.#dueUs(activity, 0) };
    this.#entries.push(entry);
    this.#heap.push(entry);
    this.#heap.sort(compare);
    return entry.sequence;
  }

  /** Sets the time at which an activity without a rate happens next; +∞ for never. */
  arm(sequence: number, timeUs: number): void {
    const entry = this.#entries[sequence];
    if (entry === undefined || entry.activity.rateHz !== undefined)
      throw new Error(`Invariant: activity ${sequence} can be armed`);
    if (entry.timeUs === timeUs) return;
    entry.timeUs = timeUs;
    this.#heap.sort(compare);
  }

  /** When an activity happens next, µs; +∞ where it is not armed. */
  timeOf(sequence: number): number {
    return this.#entries[sequence]?.timeUs ?? Number.POSITIVE_INFINITY;
  }

  /** Time of the next event, µs; +∞ where nothing is scheduled. */
  get nextTimeUs(): number {
    return this.#heap[0]?.timeUs ?? Number.POSITIVE_INFINITY;
  }

  /** Time of the last event that was taken, µs; −∞ before the first. */
  get lastTimeUs(): number {
    return this.#lastTimeUs;
  }

  /** Takes the next event off; that of a rate is scheduled anew. */
  take(): { readonly activity: Activity; readonly timeUs: number; readonly sequence: number } | undefined {
    const entry = this.#heap[0];
    if (entry === undefined || entry.timeUs === Number.POSITIVE_INFINITY) return undefined;
    const { activity, timeUs, sequence } = entry;
    this.#lastTimeUs = timeUs;
    entry.k++;
    entry.timeUs = this.#dueUs(activity, entry.k);
    this.#sink();
    return { activity, timeUs, sequence };
  }

  /** @param nowUs what is armed for later is left out: it follows from readings that are still to come */
  save(nowUs: number): ScheduleState {
    return {
      runs: this.#entries.map(({ k }) => k),
      armed: this.#entries.flatMap(({ activity, sequence, timeUs }) =>
        activity.rateHz === undefined && timeUs <= nowUs ? [[sequence, timeUs] as const] : [],
      ),
      lastTimeUs: this.#lastTimeUs,
    };
  }

  /** Puts a scheduler with the same activities where another was saved. */
  restore({ runs, armed, lastTimeUs }: ScheduleState): void {
    this.#lastTimeUs = lastTimeUs;
    const times = new Map(armed);
    for (const entry of this.#entries) {
      const k = runs[entry.sequence];
      if (k === undefined) throw new Error("Invariant: a saved schedule has a run for each activity");
      entry.k = k;
      entry.timeUs = times.get(entry.sequence) ?? this.#dueUs(entry.activity, k);
    }
    this.#heap.sort(compare);
  }

  #dueUs({ rateHz, phaseUs = 0 }: Activity, k: number): number {
    return rateHz === undefined ? Number.POSITIVE_INFINITY : dueTimeUs(this.#startUs + phaseUs, rateHz, k);
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
  if (a.timeUs !== b.timeUs) return a.timeUs < b.timeUs ? -1 : 1;
  return (
    a.activity.priority - b.activity.priority ||
    a.activity.order - b.activity.order ||
    a.sequence - b.sequence
  );
}
