import type { CoreExternType, CoreFuncType, CoreModuleType } from "../types.ts";
import { printCoreExtern } from "./print-type.ts";
import type { Mismatch } from "./subtype.ts";

/** Whether a core item can be given to an import of type `expected` (core WebAssembly, "Import Matching"). */
export function coreExternFits(actual: CoreExternType, expected: CoreExternType): boolean {
  if (
    (actual.kind === "func" && expected.kind === "func") ||
    (actual.kind === "tag" && expected.kind === "tag")
  ) {
    return sameCoreFunc(actual.type, expected.type);
  }
  if (actual.kind === "memory" && expected.kind === "memory") {
    return actual.shared === expected.shared && limitsFit(actual, expected);
  }
  if (actual.kind === "table" && expected.kind === "table") {
    return actual.element === expected.element && limitsFit(actual, expected);
  }
  if (actual.kind === "global" && expected.kind === "global") {
    return actual.type === expected.type && actual.mutable === expected.mutable;
  }
  return false;
}

/** A module fits where another is expected when it imports no more and exports no less. */
export function checkModuleSubtype(actual: CoreModuleType, expected: CoreModuleType): Mismatch | undefined {
  for (const { module, name, type } of actual.imports) {
    const given = expected.imports.find((item) => item.module === module && item.name === name);
    if (given === undefined || !coreExternFits(given.type, type)) {
      return {
        path: [`import ${module} ${name}`],
        expected: given === undefined ? "no such import" : printCoreExtern(given.type),
        found: printCoreExtern(type),
      };
    }
  }
  for (const [name, type] of expected.exports) {
    const found = actual.exports.get(name);
    if (found === undefined || !coreExternFits(found, type)) {
      return {
        path: [`export ${name}`],
        expected: printCoreExtern(type),
        found: found === undefined ? "nothing" : printCoreExtern(found),
      };
    }
  }
  return undefined;
}

function sameCoreFunc(a: CoreFuncType, b: CoreFuncType): boolean {
  return sameList(a.params, b.params) && sameList(a.results, b.results);
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

interface Limits {
  readonly min: number;
  readonly max: number | undefined;
}

function limitsFit(actual: Limits, expected: Limits): boolean {
  if (actual.min < expected.min) return false;
  return expected.max === undefined || (actual.max !== undefined && actual.max <= expected.max);
}
