import { coreFuncType, flatSignature } from "../abi/flatten.ts";
import { unsupported } from "../binary/core-types.ts";
import { hex, type Reader } from "../binary/reader.ts";
import type { CoreFuncType, FuncType, ResourceType } from "../types.ts";
import { coreExternFits } from "../typing/core-subtype.ts";
import { measure } from "../typing/measure.ts";
import { printCoreFunc } from "../typing/print-type.ts";
import { invalid, withArticle } from "./invalid.ts";
import type { Scope } from "./scope.ts";
import type { CanonicalOptions, StringEncoding } from "./steps.ts";
import { readResourceIndex } from "./value-types.ts";

const i32ToNothing = { params: ["i32"], results: [] } as const;
const reallocType = { params: ["i32", "i32", "i32", "i32"], results: ["i32"] } as const;
const i32ToI32 = { params: ["i32"], results: ["i32"] } as const;

/** One entry of a canon section. */
export function readCanon(reader: Reader, scope: Scope): void {
  const offset = reader.offset;
  const code = reader.u8();
  switch (code) {
    case 0x00:
      readLift(reader, scope);
      break;
    case 0x01:
      readLower(reader, scope);
      break;
    case 0x02: {
      const resource = readResourceIndex(reader, scope);
      requireDefined(scope, resource, "resource.new", offset);
      scope.coreFuncs.push(i32ToI32);
      scope.steps.push({ op: "resource-new", resource });
      break;
    }
    case 0x03: {
      const resource = readResourceIndex(reader, scope);
      scope.coreFuncs.push(i32ToNothing);
      scope.steps.push({ op: "resource-drop", resource });
      break;
    }
    case 0x04: {
      const resource = readResourceIndex(reader, scope);
      requireDefined(scope, resource, "resource.rep", offset);
      scope.coreFuncs.push(i32ToI32);
      scope.steps.push({ op: "resource-rep", resource });
      break;
    }
    default:
      throw refusedBuiltin(code, reader, offset);
  }
}

function requireDefined(scope: Scope, resource: ResourceType, what: string, offset: number): void {
  if (!scope.definedResources.has(resource)) {
    throw invalid(`${what} of resource ${resource.name}, which this component does not define`, offset);
  }
}

/** Ranges of opcodes (inclusive) whose features this host leaves out. */
const refusedBuiltins: readonly [from: number, to: number, feature: string][] = [
  [0x05, 0x06, "async (task.cancel, subtask.cancel)"],
  [0x09, 0x09, "async (task.return)"],
  [0x0a, 0x0b, "async (context.get, context.set)"],
  [0x0c, 0x0c, "async (thread.yield)"],
  [0x0d, 0x0d, "async (subtask.drop)"],
  [0x0e, 0x14, "streams (stream built-ins)"],
  [0x15, 0x1b, "futures (future built-ins)"],
  [0x1c, 0x1e, "error-context"],
  [0x1f, 0x23, "async (waitable sets)"],
  [0x24, 0x25, "async (backpressure)"],
  [0x26, 0x2d, "threads (thread built-ins)"],
  [0x40, 0x42, "threads (thread built-ins)"],
];

function refusedBuiltin(code: number, reader: Reader, offset: number): Error {
  const refused = refusedBuiltins.find(([from, to]) => code >= from && code <= to);
  if (refused !== undefined) return unsupported(refused[2], offset);
  return reader.malformed(`invalid canonical function ${hex(code)}`, offset);
}

function readLift(reader: Reader, scope: Scope): void {
  const offset = reader.offset;
  reader.expect(0x00, "sort of a lifted function");
  const func = reader.u32();
  const found = scope.coreFuncs.get(func, offset);
  const options = readOptions(reader, scope);
  const at = reader.offset;
  const index = reader.u32();
  const defined = scope.types.get(index, at);
  if (defined.kind !== "func")
    throw invalid(`type ${index} is ${withArticle(defined.kind)} type, expected a func type`, at);
  const { type } = defined;
  const expected = coreFuncType(type, "lift");
  requireCoreType(found, expected, "canon lift", offset);
  if (options.postReturn !== undefined) {
    const postReturn = scope.coreFuncs.get(options.postReturn, offset);
    requireCoreType(postReturn, { params: expected.results, results: [] }, "post-return", offset);
  }
  requireOptions(type, options, "lift", offset);
  scope.funcs.push(type);
  scope.steps.push({ op: "lift", func, options, type });
}

function readLower(reader: Reader, scope: Scope): void {
  const offset = reader.offset;
  reader.expect(0x00, "sort of a lowered function");
  const func = reader.u32();
  const type = scope.funcs.get(func, offset);
  const options = readOptions(reader, scope);
  if (options.postReturn !== undefined) throw invalid("post-return given to canon lower", offset);
  requireOptions(type, options, "lower", offset);
  scope.coreFuncs.push(coreFuncType(type, "lower"));
  scope.steps.push({ op: "lower", func, options, type });
}

function requireCoreType(found: CoreFuncType, expected: CoreFuncType, what: string, offset: number): void {
  if (coreExternFits({ kind: "func", type: found }, { kind: "func", type: expected })) return;
  throw invalid(
    `${what}: expected the core type ${printCoreFunc(expected)}, found ${printCoreFunc(found)}`,
    offset,
  );
}

/** Values that travel through memory need `memory`, those that are put into the guest's memory `realloc` as well. */
function requireOptions(
  type: FuncType,
  options: CanonicalOptions,
  direction: "lift" | "lower",
  offset: number,
): void {
  const { params, results } = flatSignature(type);
  const paramsInMemory = params === undefined || type.params.some((param) => measure(param.type).pointers);
  const resultPointers = type.result !== undefined && measure(type.result).pointers;
  const resultInMemory = results === undefined || resultPointers;
  if ((paramsInMemory || resultInMemory) && options.memory === undefined) {
    throw invalid(`canon ${direction} without the option memory, which its type needs`, offset);
  }
  if ((direction === "lift" ? paramsInMemory : resultPointers) && options.realloc === undefined) {
    throw invalid(`canon ${direction} without the option realloc, which its type needs`, offset);
  }
}

const encodings: readonly StringEncoding[] = ["utf8", "utf16", "latin1+utf16"];

function readOptions(reader: Reader, scope: Scope): CanonicalOptions {
  const options: { -readonly [K in keyof CanonicalOptions]: CanonicalOptions[K] | undefined } = {
    encoding: undefined,
    memory: undefined,
    realloc: undefined,
    postReturn: undefined,
  };
  const once = <K extends keyof typeof options>(key: K, value: (typeof options)[K], offset: number): void => {
    if (options[key] !== undefined)
      throw invalid(`canonical option ${key === "postReturn" ? "post-return" : key} given twice`, offset);
    options[key] = value;
  };
  reader.vector("canonical options", () => {
    const offset = reader.offset;
    const code = reader.u8();
    switch (code) {
      case 0x00:
      case 0x01:
      case 0x02:
        once("encoding", encodings[code], offset);
        break;
      case 0x03: {
        const memory = reader.u32();
        scope.memories.get(memory, offset);
        once("memory", memory, offset);
        break;
      }
      case 0x04: {
        const realloc = readCoreFuncIndex(reader, scope);
        requireCoreType(scope.coreFuncs.get(realloc, offset), reallocType, "realloc", offset);
        once("realloc", realloc, offset);
        break;
      }
      case 0x05:
        once("postReturn", readCoreFuncIndex(reader, scope), offset);
        break;
      case 0x06:
      case 0x07:
        throw unsupported("async (canonical option)", offset);
      case 0x08:
      case 0x09:
        throw unsupported("GC types (canonical option)", offset);
      default:
        throw reader.malformed(`invalid canonical option ${hex(code)}`, offset);
    }
  });
  if (options.realloc !== undefined && options.memory === undefined) {
    throw invalid("canonical option realloc without memory", reader.offset);
  }
  return { ...options, encoding: options.encoding ?? "utf8" };
}

function readCoreFuncIndex(reader: Reader, scope: Scope): number {
  const offset = reader.offset;
  const index = reader.u32();
  scope.coreFuncs.get(index, offset);
  return index;
}
