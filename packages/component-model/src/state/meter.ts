import { ComponentModelError } from "../errors.ts";
import { MAX_FUEL, MAX_STACK_UNITS, STACK_UNIT_BYTES } from "../rewrite/meter-layout.ts";
import { type MeterExports, writeMeterModule } from "../rewrite/meter-module.ts";

export interface MeterOptions {
  /** Units of fuel (instructions, about) for each call from the host. Unlimited by default. */
  readonly fuel?: number;
  /**
   * Bytes of stack that nested calls of guests may take, by the rewriter's upper bound for each function's frame. The default leaves
   * most of the engine's stack (984 KiB in Node.js) to the host; raise it only with the engine's own limit.
   */
  readonly stackBytes?: number;
}

export const DEFAULT_STACK_BYTES = 512 * 1024;

/** As for bulk operations of guests. */
const BYTES_PER_FUEL = 32;

let compiled: WebAssembly.Module | undefined;

/**
 * Counts what guests do: fuel per call, and the depth of their calls. Both run out at the same loop head, function entry or bulk
 * operation on every engine. Instances that call each other share one meter, and with it the fuel of a call and the stack.
 *
 * A call that the host makes while another call of the same meter waits for the host has fuel of its own; the stack goes on.
 */
export class Meter {
  readonly #exports: MeterExports;
  readonly #waiting: { fuel: number; stack: number }[] = [];
  #calls = 0;
  readonly #fuel: number;
  /** Fuel of calls that are over, since `total` was asked for. */
  #spent: number | undefined;

  constructor({ fuel = MAX_FUEL, stackBytes = DEFAULT_STACK_BYTES }: MeterOptions = {}) {
    compiled ??= new WebAssembly.Module(writeMeterModule());
    this.#exports = new WebAssembly.Instance(compiled).exports as unknown as MeterExports;
    const units = Math.floor(stackBytes / STACK_UNIT_BYTES);
    check("fuel", fuel, MAX_FUEL);
    check("stackBytes", units, MAX_STACK_UNITS);
    this.#fuel = fuel;
    this.#exports.limit(fuel, units);
    this.#exports.refill();
  }

  /** Fuel that the last call from the host took, the nested ones included that it waited for not. */
  get fuelUsed(): number {
    return Math.min(this.#fuel - this.#exports.fuel(), this.#fuel);
  }

  /** For observers: fuel that all calls took since this was first asked for, those under way included. */
  get total(): number {
    this.#spent ??= 0;
    const waiting = this.#waiting.reduce((sum, { fuel }) => sum + this.#fuel - fuel, 0);
    return this.#spent + waiting + (this.#calls > 0 ? this.fuelUsed : 0);
  }

  /** For generated code: a call from the host begins. */
  enter(): void {
    if (this.#calls++ === 0) this.#exports.refill();
    else {
      this.#waiting.push({ fuel: this.#exports.fuel(), stack: this.#exports.stack() });
      this.#exports.nest();
    }
  }

  /** For generated code: the call that `enter` began is over, in whatever way. */
  leave(): void {
    if (this.#spent !== undefined) this.#spent += this.fuelUsed;
    if (--this.#calls === 0) return;
    const { fuel, stack } = this.#waiting.pop() as { fuel: number; stack: number };
    this.#exports.set(fuel, stack);
  }

  /** For generated code: takes fuel for what the host copies. The guest stops when it comes to its next check. */
  pay(bytes: number): void {
    this.#exports.pay(Math.floor(bytes / BYTES_PER_FUEL));
  }

  /** What guests import. */
  get globals(): { readonly meter: WebAssembly.Global; readonly reason: WebAssembly.Global } {
    return this.#exports;
  }
}

function check(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value > 0 && value <= most) return;
  throw new ComponentModelError(
    "bad-value",
    `${name}: expected a whole number up to ${most}, found ${value}`,
    {
      where: name,
    },
  );
}
