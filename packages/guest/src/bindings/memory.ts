/** Expressions and statements that read and write values where the canonical ABI puts them in memory. */

import type { ValueType } from "@playhead/component-model";
import { discriminantSize, flagsSize, payloadOffset, sizeOf } from "./layout.ts";
import type { ModuleWriter } from "./module-writer.ts";
import { lookOf, scalarName } from "./type-names.ts";

/** The address `base + offset`; `base` is an expression of type usize. */
export function address(base: string, offset: number): string {
  return offset === 0 ? base : `${base} + ${offset}`;
}

/** The unsigned type that holds an enum or flags in memory. */
export function storageOf(type: ValueType): string {
  if (type.kind === "enum") return `u${8 * discriminantSize(type.labels.length)}`;
  if (type.kind === "flags") return `u${8 * flagsSize(type.labels.length)}`;
  return scalarName(type);
}

function place(base: string, offset: number): string {
  return offset === 0 ? base : `${base}, ${offset}`;
}

function placeOfValue(base: string, value: string, offset: number): string {
  return offset === 0 ? `${base}, ${value}` : `${base}, ${value}, ${offset}`;
}

/** Reads the value at `base + offset`. Objects are views of that place. */
export function loadValue(writer: ModuleWriter, type: ValueType, base: string, offset: number): string {
  switch (lookOf(type)) {
    case "scalar":
      return `load<${scalarName(type)}>(${place(base, offset)})`;
    case "enum":
      return `<${writer.value(type)}>load<${storageOf(type)}>(${place(base, offset)})`;
    case "string":
      return `${writer.runtime}.loadString(${address(base, offset)})`;
    case "handle":
      return `changetype<${writer.value(type)}>(load<usize>(${place(base, offset)}))`;
    case "view":
      return `changetype<${writer.element(type)}>(${address(base, offset)})`;
    case "nullable": {
      const inner = loadValue(writer, innerOf(type), base, offset + somePlace(type));
      return `load<u8>(${place(base, offset)}) ? ${inner} : null`;
    }
  }
}

/** Writes the value of the expression `value`, which has the type's AssemblyScript type, to `base + offset`. */
export function storeValue(
  writer: ModuleWriter,
  type: ValueType,
  base: string,
  offset: number,
  value: string,
): string {
  switch (lookOf(type)) {
    case "scalar":
      return `store<${scalarName(type)}>(${placeOfValue(base, value, offset)});`;
    case "enum":
      return `store<${storageOf(type)}>(${placeOfValue(base, `<${storageOf(type)}>${value}`, offset)});`;
    case "string":
      return `${writer.runtime}.storeString(${address(base, offset)}, ${value});`;
    case "handle":
      return `store<usize>(${placeOfValue(base, `changetype<usize>(${value})`, offset)});`;
    case "view":
      return `memory.copy(${address(base, offset)}, changetype<usize>(${value}), ${sizeOf(type)});`;
    case "nullable": {
      const inner = storeValue(writer, innerOf(type), base, offset + somePlace(type), value);
      return `store<u8>(${placeOfValue(base, `<u8>(${value} != null)`, offset)}); if (${value} != null) { ${inner} }`;
    }
  }
}

function innerOf(type: ValueType): ValueType {
  return type.kind === "option" ? type.type : type;
}

function somePlace(type: ValueType): number {
  return payloadOffset([
    { name: "none", type: undefined },
    { name: "some", type: innerOf(type) },
  ]);
}
