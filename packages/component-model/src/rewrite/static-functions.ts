import type { CoreBinary } from "./core-binary.ts";
import type { FunctionSurvey, Survey } from "./survey.ts";

/**
 * Functions that are short whatever happens (no loops, no recursion, nothing called that is not short as well) are left as they
 * are: whoever calls one pays for it.
 */
const MAX_STATIC_COST = 128;
const MAX_STATIC_FRAMES_BYTES = 2048;

/** What a frame takes of the engine's stack, by an upper bound: the baseline compiler keeps locals and operands there. */
export function frameBytes({ locals, height, usesVectors }: FunctionSurvey): number {
  return 96 + (usesVectors ? 16 : 8) * (locals + height);
}

interface Static {
  readonly cost: number;
  readonly bytes: number;
}

/** The fuel of each function that is left as it is, by its index. */
export function staticCosts(binary: CoreBinary, { functions }: Survey): ReadonlyMap<number, number> {
  const first = binary.importedFunctions;
  const found = new Map<number, Static>();
  const waiting = new Int32Array(functions.length);
  const callers = new Map<number, number[]>();
  const ready: number[] = [];
  for (const [index, survey] of functions.entries()) {
    if (survey.open || survey.cost > MAX_STATIC_COST || survey.calls.some((callee) => callee < first)) {
      waiting[index] = -1;
      continue;
    }
    const callees = new Set(survey.calls);
    waiting[index] = callees.size;
    for (const callee of callees) {
      const list = callers.get(callee) ?? [];
      callers.set(callee, list);
      list.push(index);
    }
    if (callees.size === 0) ready.push(index);
  }
  for (let index = ready.pop(); index !== undefined; index = ready.pop()) {
    const total = sum(functions[index] as FunctionSurvey, found);
    if (total.cost > MAX_STATIC_COST || total.bytes > MAX_STATIC_FRAMES_BYTES) continue;
    found.set(first + index, total);
    for (const caller of callers.get(first + index) ?? []) {
      const left = (waiting[caller] ?? 0) - 1;
      waiting[caller] = left;
      if (left === 0) ready.push(caller);
    }
  }
  return new Map([...found].map(([index, { cost }]) => [index, cost]));
}

function sum(survey: FunctionSurvey, found: ReadonlyMap<number, Static>): Static {
  let cost = survey.cost;
  let bytes = 0;
  for (const callee of survey.calls) {
    const called = found.get(callee);
    cost += called?.cost ?? 0;
    bytes = Math.max(bytes, called?.bytes ?? 0);
  }
  return { cost, bytes: bytes + frameBytes(survey) };
}
