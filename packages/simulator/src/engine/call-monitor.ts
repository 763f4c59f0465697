/** What a thread is at, as another thread sees it. */
export interface CurrentCall {
  /** Place of the unit in the composition's order. */
  readonly unit: number;
  readonly call: CallName;
  /** Virtual time of the call, µs. */
  readonly timeUs: number;
  /** Which event of the run it belongs to, counted from 1; 0 before it starts. */
  readonly event: number;
}

const CALLS = ["init", "list-views", "step", "render"] as const;
export type CallName = (typeof CALLS)[number];

const BYTES = 24;

/**
 * Says in shared memory which call of which unit runs, so that it is known even of a thread that does not answer any more: one word (0: none;
 * else 1 + 4 · unit + call), the virtual time and the event.
 */
export class CallMonitor {
  readonly shared: SharedArrayBuffer;
  readonly #word: Int32Array;
  /** Virtual time, event. */
  readonly #place: Float64Array;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    this.shared = shared;
    this.#word = new Int32Array(shared, 0, 1);
    this.#place = new Float64Array(shared, 8, 2);
  }

  /** Returns what is to be given to `leave`: calls can be nested. */
  enter(unit: number, call: CallName, timeUs: number, event: number): number {
    const before = this.#word[0] ?? 0;
    this.#place[0] = timeUs;
    this.#place[1] = event;
    Atomics.store(this.#word, 0, 1 + CALLS.length * unit + CALLS.indexOf(call));
    return before;
  }

  leave(before: number): void {
    Atomics.store(this.#word, 0, before);
  }

  get current(): CurrentCall | undefined {
    const word = Atomics.load(this.#word, 0) - 1;
    if (word < 0) return undefined;
    const call = CALLS[word % CALLS.length] as CallName;
    return {
      unit: Math.floor(word / CALLS.length),
      call,
      timeUs: this.#place[0] ?? 0,
      event: this.#place[1] ?? 0,
    };
  }
}
