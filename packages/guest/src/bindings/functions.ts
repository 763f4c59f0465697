/** The two ways in which a function crosses the boundary: as an import that is wrapped, or as an export that is glued. */

import type { FuncType, NamedType, ValueType } from "@playhead/component-model";
import { Body, flattenValue, liftValue } from "./flat.ts";
import {
  alignOf,
  type FlatType,
  flatten,
  MAX_FLAT_PARAMS,
  MAX_FLAT_RESULTS,
  offsetsOf,
  sizeOf,
} from "./layout.ts";
import { loadValue, storeValue } from "./memory.ts";
import type { ModuleWriter } from "./module-writer.ts";
import { camelCase } from "./names.ts";
import { lookOf } from "./type-names.ts";

/** `name: type` for each parameter, as AssemblyScript writes them. */
export function parameterList(writer: ModuleWriter, params: readonly NamedType[]): string {
  return params.map((param) => `${camelCase(param.name)}: ${writer.value(param.type)}`).join(", ");
}

export function resultType(writer: ModuleWriter, result: ValueType | undefined): string {
  return result === undefined ? "void" : writer.value(result);
}

/** A function's core signature and where its parameters and result go. */
interface CoreSignature {
  readonly params: readonly FlatType[];
  readonly result: FlatType | undefined;
  /** The parameters are too many: they are passed as a record in memory. */
  readonly paramsInMemory: boolean;
  /** The result is too wide: it is returned in memory. */
  readonly resultInMemory: boolean;
}

function coreSignature(type: FuncType): CoreSignature {
  const params = type.params.flatMap((param) => flatten(param.type));
  const results = type.result === undefined ? [] : flatten(type.result);
  const paramsInMemory = params.length > MAX_FLAT_PARAMS;
  const resultInMemory = results.length > MAX_FLAT_RESULTS;
  return {
    params: paramsInMemory ? ["i32"] : params,
    result: resultInMemory ? "i32" : results[0],
    paramsInMemory,
    resultInMemory,
  };
}

/**
 * The body of a function that calls an import. `raw` is declared with the import's core signature; `params` are
 * available under their camelCase names, unless `self` names one that is called `this` here.
 */
export function writeImport(
  writer: ModuleWriter,
  place: { module: string; name: string; raw: string },
  type: FuncType,
  self: string | undefined,
): string[] {
  const signature = coreSignature(type);
  const body = new Body(writer);
  const flat = signature.paramsInMemory
    ? [`<i32>${storeParams(body, type.params, self)}`]
    : type.params.flatMap((param) => flattenValue(body, param.type, argument(param, self)));
  const returnArea =
    signature.resultInMemory && type.result !== undefined
      ? body.allocate(sizeOf(type.result), alignOf(type.result))
      : undefined;
  const call = `${place.raw}(${[...flat, ...(returnArea === undefined ? [] : [`<i32>${returnArea}`])].join(", ")})`;
  if (type.result === undefined) body.lines.push(`${call};`);
  else if (returnArea !== undefined) {
    body.lines.push(`${call};`, `return ${loadValue(writer, type.result, returnArea, 0)};`);
  } else {
    const answer = body.temporary();
    body.lines.push(`const ${answer} = ${call};`);
    const value = liftValue(body, type.result, [answer]);
    body.lines.push(`return ${value};`);
  }
  const rawParams = [...signature.params, ...(returnArea === undefined ? [] : ["i32"])];
  const rawList = rawParams.map((core, i) => `p${i}: ${core}`).join(", ");
  const rawResult = signature.resultInMemory ? "void" : (signature.result ?? "void");
  writer.write(
    `@external("${place.module}", "${place.name}")`,
    `declare function ${place.raw}(${rawList}): ${rawResult};`,
  );
  return body.lines;
}

function argument(param: NamedType, self: string | undefined): string {
  return param.name === self ? "this" : camelCase(param.name);
}

function storeParams(body: Body, params: readonly NamedType[], self: string | undefined): string {
  const tuple = { kind: "tuple", types: params.map((param) => param.type) } as const;
  const offsets = offsetsOf(tuple.types);
  const slot = body.allocate(sizeOf(tuple), alignOf(tuple));
  params.forEach((param, i) => {
    body.lines.push(storeValue(body.writer, param.type, slot, offsets[i] ?? 0, argument(param, self)));
  });
  return slot;
}

/** The function that the component exports as `name`: it lifts the parameters, calls `target` and lowers its result. */
export function writeExport(
  writer: ModuleWriter,
  glueName: string,
  target: { call: string; hint: string },
  type: FuncType,
): FlatType | undefined {
  const signature = coreSignature(type);
  const body = new Body(writer);
  const core = signature.params.map((_, i) => `p${i}`);
  const call = `${target.call}(${liftParams(body, type, core, signature.paramsInMemory).join(", ")})`;
  if (type.result === undefined) body.lines.push(`${call}; ${target.hint}`);
  else {
    body.lines.push(`const result: ${writer.value(type.result)} = ${call}; ${target.hint}`);
    body.lines.push(`return ${lowerResult(body, type.result, signature.resultInMemory)};`);
  }
  const parameters = signature.params.map((each, i) => `p${i}: ${each}`).join(", ");
  writer.write(
    `export function ${glueName}(${parameters}): ${signature.result ?? "void"} {`,
    ...body.lines.map((line) => `  ${line}`),
    "}",
    "",
  );
  return signature.result;
}

function liftParams(body: Body, type: FuncType, core: readonly string[], inMemory: boolean): string[] {
  if (inMemory) {
    const offsets = offsetsOf(type.params.map((param) => param.type));
    return type.params.map((param, i) =>
      loadValue(body.writer, param.type, `<usize>${core[0]}`, offsets[i] ?? 0),
    );
  }
  let taken = 0;
  return type.params.map((param) => {
    const count = flatten(param.type).length;
    taken += count;
    return liftValue(body, param.type, core.slice(taken - count, taken));
  });
}

function lowerResult(body: Body, type: ValueType, inMemory: boolean): string {
  const look = lookOf(type);
  if (!inMemory) return flattenValue(body, type, "result")[0] ?? "0";
  // A view lies in memory as the caller wants to read it.
  if (look === "view") return "<i32>changetype<usize>(result)";
  const slot = body.allocate(sizeOf(type), alignOf(type));
  body.lines.push(storeValue(body.writer, type, slot, 0, "result"));
  return `<i32>${slot}`;
}
