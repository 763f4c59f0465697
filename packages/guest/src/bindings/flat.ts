/**
 * Statements that move values between memory and core parameters, as CanonicalABI.md's "Flattening" says. Compound
 * values are in memory already (the classes are views), so only their parts have to be loaded or stored.
 */

import type { ValueType } from "@playhead/component-model";
import {
  alignOf,
  type Case,
  casesOf,
  discriminantSize,
  type FlatType,
  flatten,
  joinPayloads,
  offsetsOf,
  partsOf,
  payloadOffset,
  sizeOf,
} from "./layout.ts";
import { loadValue, storageOf, storeValue } from "./memory.ts";
import type { ModuleWriter } from "./module-writer.ts";
import { lookOf, scalarName } from "./type-names.ts";

/** Statements of a function body under construction, with names for its temporaries. */
export class Body {
  readonly writer: ModuleWriter;
  readonly lines: string[] = [];
  #temporaries = 0;

  constructor(writer: ModuleWriter) {
    this.writer = writer;
  }

  temporary(): string {
    return `_${this.#temporaries++}`;
  }

  /** Zeroed memory for a value of the type; the answer is the name of its address. */
  allocate(size: number, align: number): string {
    const name = this.temporary();
    this.lines.push(`const ${name} = ${this.writer.runtime}.allocate(${size}, ${align});`);
    return name;
  }
}

/** The core values of `value`, an expression of the type's AssemblyScript type. */
export function flattenValue(body: Body, type: ValueType, value: string): string[] {
  const writer = body.writer;
  switch (lookOf(type)) {
    case "scalar":
      return [scalarToFlat(type, value)];
    case "enum":
      return [`<i32>${value}`];
    case "string":
      return [`<i32>changetype<usize>(${value})`, `${value}.length`];
    case "handle":
      return [`<i32>changetype<usize>(${value})`];
    case "view": {
      return flattenMemory(body, type, `changetype<usize>(${value})`, 0);
    }
    case "nullable": {
      const slot = body.allocate(sizeOf(type), alignOf(type));
      body.lines.push(storeValue(writer, type, slot, 0, value));
      return flattenMemory(body, type, slot, 0);
    }
  }
}

/** The core values of the value at `base + offset`. */
function flattenMemory(body: Body, type: ValueType, base: string, offset: number): string[] {
  const cases = casesOf(type);
  if (cases !== undefined && type.kind !== "enum") return flattenCases(body, cases, base, offset);
  const parts = partsOf(type);
  if (parts !== undefined) {
    const offsets = offsetsOf(parts);
    return parts.flatMap((part, i) => flattenMemory(body, part, base, offset + (offsets[i] ?? 0)));
  }
  if (type.kind === "string" || type.kind === "list") {
    return [`load<i32>(${base}, ${offset})`, `load<i32>(${base}, ${offset + 4})`];
  }
  if (lookOf(type) === "enum") return [`<i32>load<${storageOf(type)}>(${base}, ${offset})`];
  if (lookOf(type) === "handle") return [`load<i32>(${base}, ${offset})`];
  return [scalarToFlat(type, `load<${scalarName(type)}>(${base}, ${offset})`)];
}

function flattenCases(body: Body, cases: readonly Case[], base: string, offset: number): string[] {
  const joined = joinPayloads(cases);
  const discriminant = body.temporary();
  const slots = joined.map(() => body.temporary());
  body.lines.push(
    `const ${discriminant}: i32 = load<u${8 * discriminantSize(cases.length)}>(${base}, ${offset});`,
    ...slots.map((slot, i) => `let ${slot}: ${joined[i]} = 0;`),
  );
  cases.forEach((each, i) => {
    if (each.type === undefined) return;
    const flats = flatten(each.type);
    body.lines.push(`if (${discriminant} == ${i}) {`);
    const values = flattenMemory(body, each.type, base, offset + payloadOffset(cases));
    values.forEach((value, k) => {
      body.lines.push(`${slots[k]} = ${widen(value, flats[k] ?? "i32", joined[k] ?? "i32")};`);
    });
    body.lines.push("}");
  });
  return [discriminant, ...slots];
}

/** The value of the core values `flat`, as an expression of the type's AssemblyScript type. */
export function liftValue(body: Body, type: ValueType, flat: readonly string[]): string {
  const first = flat[0] ?? "0";
  switch (lookOf(type)) {
    case "scalar":
      return flatToScalar(type, first);
    case "enum":
      return `<${body.writer.value(type)}>${first}`;
    case "handle":
      return `changetype<${body.writer.value(type)}>(<usize>${first})`;
    default: {
      const slot = body.allocate(sizeOf(type), alignOf(type));
      storeFlat(body, type, slot, 0, flat);
      return loadValue(body.writer, type, slot, 0);
    }
  }
}

/** Stores core values as the value that they are, at `base + offset`. */
function storeFlat(body: Body, type: ValueType, base: string, offset: number, flat: readonly string[]): void {
  const cases = casesOf(type);
  if (cases !== undefined && type.kind !== "enum") {
    storeFlatCases(body, cases, base, offset, flat);
    return;
  }
  const parts = partsOf(type);
  if (parts !== undefined) {
    const offsets = offsetsOf(parts);
    let taken = 0;
    parts.forEach((part, i) => {
      const count = flatten(part).length;
      storeFlat(body, part, base, offset + (offsets[i] ?? 0), flat.slice(taken, taken + count));
      taken += count;
    });
    return;
  }
  if (type.kind === "string" || type.kind === "list") {
    body.lines.push(
      `store<i32>(${base}, ${flat[0]}, ${offset});`,
      `store<i32>(${base}, ${flat[1]}, ${offset + 4});`,
    );
    return;
  }
  const storage = lookOf(type) === "handle" ? "i32" : storageOf(type);
  const value = lookOf(type) === "scalar" ? flatToScalar(type, flat[0] ?? "0") : `<${storage}>${flat[0]}`;
  body.lines.push(`store<${storage}>(${base}, ${value}, ${offset});`);
}

function storeFlatCases(
  body: Body,
  cases: readonly Case[],
  base: string,
  offset: number,
  flat: readonly string[],
): void {
  const [discriminant, ...slots] = flat;
  const joined = joinPayloads(cases);
  const size = 8 * discriminantSize(cases.length);
  body.lines.push(`store<u${size}>(${base}, <u${size}>${discriminant}, ${offset});`);
  cases.forEach((each, i) => {
    if (each.type === undefined) return;
    const flats = flatten(each.type);
    const narrowed = flats.map((want, k) => narrow(slots[k] ?? "0", joined[k] ?? "i32", want));
    body.lines.push(`if (${discriminant} == ${i}) {`);
    storeFlat(body, each.type, base, offset + payloadOffset(cases), narrowed);
    body.lines.push("}");
  });
}

function scalarToFlat(type: ValueType, value: string): string {
  return flatten(type)[0] === "i32" ? `<i32>${value}` : value;
}

function flatToScalar(type: ValueType, value: string): string {
  if (type.kind === "bool") return `(${value} != 0)`;
  return `<${scalarName(type)}>${value}`;
}

/** A core value where the joined payload of a variant has another core type. */
function widen(value: string, have: FlatType, want: FlatType): string {
  if (have === want) return value;
  const bits =
    have === "f32" ? `reinterpret<u32>(${value})` : have === "f64" ? `reinterpret<u64>(${value})` : value;
  return want === "i64" ? (have === "f64" ? `<i64>${bits}` : `<i64><u32>${bits}`) : `<i32>${bits}`;
}

function narrow(value: string, have: FlatType, want: FlatType): string {
  if (have === want) return value;
  if (want === "f32") return `reinterpret<f32>(<i32>${value})`;
  if (want === "f64") return `reinterpret<f64>(${value})`;
  return `<i32>${value}`;
}
