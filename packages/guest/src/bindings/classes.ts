/** The classes and enums that stand for compound types. */

import type { ValueType } from "@playhead/component-model";
import {
  alignOf,
  type Case,
  casesOf,
  discriminantSize,
  offsetsOf,
  partsOf,
  payloadOffset,
  sizeOf,
} from "./layout.ts";
import { address, loadValue, storeValue } from "./memory.ts";
import type { ModuleWriter } from "./module-writer.ts";
import { camelCase, pascalCase } from "./names.ts";
import { lookOf } from "./type-names.ts";

const SELF = "changetype<usize>(this)";

/** Declares the class or enum `name` for a record, tuple, variant, enum, flags, option or result. */
export function writeType(writer: ModuleWriter, name: string, type: ValueType): void {
  switch (type.kind) {
    case "enum":
      writeEnum(writer, name, type.labels);
      break;
    case "flags":
      writeFlags(writer, name, type.labels);
      break;
    case "record":
      writeRecord(
        writer,
        name,
        type,
        type.fields.map((field) => camelCase(field.name)),
      );
      break;
    case "tuple":
      writeRecord(
        writer,
        name,
        type,
        type.types.map((_, i) => `f${i}`),
      );
      break;
    case "variant":
      writeVariant(writer, name, type, type.cases);
      break;
    case "option":
      writeMaybe(writer, name, type, type.type);
      break;
    case "result":
      writeResult(writer, name, type);
      break;
    default:
      writer.write(`export type ${name} = ${writer.value(type)};`, "");
  }
}

function writeEnum(writer: ModuleWriter, name: string, labels: readonly string[]): void {
  writer.write(`export enum ${name} {`, ...labels.map((label) => `  ${pascalCase(label)},`), "}", "");
}

function writeFlags(writer: ModuleWriter, name: string, labels: readonly string[]): void {
  const lines = labels.map((label, i) => `  ${pascalCase(label)} = 1 << ${i},`);
  writer.write(`export enum ${name} {`, ...lines, "}", "");
}

/** The frame of a class: its size in a list, and `create` where a zeroed value makes sense. */
function writeClass(writer: ModuleWriter, name: string, type: ValueType, members: readonly string[]): void {
  writer.write(
    "@unmanaged",
    `export class ${name} {`,
    "  private constructor() {}",
    "  /** Bytes from one element of a list to the next. */",
    `  @inline get _stride(): usize { return ${sizeOf(type)}; }`,
    ...members.map((line) => `  ${line}`),
    "}",
    "",
  );
}

/** An expression that makes a zeroed value in the arena. */
function allocation(writer: ModuleWriter, type: ValueType): string {
  return `${writer.runtime}.allocate(${sizeOf(type)}, ${alignOf(type)})`;
}

function writeRecord(writer: ModuleWriter, name: string, type: ValueType, names: readonly string[]): void {
  const parts = partsOf(type) ?? [];
  const offsets = offsetsOf(parts);
  writeClass(writer, name, type, [
    "/** A new one in the arena, all zeros. */",
    `static create(): ${name} { return changetype<${name}>(${allocation(writer, type)}); }`,
    ...parts.flatMap((part, i) => property(writer, names[i] ?? "", part, offsets[i] ?? 0)),
  ]);
}

function property(writer: ModuleWriter, name: string, type: ValueType, offset: number): string[] {
  const asType = writer.value(type);
  const lines = [
    `@inline get ${name}(): ${asType} { return ${loadValue(writer, type, SELF, offset)}; }`,
    `@inline set ${name}(value: ${asType}) { ${storeValue(writer, type, SELF, offset, "value")} }`,
  ];
  if (type.kind === "string") {
    const chars = `${writer.runtime}.Chars`;
    lines.push(
      `@inline get ${name}Chars(): ${chars} { return changetype<${chars}>(${address(SELF, offset)}); }`,
      `@inline set ${name}Chars(value: ${chars}) { memory.copy(${address(SELF, offset)}, changetype<usize>(value), 8); }`,
    );
  }
  if (type.kind === "option" && type.type.kind === "string") {
    const chars = `${writer.runtime}.Chars`;
    const view = `changetype<${chars}>(${address(SELF, offset + 4)})`;
    lines.push(
      `@inline get ${name}Chars(): ${chars} | null { return load<u8>(${SELF}, ${offset}) ? ${view} : null; }`,
    );
  }
  return lines;
}

/** A static function that makes the case with the given discriminant. */
function maker(
  writer: ModuleWriter,
  owner: { name: string; type: ValueType; cases: readonly Case[] },
  name: string,
  discriminant: number,
  chars = false,
): string {
  const payload = owner.cases[discriminant]?.type;
  const place = payloadOffset(owner.cases);
  const size = 8 * discriminantSize(owner.cases.length);
  const steps = [`const p = ${allocation(writer, owner.type)};`];
  if (discriminant !== 0) steps.push(`store<u${size}>(p, ${discriminant});`);
  if (chars) steps.push(`memory.copy(${address("p", place)}, changetype<usize>(value), 8);`);
  else if (payload !== undefined) steps.push(storeValue(writer, payload, "p", place, "value"));
  const valueType = chars
    ? `${writer.runtime}.Chars`
    : payload === undefined
      ? undefined
      : writer.value(payload);
  const parameter = valueType === undefined ? "" : `value: ${valueType}`;
  return `static ${name}(${parameter}): ${owner.name} { ${steps.join(" ")} return changetype<${owner.name}>(p); }`;
}

function writeVariant(writer: ModuleWriter, name: string, type: ValueType, cases: readonly Case[]): void {
  const owner = { name, type, cases };
  const tag = `u${8 * discriminantSize(cases.length)}`;
  writeEnum(
    writer,
    `${name}Tag`,
    cases.map((each) => each.name),
  );
  writeClass(writer, name, type, [
    "/** Which case it is. */",
    `@inline get tag(): ${name}Tag { return <${name}Tag>load<${tag}>(${SELF}); }`,
    ...cases.flatMap((each, i) => {
      const made = maker(writer, owner, camelCase(each.name), i);
      if (each.type === undefined) return [made];
      return [made, ...caseAccess(writer, owner, each.type, each.name, i)];
    }),
  ]);
}

/** How the payload of a variant's case is read (`asSvg`), and how a variant is made that case in place (`toSvg`). */
function caseAccess(
  writer: ModuleWriter,
  owner: { name: string; type: ValueType; cases: readonly Case[] },
  payload: ValueType,
  caseName: string,
  discriminant: number,
): string[] {
  const pascal = pascalCase(caseName);
  const place = payloadOffset(owner.cases);
  const tag = `u${8 * discriminantSize(owner.cases.length)}`;
  const check = `assert(load<${tag}>(${SELF}) == ${discriminant}, "not the case ${caseName}");`;
  const mark = `store<${tag}>(${SELF}, ${discriminant});`;
  const asType = writer.value(payload);
  const lines = [
    `get as${pascal}(): ${asType} { ${check} return ${loadValue(writer, payload, SELF, place)}; }`,
  ];
  if (lookOf(payload) === "view") {
    const clear = `memory.fill(${address(SELF, place)}, 0, ${sizeOf(payload)});`;
    lines.push(
      `/** Makes it this case, all zeros, to be filled through the answer. */`,
      `to${pascal}(): ${asType} { ${mark} ${clear} return ${loadValue(writer, payload, SELF, place)}; }`,
    );
  }
  if (payload.kind === "string") {
    const chars = `${writer.runtime}.Chars`;
    lines.push(
      maker(writer, owner, `${camelCase(caseName).replace(/_$/, "")}Chars`, discriminant, true),
      `get as${pascal}Chars(): ${chars} { ${check} return changetype<${chars}>(${address(SELF, place)}); }`,
    );
  }
  return lines;
}

function writeMaybe(writer: ModuleWriter, name: string, type: ValueType, inner: ValueType): void {
  const owner = { name, type, cases: casesOf(type) ?? [] };
  const place = payloadOffset(owner.cases);
  const check = `assert(load<u8>(${SELF}), "there is no value");`;
  writeClass(writer, name, type, [
    maker(writer, owner, "none", 0),
    maker(writer, owner, "some", 1),
    `@inline get isSome(): bool { return load<u8>(${SELF}) != 0; }`,
    `get value(): ${writer.value(inner)} { ${check} return ${loadValue(writer, inner, SELF, place)}; }`,
    `set value(value: ${writer.value(inner)}) { store<u8>(${SELF}, 1); ${storeValue(writer, inner, SELF, place, "value")} }`,
    `clear(): void { store<u8>(${SELF}, 0); }`,
  ]);
}

function writeResult(writer: ModuleWriter, name: string, type: ValueType & { kind: "result" }): void {
  const owner = { name, type, cases: casesOf(type) ?? [] };
  const place = payloadOffset(owner.cases);
  const read = (property: string, payload: ValueType | undefined, discriminant: number, message: string) =>
    payload === undefined
      ? []
      : [
          `get ${property}(): ${writer.value(payload)} { assert(load<u8>(${SELF}) == ${discriminant}, "${message}"); ` +
            `return ${loadValue(writer, payload, SELF, place)}; }`,
        ];
  writeClass(writer, name, type, [
    maker(writer, owner, "ok", 0),
    maker(writer, owner, "err", 1),
    `@inline get isOk(): bool { return load<u8>(${SELF}) == 0; }`,
    ...read("value", type.ok, 0, "the result is an error"),
    ...read("error", type.err, 1, "the result is not an error"),
  ]);
}
