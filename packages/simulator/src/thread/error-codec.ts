import { ComponentError, ComponentModelError, FuelError, TrapError } from "@playhead/component-model";
import { RecordingError } from "@playhead/recording";
import { WacError } from "@playhead/wac";
import { SimulationError } from "../errors.ts";

/** An error as plain data. */
export interface EncodedError {
  /** Name of its class. */
  readonly type: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Its own properties, as far as they can be sent. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly cause: EncodedError | undefined;
}

const CLASSES: ReadonlyMap<string, { readonly prototype: Error }> = new Map(
  [ComponentError, ComponentModelError, FuelError, TrapError, RecordingError, WacError, SimulationError].map(
    (type) => [type.name, type],
  ),
);

const DEEPEST_CAUSE = 8;

/** Takes apart anything thrown, for another thread. */
export function encodeError(thrown: unknown, depth = 0): EncodedError {
  if (!(thrown instanceof Error))
    return { type: "Error", message: String(thrown), stack: undefined, properties: {}, cause: undefined };
  const properties: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(thrown)) if (canBeSent(value)) properties[key] = value;
  const { cause } = thrown;
  return {
    type: thrown.constructor.name,
    message: thrown.message,
    stack: thrown.stack,
    properties,
    cause: cause === undefined || depth >= DEEPEST_CAUSE ? undefined : encodeError(cause, depth + 1),
  };
}

/** The error again, of its own class where that is one of ours. */
export function decodeError({ type, message, stack, properties, cause }: EncodedError): Error {
  const error = Object.create((CLASSES.get(type) ?? Error).prototype) as Error;
  const hidden = { configurable: true, enumerable: false, writable: true };
  Object.defineProperty(error, "message", { ...hidden, value: message });
  Object.defineProperty(error, "stack", { ...hidden, value: stack });
  if (cause !== undefined) Object.defineProperty(error, "cause", { ...hidden, value: decodeError(cause) });
  return Object.assign(error, properties);
}

function canBeSent(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
