/**
 * Errors of the component host. Each has a stable `code`; the message says what was expected, what was found and where.
 */

/**
 * - `malformed`: the bytes are not a component binary.
 * - `unsupported`: a feature outside the scope of this host (the message names it).
 * - `invalid`: well-formed bytes that break a validation rule.
 * - `missing-import`, `type-mismatch`: what was given to `instantiate` does not fit the component's imports.
 * - `link`: a core module cannot be compiled or linked.
 * - `trap`: a guest trapped, or broke a rule of the canonical ABI.
 * - `locked`: a call into an instance that trapped earlier.
 * - `fuel`, `stack-depth`: a guest used up the fuel of a call, or the depth of calls that it may have (`FuelError`).
 * - `engine-limit`: the engine's own stack or memory ran out, which need not happen again in the same way.
 * - `memory-limit`: an instance would begin with more memory than it may have, or trapped in a call in which it was refused more.
 * - `busy`, `not-saveable`: a snapshot was asked for during a call, or of something that cannot be saved.
 * - `wrong-snapshot`: a snapshot of something else, or one whose pages are not in the store.
 * - `fresh-instance-needed`: a memory or table is larger than in the snapshot, and cannot shrink.
 * - `bad-value`: JavaScript gave a value that does not fit the type at the boundary.
 */
export type ErrorCode =
  | "malformed"
  | "unsupported"
  | "invalid"
  | "missing-import"
  | "type-mismatch"
  | "link"
  | "trap"
  | "locked"
  | "fuel"
  | "stack-depth"
  | "engine-limit"
  | "memory-limit"
  | "busy"
  | "not-saveable"
  | "wrong-snapshot"
  | "fresh-instance-needed"
  | "bad-value";

/** Codes of errors that are a guest's own and lock it. */
export type TrapCode = "trap" | "locked" | "fuel" | "stack-depth" | "memory-limit" | "engine-limit";

export interface ErrorDetails {
  /** Byte offset in the component's binary. */
  readonly offset?: number | undefined;
  /** Import name, instance path or function, whichever tells the place. */
  readonly where?: string | undefined;
  readonly cause?: unknown;
}

export class ComponentModelError extends Error {
  override readonly name: string = "ComponentModelError";
  readonly code: ErrorCode;
  readonly offset: number | undefined;
  readonly where: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.offset = details.offset;
    this.where = details.where;
  }
}

/**
 * A guest stopped in a way that it cannot recover from: unreachable, out of bounds, a rule of the canonical ABI, or a
 * host function that threw something else than a `ComponentError`. The instance is locked from then on.
 */
export class TrapError extends ComponentModelError {
  override readonly name: string = "TrapError";
  /** Path of the innermost component instance that is to blame. */
  readonly instance: string;

  constructor(message: string, instance: string, details: ErrorDetails & { code?: TrapCode } = {}) {
    super(details.code ?? "trap", message, { ...details, where: details.where ?? instance });
    this.instance = instance;
  }
}

/** A guest used up the fuel of a call (code `fuel`) or the depth of calls that it may have (code `stack-depth`). */
export class FuelError extends TrapError {
  override readonly name = "FuelError";
}

/**
 * The `error` case of a `result` as JavaScript sees it: host functions throw it, guest exports throw it to their caller.
 */
export class ComponentError<T = unknown> extends Error {
  override readonly name = "ComponentError";
  readonly payload: T;

  constructor(payload: T, options?: ErrorOptions) {
    super(`component error: ${describePayload(payload)}`, options);
    this.payload = payload;
  }
}

/** What helps to recognise an error, without walking a large payload. */
function describePayload(payload: unknown): string {
  if (typeof payload === "object" && payload !== null) {
    const { tag, message } = payload as { readonly tag?: unknown; readonly message?: unknown };
    if (typeof tag === "string") return tag;
    return typeof message === "string" ? message : "see payload";
  }
  return String(payload);
}
