import { MemoryPageStore } from "@playhead/component-model";
import type { EngineState } from "../engine/engine-state.ts";

export interface CheckpointOptions {
  /** A checkpoint is laid when replaying from the last one would take this long, wall-clock ms. */
  readonly costMs: number;
  /** What all checkpoints together may take, bytes; beyond it every other one of the older goes. */
  readonly budgetBytes: number;
}

interface Checkpoint {
  readonly state: EngineState;
  /** What it took to come here from the checkpoint before, ms. */
  readonly costMs: number;
}

/** What a checkpoint takes beside the instances' pages: queues, hashes, places. */
const OVERHEAD_BYTES = 4096;

/** The states of a run that it can go back to, in the order of their times. */
export class Checkpoints {
  readonly #options: CheckpointOptions;
  readonly #kept: Checkpoint[] = [];
  readonly #pages = new MemoryPageStore();
  /** What is kept beside pages. */
  #beside = 0;

  constructor(options: CheckpointOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#kept.length;
  }

  get bytes(): number {
    return this.#pages.bytes + this.#beside;
  }

  /** The longest time that replaying from one checkpoint to the next takes, ms. */
  get boundMs(): number {
    return this.#kept.reduce((longest, { costMs }) => Math.max(longest, costMs), this.#options.costMs);
  }

  /** Times of the checkpoints, µs. */
  get timesUs(): number[] {
    return this.#kept.map(({ state }) => state.nowUs);
  }

  /** Whether a run that has come this far, at this cost since the last checkpoint, ought to be saved. */
  isDue(nowUs: number, costMs: number): boolean {
    const last = this.#kept.at(-1);
    return last === undefined || (nowUs > last.state.nowUs && costMs >= this.#options.costMs);
  }

  /** The last state at or before the time. */
  at(timeUs: number): EngineState | undefined {
    return this.#kept.findLast(({ state }) => state.nowUs <= timeUs)?.state;
  }

  /** The last state before an event of the run. */
  before(event: number): EngineState | undefined {
    return this.#kept.findLast(({ state }) => state.events < event)?.state;
  }

  /** Lets go of the states from an event on. */
  dropFrom(event: number): void {
    while ((this.#kept.at(-1)?.state.events ?? -1) >= event) {
      const gone = this.#kept.pop();
      if (gone !== undefined) this.#release(gone.state);
    }
  }

  /** Keeps a state later than all that are kept. */
  add(state: EngineState, costMs: number): void {
    this.#kept.push({ state, costMs });
    for (const memory of state.instances.memories) memory.keep(this.#pages);
    this.#beside += bytesBeside(state);
    while (this.bytes > this.#options.budgetBytes && this.#kept.length > 2) this.#thin();
  }

  clear(): void {
    for (const { state } of this.#kept) this.#release(state);
    this.#kept.length = 0;
  }

  /** Lets go of the checkpoint without which the longest replay grows least; the first and the last stay. */
  #thin(): void {
    let [victim, least] = [1, Number.POSITIVE_INFINITY];
    for (let at = 1; at < this.#kept.length - 1; at++) {
      const cost = (this.#kept[at]?.costMs ?? 0) + (this.#kept[at + 1]?.costMs ?? 0);
      if (cost < least) [victim, least] = [at, cost];
    }
    const [gone] = this.#kept.splice(victim, 1);
    const next = this.#kept[victim];
    if (gone === undefined || next === undefined) return;
    this.#kept[victim] = { ...next, costMs: next.costMs + gone.costMs };
    this.#release(gone.state);
  }

  #release(state: EngineState): void {
    for (const { key } of state.instances.memories) this.#pages.release(key);
    this.#beside -= bytesBeside(state);
  }
}

/** What a state takes beside the pages of its instances: pictures, messages that wait, and a rest. */
function bytesBeside({ units, bus }: EngineState): number {
  let bytes = OVERHEAD_BYTES;
  for (const { views } of units)
    for (const { drawing } of views) {
      bytes += drawing?.bytes ?? 0;
    }
  for (const { queue } of bus.subscriptions) for (const { payload } of queue) bytes += payload.length;
  return bytes;
}
