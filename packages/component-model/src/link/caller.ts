import type { Caller } from "../abi/instance-state.ts";

export type { Caller } from "../abi/instance-state.ts";

const target = Symbol("receives the caller");

// biome-ignore lint/complexity/noBannedTypes: any function may be given to a component
type AnyFunction = Function;
type HostClass = abstract new (caller: Caller, ...args: never[]) => object;

/**
 * Marks a host function, or a method of a host class, that wants to know which component instance calls: its first argument is
 * the caller, the guest's arguments follow. Given a class, its constructor is what is marked.
 *
 * The result is for use as an import; called directly it takes the caller like the original.
 */
export function withCaller<C extends HostClass>(hostClass: C): C;
export function withCaller<T, A extends unknown[], R>(
  fn: (this: T, caller: Caller, ...args: A) => R,
): (this: T, ...args: A) => R;
export function withCaller(fn: AnyFunction): AnyFunction {
  const marked = isClass(fn) ? fn : wrap(fn);
  Object.defineProperty(marked, target, { value: fn });
  return marked;
}

/** The function, or class, that was marked by `withCaller`; undefined when it was not. */
export function callerTarget<F extends AnyFunction>(fn: F): F | undefined {
  return Object.hasOwn(fn, target) ? (fn as { [target]?: F })[target] : undefined;
}

function isClass(fn: AnyFunction): boolean {
  return /^class\b/.test(Function.prototype.toString.call(fn));
}

/** The original stays as it is: the same function may be given elsewhere without a caller. */
function wrap(fn: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    return fn.apply(this, args);
  };
}
