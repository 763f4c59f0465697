import type { CallFigures, CallObserver, CallSite } from "./observe.ts";

/** What all calls at one site took together. Times are in the unit of the clock. */
export interface CallTotals extends CallSite {
  readonly calls: number;
  /** Calls that ended by throwing. */
  readonly failures: number;
  readonly time: number;
  /** Without the calls inside. */
  readonly ownTime: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly fuel: number;
}

type Sums = { -readonly [K in keyof CallTotals]: CallTotals[K] };

/** An observer that adds up what calls take, by site. */
export class CallRecorder implements CallObserver {
  readonly #now: () => number;
  readonly #sums = new Map<CallSite, Sums>();
  readonly #open: { start: number; inside: number }[] = [];

  /** `now` is the clock, for example `performance.now`. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** In the order of the first calls. */
  get totals(): readonly CallTotals[] {
    return [...this.#sums.values()];
  }

  begin(): void {
    this.#open.push({ start: this.#now(), inside: 0 });
  }

  end(site: CallSite, { bytesIn, bytesOut, fuel, error }: CallFigures): void {
    const { start, inside } = this.#open.pop() as { start: number; inside: number };
    const time = this.#now() - start;
    const outer = this.#open.at(-1);
    if (outer !== undefined) outer.inside += time;
    let sums = this.#sums.get(site);
    if (sums === undefined) {
      sums = { ...site, calls: 0, failures: 0, time: 0, ownTime: 0, bytesIn: 0, bytesOut: 0, fuel: 0 };
      this.#sums.set(site, sums);
    }
    sums.calls++;
    if (error !== undefined) sums.failures++;
    sums.time += time;
    sums.ownTime += time - inside;
    sums.bytesIn += bytesIn;
    sums.bytesOut += bytesOut;
    sums.fuel += fuel;
  }
}
