import type { CoreExternType, CoreFuncType, CoreModuleType, CoreValueType } from "../types.ts";
import type { ByteWriter } from "./byte-writer.ts";

const valueBytes: Readonly<Record<CoreValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  funcref: 0x70,
  externref: 0x6f,
};

/** The type of a core module, as an entry of a core type section. Each function type stands before what has it. */
export function writeModuleType(out: ByteWriter, { imports, exports }: CoreModuleType): void {
  const all: readonly CoreExternType[] = [...imports.map(({ type }) => type), ...exports.values()];
  out.u8(0x50);
  out.u32(all.length + all.filter(hasFuncType).length);
  let types = 0;
  const declare = (code: number, names: readonly string[], type: CoreExternType): void => {
    if (hasFuncType(type)) writeFuncType(out, type.type);
    out.u8(code);
    for (const name of names) out.name(name);
    writeExtern(out, type, types);
    if (hasFuncType(type)) types++;
  };
  for (const { module, name, type } of imports) declare(0x00, [module, name], type);
  for (const [name, type] of exports) declare(0x03, [name], type);
}

function hasFuncType(type: CoreExternType): type is CoreExternType & { readonly type: CoreFuncType } {
  return type.kind === "func" || type.kind === "tag";
}

function writeFuncType(out: ByteWriter, { params, results }: CoreFuncType): void {
  out.u8(0x01);
  out.u8(0x60);
  out.vector(params, (type) => out.u8(valueBytes[type]));
  out.vector(results, (type) => out.u8(valueBytes[type]));
}

/** `funcType` is the index of its function type, where it has one. */
function writeExtern(out: ByteWriter, type: CoreExternType, funcType: number): void {
  switch (type.kind) {
    case "func":
      out.u8(0x00);
      out.u32(funcType);
      break;
    case "table":
      out.u8(0x01);
      out.u8(valueBytes[type.element]);
      writeLimits(out, type);
      break;
    case "memory":
      out.u8(0x02);
      writeLimits(out, type);
      break;
    case "global":
      out.u8(0x03);
      out.u8(valueBytes[type.type]);
      out.u8(type.mutable ? 0x01 : 0x00);
      break;
    case "tag":
      out.u8(0x04);
      out.u8(0x00);
      out.u32(funcType);
      break;
  }
}

function writeLimits(
  out: ByteWriter,
  { min, max }: { readonly min: number; readonly max: number | undefined },
): void {
  out.u8(max === undefined ? 0x00 : 0x01);
  out.u32(min);
  if (max !== undefined) out.u32(max);
}
