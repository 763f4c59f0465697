/**
 * A call from one component instance to another, memory to memory: `canon lower` of what `canon lift` made.
 */
import type { FuncType } from "../types.ts";
import { zero } from "./bits.ts";
import { addressCode, borrowCode, enterCode, leaveCode, postReturnCode } from "./call-code.ts";
import { type FlatType, flatSignature } from "./flatten.ts";
import { FuseCode } from "./fuse-code.ts";
import { refuseEntry, refuseLeave } from "./instance-state.ts";
import { tupleLayout } from "./layout.ts";
import type { LiftedFunction } from "./lift.ts";
import { MAX_COPIED_BYTES } from "./limits.ts";
import { Side } from "./side.ts";
import { type CanonOptions, type Party, Source, type Template, TemplateCache } from "./source.ts";
import { asGuestTrap } from "./traps.ts";
import { isAmplifying } from "./type-predicates.ts";

/** The function that core code of `caller` calls to call `target`. The types of the two are the same but for identity. */
export function fuseFunction(
  type: FuncType,
  target: LiftedFunction,
  caller: Party,
): (...flats: unknown[]) => unknown {
  const { state: callee, options, name } = target;
  const entering = callee.enteredFrom(caller.state);
  const { postReturn } = options;
  // Instances that call each other share a meter as a rule. One that has its own counts the call as one from the host.
  const meter = callee.meter === caller.state.meter ? undefined : callee.meter;
  const variant = `${caller.options.encoding} ${options.encoding} ${postReturn !== undefined} ${entering.length} ${meter !== undefined}`;
  const template = templates.get(type, variant, () =>
    generate(type, caller.options, options, entering.length, meter !== undefined),
  );
  const failed = (error: unknown): Error => {
    meter?.leave();
    const trapped = asGuestTrap(error, callee, name);
    for (const entered of entering) entered.lock(trapped);
    caller.state.lock(trapped);
    return trapped;
  };
  return template.link({
    caller,
    callee: target,
    target: target.core,
    extra: {
      entering,
      failed,
      meter,
      refuse: () => {
        try {
          refuseEntry(entering, name);
        } catch (error) {
          const trapped = asGuestTrap(error, callee, name);
          caller.state.lock(trapped);
          throw trapped;
        }
      },
      refuseLeave: () => refuseLeave(caller.state, caller.name),
    },
  });
}

const templates = new TemplateCache();

function generate(
  type: FuncType,
  lower: CanonOptions,
  lift: CanonOptions,
  entering: number,
  metered: boolean,
): Template {
  const source = new Source();
  const caller = new Side(source, "caller", lower.encoding);
  const callee = new Side(source, "callee", lift.encoding);
  const { params, results } = flatSignature(type);
  const flats = (params ?? ["i32"]).map((_, index) => `f${index}`);
  const passed = passParams(type, source, caller, callee, params);
  const returned = passResult(type, source, caller, callee, results);
  const borrows = borrowCode(source, type, callee);
  const core = source.bind("core", (link) => link.target);
  const failed = source.bind("failed", (link) => link.extra.failed);
  const leave = source.bind("refuseLeave", (link) => link.extra.refuseLeave);
  if (results === undefined) flats.push("resultPointer");
  const result = results?.[0];
  return source.finish(`function fused(${flats.join(", ")}) {
  if (!${caller.state}.mayLeave) ${leave}();
  ${enterCode(source, entering)}
  ${metered ? `${source.bind("meter", (link) => link.extra.meter)}.enter();` : ""}
  ${result === undefined ? "" : `let g0 = ${zero(result)};`}
  try {
    ${caller.refreshIfUsed()}
    ${callee.refreshIfUsed()}
    ${borrows.begin}
    ${passed.code}
    const coreResult = ${core}(${passed.flats.join(", ")});
    ${caller.refreshIfUsed()}
    ${callee.refreshIfUsed()}
    ${borrows.check}
    ${returned}
    ${borrows.end}
    ${lift.postReturn === undefined ? "" : postReturnCode(source, callee, type.result)}
    if (${callee.state}.trapped !== undefined) throw ${callee.state}.trapped;
  } catch (error) {
    throw ${failed}(error);
  }
  ${metered ? "meter.leave();" : ""}
  ${leaveCode(entering)}
  ${result === undefined ? "" : "return g0;"}
}`);
}

/** Statements that copy the parameters to the callee, and the core values to call it with. */
function passParams(
  type: FuncType,
  source: Source,
  caller: Side,
  callee: Side,
  flatTypes: readonly FlatType[] | undefined,
): { code: string; flats: readonly string[] } {
  const types = type.params.map((param) => param.type);
  const metered = types.some(isAmplifying);
  const code = new FuseCode(source, caller, callee, metered);
  const budget = metered ? `${caller.views}.budget = ${MAX_COPIED_BYTES};\n` : "";
  if (flatTypes === undefined) {
    const { size, align } = tupleLayout(types);
    const range = caller.checkRange("argsAt", String(size), align, "parameter pointer");
    const target = `const targetAt = ${callee.allocate}(0, 0, ${align}, ${size});`;
    const copies = code.copyAll(types, "argsAt", "targetAt");
    return { code: `${budget}const argsAt = f0 >>> 0;\n${range}\n${target}\n${copies}`, flats: ["targetAt"] };
  }
  const flats = flatTypes.map((_, index) => `f${index}`);
  const targets = flatTypes.map((_, index) => `t${index}`);
  const zeros = flatTypes.map((flat, index) => `let t${index} = ${zero(flat)};`).join(" ");
  return { code: `${budget}${zeros}\n${code.flatAll(types, flats, targets)}`, flats: targets };
}

/** Statements that copy the result to the caller. */
function passResult(
  type: FuncType,
  source: Source,
  caller: Side,
  callee: Side,
  results: readonly FlatType[] | undefined,
): string {
  if (type.result === undefined) return "";
  const metered = isAmplifying(type.result);
  const code = new FuseCode(source, callee, caller, metered);
  const budget = metered ? `${callee.views}.budget = ${MAX_COPIED_BYTES};\n` : "";
  if (results !== undefined) return `${budget}${code.flat(type.result, ["coreResult"], ["g0"])}`;
  const from = addressCode(callee, "resultAt", "coreResult", type.result, "result pointer");
  const to = addressCode(caller, "returnAt", "resultPointer", type.result, "result pointer");
  return `${budget}${from}\n${to}\n${code.copy(type.result, "resultAt", "returnAt", 0)}`;
}
