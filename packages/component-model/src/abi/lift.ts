/**
 * `canon lift`: a function of a guest becomes a JavaScript function (CanonicalABI.md, "Canonical Definitions").
 */
import { ComponentError } from "../errors.ts";
import type { FuncType, ResourceType, ValueType } from "../types.ts";
import { BadValue } from "./bad-value.ts";
import { zero } from "./bits.ts";
import { addressCode, borrowCode, enterCode, leaveCode, postReturnCode } from "./call-code.ts";
import { type FlatType, flatSignature } from "./flatten.ts";
import { type InstanceState, refuseEntry } from "./instance-state.ts";
import { tupleLayout } from "./layout.ts";
import { LiftCode } from "./lift-code.ts";
import { MAX_HOST_VALUE_BYTES } from "./limits.ts";
import { LowerCode } from "./lower-code.ts";
import type { RuntimeResource } from "./resources.ts";
import { Side } from "./side.ts";
import { type CanonOptions, type CoreFunction, Source, type Template, TemplateCache } from "./source.ts";
import { asGuestTrap, badArgument } from "./traps.ts";
import { isAmplifying } from "./type-predicates.ts";

export type { CanonOptions, CoreFunction };

/** A lifted function, with what it was made of, so that a call from another instance can be fused with it. */
export interface LiftedFunction {
  readonly type: FuncType;
  /** For the host: takes and returns values in jco's mapping. Throws `ComponentError` for the `error` of a result. */
  readonly call: (...args: unknown[]) => unknown;
  readonly core: CoreFunction;
  readonly options: CanonOptions;
  readonly state: InstanceState;
  readonly resources: (type: ResourceType) => RuntimeResource;
  readonly name: string;
}

/**
 * Lifts a core function of the instance of `state`; `name` is for messages. The call throws
 * - `ComponentError` for the `error` of a result,
 * - `ComponentModelError` with code `bad-value` for an argument that does not fit its type,
 * - `TrapError` when the guest traps, which locks the instance, or may not be entered.
 */
export function liftFunction(
  type: FuncType,
  core: CoreFunction,
  options: CanonOptions,
  state: InstanceState,
  resources: (type: ResourceType) => RuntimeResource,
  name: string,
): LiftedFunction {
  const entering = state.enteredFrom(undefined);
  const { meter } = state;
  const variant = `${options.encoding} ${options.postReturn !== undefined} ${entering.length} ${meter !== undefined}`;
  const template = templates.get(type, variant, () =>
    generate(type, options, entering.length, meter !== undefined),
  );
  const failed = (error: unknown, args: readonly unknown[]): Error => {
    meter?.leave();
    if (error instanceof BadValue) {
      for (const entered of entering) entered.mayEnter = true;
      return badArgument(error, type, args, resources, name);
    }
    const trapped = asGuestTrap(error, state, name);
    for (const entered of entering) entered.lock(trapped);
    return trapped;
  };
  const call = template.link({
    callee: { state, options, resources, name },
    target: core,
    extra: { entering, failed, meter, refuse: () => refuseEntry(entering, name) },
  });
  return { type, call, core, options, state, resources, name };
}

const templates = new TemplateCache();

function generate(
  type: FuncType,
  { encoding, postReturn }: CanonOptions,
  entering: number,
  metered: boolean,
): Template {
  const source = new Source();
  const side = new Side(source, "callee", encoding);
  const { params, results } = flatSignature(type);
  const args = type.params.map((_, index) => `a${index}`).join(", ");
  const lowered = lowerParams(type, new LowerCode(source, side), side, params);
  const lifted =
    type.result === undefined ? "" : liftResult(type.result, source, side, results === undefined);
  const isResult = type.result?.kind === "result";
  const borrows = borrowCode(source, type, side);
  const core = source.bind("core", (link) => link.target);
  const failed = source.bind("failed", (link) => link.extra.failed);
  return source.finish(`function lifted(${args}) {
  ${enterCode(source, entering)}
  ${metered ? `${source.bind("meter", (link) => link.extra.meter)}.enter();` : ""}
  let out${isResult ? ", isError = false" : ""};
  try {
    ${side.refreshIfUsed()}
    ${borrows.begin}
    ${lowered.code}
    const coreResult = ${core}(${lowered.flats.join(", ")});
    ${side.refreshIfUsed()}
    ${lifted}
    ${borrows.check}
    ${borrows.end}
    ${postReturn === undefined ? "" : postReturnCode(source, side, type.result)}
    if (${side.state}.trapped !== undefined) throw ${side.state}.trapped;
  } catch (error) {
    throw ${failed}(error, [${args}]);
  }
  ${metered ? "meter.leave();" : ""}
  ${leaveCode(entering)}
  ${isResult ? `if (isError) throw new ${source.constant("ComponentError", ComponentError)}(out);` : ""}
  return out;
}`);
}

/** Statements that lower the arguments, and the core values to call with. */
function lowerParams(
  type: FuncType,
  code: LowerCode,
  side: Side,
  flatTypes: readonly FlatType[] | undefined,
): { code: string; flats: readonly string[] } {
  const types = type.params.map((param) => param.type);
  const args = type.params.map((_, index) => `a${index}`);
  if (flatTypes === undefined) {
    const { size, align } = tupleLayout(types);
    const address = `const argsAt = ${side.allocate}(0, 0, ${align}, ${size});`;
    return { code: `${address}\n${code.storeAll(types, args, "argsAt")}`, flats: ["argsAt"] };
  }
  const flats = flatTypes.map((_, index) => `f${index}`);
  const zeros = flatTypes.map((flat, index) => `let f${index} = ${zero(flat)};`).join(" ");
  return { code: `${zeros}\n${code.flatAll(types, args, flats)}`, flats };
}

/** Statements that lift `coreResult` to `out`; of a result, also the error, which sets `isError`. */
function liftResult(type: ValueType, source: Source, side: Side, inMemory: boolean): string {
  const metered = isAmplifying(type);
  const code = new LiftCode(source, side, metered);
  const budget = metered ? `${side.views}.budget = ${MAX_HOST_VALUE_BYTES};\n` : "";
  const address = inMemory ? `${addressCode(side, "resultAt", "coreResult", type, "result pointer")}\n` : "";
  if (type.kind !== "result") {
    const value = inMemory ? code.load(type, "resultAt", 0) : code.flat(type, ["coreResult"]);
    return `${budget}${address}out = ${value};`;
  }
  const cases = inMemory ? code.loadCases(type, "resultAt") : code.flatCases(type, ["coreResult"]);
  const [ok = "undefined", err = "undefined"] = cases.payloads;
  return `${budget}${address}const isErr = ${cases.discriminant};
switch (isErr) {
  case 0: out = ${ok}; break;
  case 1: out = ${err}; isError = true; break;
  default: ${side.fail}("invalid variant discriminant " + isErr);
}`;
}
