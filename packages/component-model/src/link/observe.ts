import type { CoreFunction } from "../abi/lift.ts";
import type { HostFunction } from "../abi/lower.ts";
import type { Meter } from "../state/meter.ts";

/** Where calls go from one instance, or the host, to another: always the same object for one function and caller. */
export interface CallSite {
  /** Path of the instance that calls; undefined for the host. */
  readonly caller: string | undefined;
  /** Path of the instance that is called; undefined for the host. */
  readonly callee: string | undefined;
  /** `playhead:sim/bus@0.1.0#publish`. */
  readonly name: string;
}

/** What a call took. */
export interface CallFigures {
  /** Of strings and lists among the arguments, about: between instances as they were copied, else as JavaScript has them. */
  readonly bytesIn: number;
  /** Of strings and lists in the result. */
  readonly bytesOut: number;
  /** Fuel of guests, in this call and those inside it; 0 without a meter. */
  readonly fuel: number;
  /** What was thrown, an `error` result included; undefined when nothing was. */
  readonly error: unknown;
}

/**
 * Is told of every call into an instance and out of it. Calls nest: each `begin` has its `end`. The time is for the observer to
 * take. It may call no instance, and must not throw.
 */
export interface CallObserver {
  begin(site: CallSite): void;
  end(site: CallSite, figures: CallFigures): void;
}

interface Running {
  readonly site: CallSite;
  readonly fuelBefore: number;
  bytesIn: number;
  bytesOut: number;
}

// biome-ignore lint/suspicious/noExplicitAny: functions of any signature
type AnyFunction = (...args: any[]) => unknown;

/** Tells an observer of the calls of all instances that have it. */
export class Observation {
  readonly #observer: CallObserver;
  readonly #running: Running[] = [];

  constructor(observer: CallObserver) {
    this.#observer = observer;
  }

  /** One for each observer, whatever instances it is given to. */
  static of(observer: CallObserver): Observation {
    const observation = known.get(observer) ?? new Observation(observer);
    known.set(observer, observation);
    return observation;
  }

  /** A function that takes JavaScript values, as the host calls it. */
  export(call: AnyFunction, callee: string, name: string, meter: Meter | undefined): AnyFunction {
    const site: CallSite = { caller: undefined, callee, name };
    return (...args) => this.#values(site, meter, args, () => call(...args));
  }

  /** A function of the host, as an instance calls it. */
  import(target: HostFunction, caller: string, name: string, meter: Meter | undefined): HostFunction {
    const site: CallSite = { caller, callee: undefined, name };
    const { call, withCaller } = target;
    return {
      ...target,
      call: (...args) => this.#values(site, meter, withCaller ? args.slice(1) : args, () => call(...args)),
    };
  }

  /** A function that goes from instance to instance. */
  wire(call: AnyFunction, site: CallSite, meter: Meter | undefined): AnyFunction {
    return (...flats) => {
      this.#begin(site, meter);
      try {
        const result = call(...flats);
        this.#end(meter, undefined);
        return result;
      } catch (error) {
        this.#end(meter, error);
        throw error;
      }
    };
  }

  /** The allocator of an instance: what is put into its memory is counted for the call from or to another. */
  realloc(realloc: CoreFunction, path: string): CoreFunction {
    const allocate = realloc as unknown as (...args: number[]) => number;
    const counting = (old: number, oldSize: number, align: number, size: number): number => {
      const running = this.#running.at(-1);
      // With the host on one side, the values are counted as they are.
      if (running?.site.caller !== undefined && running.site.callee !== undefined) {
        if (running.site.callee === path) running.bytesIn += size - oldSize;
        else running.bytesOut += size - oldSize;
      }
      return allocate(old, oldSize, align, size);
    };
    return counting as unknown as CoreFunction;
  }

  #values(site: CallSite, meter: Meter | undefined, args: readonly unknown[], call: () => unknown): unknown {
    const running = this.#begin(site, meter);
    running.bytesIn = bytesOf(args);
    try {
      const result = call();
      running.bytesOut = bytesOf(result);
      this.#end(meter, undefined);
      return result;
    } catch (error) {
      this.#end(meter, error);
      throw error;
    }
  }

  #begin(site: CallSite, meter: Meter | undefined): Running {
    const running = { site, fuelBefore: meter?.total ?? 0, bytesIn: 0, bytesOut: 0 };
    this.#running.push(running);
    this.#observer.begin(site);
    return running;
  }

  #end(meter: Meter | undefined, error: unknown): void {
    const { site, fuelBefore, bytesIn, bytesOut } = this.#running.pop() as Running;
    this.#observer.end(site, { bytesIn, bytesOut, fuel: (meter?.total ?? 0) - fuelBefore, error });
  }
}

const known = new WeakMap<CallObserver, Observation>();

/** Strings as UTF-16, numbers of lists as they lie in typed arrays, else 8 each; what holds them is not counted. */
function bytesOf(value: unknown): number {
  if (typeof value === "string") return 2 * value.length;
  if (typeof value === "number" || typeof value === "bigint") return 8;
  if (typeof value !== "object" || value === null) return 0;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  let sum = 0;
  for (const part of Array.isArray(value) ? value : plainValues(value)) sum += bytesOf(part);
  return sum;
}

/** Fields of a record or variant; resources are not looked into. */
function plainValues(value: object): readonly unknown[] {
  return Object.getPrototypeOf(value) === Object.prototype ? Object.values(value) : [];
}
