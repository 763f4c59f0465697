/**
 * `canon lower`: a function of the host or of another instance becomes a function that core code calls (CanonicalABI.md,
 * "Canonical Definitions").
 */
import { ComponentError } from "../errors.ts";
import type { FuncType, ResourceType, ValueType } from "../types.ts";
import { BadValue } from "./bad-value.ts";
import { zero } from "./bits.ts";
import { type ListTransfer, poison } from "./borrowed-lists.ts";
import { addressCode, borrowCode } from "./call-code.ts";
import { type FlatType, flatSignature } from "./flatten.ts";
import { fuseFunction } from "./fuse.ts";
import { type InstanceState, refuseLeave } from "./instance-state.ts";
import { fieldOffsets, tupleLayout } from "./layout.ts";
import type { LiftedFunction } from "./lift.ts";
import { LiftCode } from "./lift-code.ts";
import { MAX_HOST_VALUE_BYTES } from "./limits.ts";
import { LowerCode } from "./lower-code.ts";
import type { RuntimeResource } from "./resources.ts";
import { Side } from "./side.ts";
import { type CanonOptions, type CoreFunction, Source, type Template, TemplateCache } from "./source.ts";
import { asHostTrap, badResult } from "./traps.ts";
import { isAmplifying } from "./type-predicates.ts";

/** A function of the host, with values in jco's mapping. */
export interface HostFunction {
  /** Throws `ComponentError` for the `error` of a result. */
  readonly call: (...args: unknown[]) => unknown;
  /** Whether `call` gets the `Caller` as its first argument. */
  readonly withCaller: boolean;
  /** How lists of numbers in its arguments reach `call`; copied by default. */
  readonly lists?: ListTransfer;
}

/**
 * Lowers a function for the instance of `state`; `name` is for messages. A trap, or anything that a host function throws other
 * than the `ComponentError` of a result, comes out as a `TrapError` and locks the calling instance.
 */
export function lowerFunction(
  type: FuncType,
  target: LiftedFunction | HostFunction,
  options: CanonOptions,
  state: InstanceState,
  resources: (type: ResourceType) => RuntimeResource,
  name: string,
): (...flats: unknown[]) => unknown {
  const caller = { state, options, resources, name };
  if ("core" in target) return fuseFunction(type, target, caller);
  const { withCaller, lists = "copied" } = target;
  const template = templates.get(type, `${options.encoding} ${withCaller} ${lists}`, () =>
    generate(type, options, withCaller, lists),
  );
  const failed = (error: unknown, result: unknown): Error => {
    const cause = error instanceof BadValue ? badResult(error, type.result, result, resources, name) : error;
    const trapped = asHostTrap(cause, state, name);
    state.lock(trapped);
    return trapped;
  };
  return template.link({
    caller,
    target: target.call as CoreFunction,
    extra: { failed, refuse: () => refuseLeave(state, name), caller: state.caller },
  });
}

const templates = new TemplateCache();

function generate(
  type: FuncType,
  { encoding }: CanonOptions,
  withCaller: boolean,
  lists: ListTransfer,
): Template {
  const source = new Source();
  const side = new Side(source, "caller", encoding);
  const { params, results } = flatSignature(type);
  const flats = (params ?? ["i32"]).map((_, index) => `f${index}`);
  const lifted = liftParams(type, source, side, params, lists);
  const borrows = borrowCode(source, type, undefined);
  const host = source.bind("host", (link) => link.target);
  const args = type.params.map((_, index) => `a${index}`);
  if (withCaller) args.unshift(source.bind("caller", (link) => link.extra.caller));
  const isResult = type.result?.kind === "result";
  const call = poisoned(source, `result = ${host}(${args.join(", ")});`);
  const lowered =
    type.result === undefined ? "" : lowerResult(type.result, new LowerCode(source, side), side, results);
  const failed = source.bind("failed", (link) => link.extra.failed);
  const refuse = source.bind("refuse", (link) => link.extra.refuse);
  if (results === undefined) flats.push("resultPointer");
  return source.finish(`function lowered(${flats.join(", ")}) {
  if (!${side.state}.mayLeave) ${refuse}();
  let result${isResult ? ", isError = false" : ""};
  try {
    ${side.refreshIfUsed()}
    ${borrows.begin}
    ${lifted}
    ${isResult ? catchError(source, call) : call}
    ${borrows.end}
    ${side.refreshIfUsed()}
    ${lowered}
  } catch (error) {
    throw ${failed}(error, result);
  }
}`);
}

/** Statements of a call with the end of what it borrowed, where code for that was generated before. */
function poisoned(source: Source, call: string): string {
  if (!source.has("lent")) return call;
  return `try {
  ${call}
} finally {
  ${source.constant("poison", poison)}(lent);
}`;
}

function catchError(source: Source, call: string): string {
  const componentError = source.constant("ComponentError", ComponentError);
  return `try {
  ${call}
} catch (error) {
  if (!(error instanceof ${componentError})) throw error;
  isError = true;
  result = error.payload;
}`;
}

/** Statements that lift the core parameters to constants `a0`, `a1`, …. */
function liftParams(
  type: FuncType,
  source: Source,
  side: Side,
  flatTypes: readonly FlatType[] | undefined,
  lists: ListTransfer,
): string {
  const types = type.params.map((param) => param.type);
  const metered = types.some(isAmplifying);
  const code = new LiftCode(source, side, metered, lists);
  const lines = metered ? [`${side.views}.budget = ${MAX_HOST_VALUE_BYTES};`] : [];
  if (flatTypes === undefined) {
    const { size, align } = tupleLayout(types);
    const offsets = fieldOffsets(types);
    lines.push(
      "const argsAt = f0 >>> 0;",
      side.checkRange("argsAt", String(size), align, "parameter pointer"),
    );
    for (const [index, part] of types.entries()) {
      lines.push(`const a${index} = ${code.load(part, "argsAt", offsets[index] as number)};`);
    }
  } else {
    const values = code.flatAll(
      types,
      flatTypes.map((_, index) => `f${index}`),
    );
    for (const [index, value] of values.entries()) lines.push(`const a${index} = ${value};`);
  }
  return lines.join("\n");
}

/** Statements that lower `result` and return the core result. */
function lowerResult(
  type: ValueType,
  code: LowerCode,
  side: Side,
  results: readonly FlatType[] | undefined,
): string {
  if (results === undefined) {
    const address = addressCode(side, "resultAt", "resultPointer", type, "result pointer");
    if (type.kind !== "result") return `${address}\n${code.store(type, "result", "resultAt", 0)}`;
    const [ok, err] = [0, 1].map((index) => code.storeCase(type, index, "result", "resultAt"));
    return `${address}\nif (isError) {\n${err}\n} else {\n${ok}\n}`;
  }
  const flat = `let g0 = ${zero(results[0] ?? "i32")};`;
  if (type.kind !== "result") return `${flat}\n${code.flat(type, "result", ["g0"])}\nreturn g0;`;
  const [ok, err] = [0, 1].map((index) => code.flatCase(type, index, "result", ["g0"]));
  return `${flat}\nif (isError) {\n${err}\n} else {\n${ok}\n}\nreturn g0;`;
}
