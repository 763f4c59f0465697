/** Where a run stood when it was saved: later checkpoints have run more events, or none and lie later in time. */
export interface CheckpointHead {
  /** Virtual time, µs. */
  readonly nowUs: number;
  /** Events that the run had had. */
  readonly events: number;
  /** Outputs that it had given. */
  readonly outputs: number;
  /** What it took to come here from the checkpoint before, wall-clock ms. */
  readonly costMs: number;
  /** It was asked for: others are let go of first. */
  readonly pinned?: true;
}

/** What tells checkpoints apart: no run has two different states at one place. */
export type Place = Pick<CheckpointHead, "nowUs" | "events">;

/** Names the place of a checkpoint. */
export function placeOf({ nowUs, events }: Place): string {
  return `${events}:${nowUs}`;
}

/** Near the playhead, what replaying takes counts up to so many times as much. */
const NEAR_WEIGHT = 4;
const NEAR_US = 10e6;

/** The checkpoints of a run in their order. */
export class CheckpointIndex {
  readonly #heads: CheckpointHead[] = [];

  get heads(): readonly CheckpointHead[] {
    return this.#heads;
  }

  /** The longest that replaying from one checkpoint to the next takes, ms. */
  get longestMs(): number {
    return this.#heads.reduce(
      (longest, { costMs }, at) => (at === 0 ? longest : Math.max(longest, costMs)),
      0,
    );
  }

  /** The last checkpoint at or before the time. */
  atTime(timeUs: number): CheckpointHead | undefined {
    return this.#heads[this.#firstWhere(({ nowUs }) => nowUs > timeUs) - 1];
  }

  /** The last checkpoint that has run no more events. */
  atEvents(events: number): CheckpointHead | undefined {
    return this.#heads[this.#firstWhere((head) => head.events > events) - 1];
  }

  has(place: Place): boolean {
    return this.#placeOf(place) !== undefined;
  }

  /** @returns the checkpoint, pinned; undefined where there is none at this place */
  pin(place: Place): CheckpointHead | undefined {
    const at = this.#placeOf(place);
    const head = at === undefined ? undefined : this.#heads[at];
    if (at === undefined || head === undefined) return undefined;
    const pinned = { ...head, pinned: true } as const;
    this.#heads[at] = pinned;
    return pinned;
  }

  /** @returns false where there is one at this place */
  add(head: CheckpointHead): boolean {
    const at = this.#firstWhere((other) => compare(other, head) >= 0);
    const next = this.#heads[at];
    if (next !== undefined && compare(next, head) === 0) return false;
    if (next !== undefined) this.#heads[at] = { ...next, costMs: Math.max(0, next.costMs - head.costMs) };
    this.#heads.splice(at, 0, head);
    return true;
  }

  /** What replaying took up to it is added to the next one. */
  remove(head: CheckpointHead): boolean {
    const at = this.#placeOf(head);
    if (at === undefined) return false;
    const [gone] = this.#heads.splice(at, 1);
    const next = this.#heads[at];
    if (gone !== undefined && next !== undefined && at > 0)
      this.#heads[at] = { ...next, costMs: next.costMs + gone.costMs };
    return true;
  }

  clear(): void {
    this.#heads.length = 0;
  }

  /**
   * The checkpoint without which seeks suffer least: the replay that takes its place is short, and far from the playhead. The first and the
   * last stay, and pinned ones as long as there are others. Undefined where there are none that may go.
   */
  leastUseful(
    playheadUs: number,
    mayGo: (head: CheckpointHead) => boolean = () => true,
  ): CheckpointHead | undefined {
    const isLoose = (head: CheckpointHead) => head.pinned !== true && mayGo(head);
    return this.#leastUseful(playheadUs, isLoose) ?? this.#leastUseful(playheadUs, mayGo);
  }

  #leastUseful(playheadUs: number, mayGo: (head: CheckpointHead) => boolean): CheckpointHead | undefined {
    let victim: CheckpointHead | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 1; at < this.#heads.length - 1; at++) {
      const head = this.#heads[at] as CheckpointHead;
      const mergedMs = head.costMs + (this.#heads[at + 1]?.costMs ?? 0);
      const weight = 1 + (NEAR_WEIGHT - 1) / (1 + Math.abs(head.nowUs - playheadUs) / NEAR_US);
      if (mergedMs * weight < least && mayGo(head)) [victim, least] = [head, mergedMs * weight];
    }
    return victim;
  }

  #placeOf(place: Place): number | undefined {
    const at = this.#firstWhere((other) => compare(other, place) >= 0);
    const found = this.#heads[at];
    return found !== undefined && compare(found, place) === 0 ? at : undefined;
  }

  /** Binary search: the condition holds from some place on. */
  #firstWhere(holds: (head: CheckpointHead) => boolean): number {
    let [from, to] = [0, this.#heads.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (holds(this.#heads[middle] as CheckpointHead)) to = middle;
      else from = middle + 1;
    }
    return from;
  }
}

function compare(a: Place, b: Place): number {
  return a.events - b.events || a.nowUs - b.nowUs;
}
