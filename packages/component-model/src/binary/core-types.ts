import { ComponentModelError } from "../errors.ts";
import type { CoreExternType, CoreFuncType, CoreValueType } from "../types.ts";
import { hex, type Reader } from "./reader.ts";

/** The types of core WebAssembly as they occur in modules and in module types. */

const valueTypes = new Map<number, CoreValueType>([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  [0x7b, "v128"],
  [0x70, "funcref"],
  [0x6f, "externref"],
]);

const refusedValueTypes = new Map<number, string>([
  [0x63, "typed function references"],
  [0x64, "typed function references"],
  [0x69, "exception references"],
  [0x74, "exception references"],
]);

export function unsupported(feature: string, offset: number): ComponentModelError {
  return new ComponentModelError(
    "unsupported",
    `${feature} at byte ${offset}: this host does not support it`,
    { offset },
  );
}

export function readCoreValueType(reader: Reader): CoreValueType {
  const offset = reader.offset;
  const code = reader.u8();
  const type = valueTypes.get(code);
  if (type !== undefined) return type;
  if ((code === 0x63 || code === 0x64) && !reader.done && reader.peek() === 0x70 && code === 0x63) {
    reader.u8();
    return "funcref";
  }
  const refused = refusedValueTypes.get(code) ?? (code >= 0x65 && code <= 0x73 ? "GC types" : undefined);
  if (refused !== undefined) throw unsupported(refused, offset);
  throw reader.malformed(`invalid core value type ${hex(code)}`, offset);
}

/** A function type after its 0x60. */
function readCoreFuncType(reader: Reader): CoreFuncType {
  const params = reader.vector("parameters", () => readCoreValueType(reader));
  const results = reader.vector("results", () => readCoreValueType(reader));
  return { params, results };
}

/** One entry of a type section: only function types are in scope. */
export function readCoreRecType(reader: Reader): CoreFuncType {
  const offset = reader.offset;
  const code = reader.u8();
  if (code === 0x60) return readCoreFuncType(reader);
  if ([0x4e, 0x4f, 0x50, 0x5e, 0x5f].includes(code)) throw unsupported("GC types", offset);
  throw reader.malformed(`invalid form of a core type ${hex(code)}`, offset);
}

interface Limits {
  readonly min: number;
  readonly max: number | undefined;
  readonly shared: boolean;
}

function readLimits(reader: Reader): Limits {
  const offset = reader.offset;
  const flags = reader.u8();
  if (flags > 0x0f) throw reader.malformed(`invalid flags of limits ${hex(flags)}`, offset);
  if (flags & 0x08) throw unsupported("custom page sizes", offset);
  if (flags & 0x04) throw unsupported("memory64", offset);
  if (flags & 0x02) throw unsupported("shared memories (threads)", offset);
  const min = reader.u32();
  const max = flags & 0x01 ? reader.u32() : undefined;
  if (max !== undefined && max < min) {
    throw new ComponentModelError(
      "invalid",
      `limits at byte ${offset}: minimum ${min} is above maximum ${max}`,
      {
        offset,
      },
    );
  }
  return { min, max, shared: false };
}

export function readTableType(reader: Reader): CoreExternType {
  const element = readCoreValueType(reader);
  const { min, max } = readLimits(reader);
  return { kind: "table", element, min, max };
}

const maxPages = 65536;

export function readMemoryType(reader: Reader): CoreExternType {
  const offset = reader.offset;
  const limits = readLimits(reader);
  if (Math.max(limits.min, limits.max ?? 0) > maxPages) {
    throw new ComponentModelError("invalid", `memory at byte ${offset} of more than ${maxPages} pages`, {
      offset,
    });
  }
  return { kind: "memory", ...limits };
}

export function readGlobalType(reader: Reader): CoreExternType {
  const type = readCoreValueType(reader);
  const offset = reader.offset;
  const mutability = reader.u8();
  if (mutability & 0x02) throw unsupported("shared globals (threads)", offset);
  if (mutability > 1) throw reader.malformed(`invalid mutability ${hex(mutability)}`, offset);
  return { kind: "global", type, mutable: mutability === 1 };
}

/** The type of an import of a module, or of an export in a module type. `funcType` looks up a type index. */
export function readCoreExternType(
  reader: Reader,
  funcType: (index: number, offset: number) => CoreFuncType,
): CoreExternType {
  const offset = reader.offset;
  const kind = reader.u8();
  switch (kind) {
    case 0x00:
      return { kind: "func", type: funcType(reader.u32(), offset) };
    case 0x01:
      return readTableType(reader);
    case 0x02:
      return readMemoryType(reader);
    case 0x03:
      return readGlobalType(reader);
    case 0x04:
      reader.expect(0x00, "attribute of a tag");
      return { kind: "tag", type: funcType(reader.u32(), offset) };
    default:
      throw reader.malformed(`invalid kind of a core import or export ${hex(kind)}`, offset);
  }
}
