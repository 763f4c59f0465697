/**
 * For tests: loading and storing by the letter of CanonicalABI.md, a byte at a time, with nothing shared with the code under test.
 * Values are in jco's mapping.
 */
import type { ValueType } from "../types.ts";
import type { Guest } from "./guest.case.ts";

interface Case {
  readonly name: string;
  readonly type: ValueType | undefined;
}

const ints: { readonly [kind: string]: readonly [bytes: number, signed: boolean] } = {
  u8: [1, false],
  s8: [1, true],
  u16: [2, false],
  s16: [2, true],
  u32: [4, false],
  s32: [4, true],
  u64: [8, false],
  s64: [8, true],
};

const arrays: { readonly [kind: string]: { from(values: unknown[]): unknown } } = {
  u8: Uint8Array,
  s8: Int8Array,
  u16: Uint16Array,
  s16: Int16Array,
  u32: Uint32Array,
  s32: Int32Array,
  u64: BigUint64Array,
  s64: BigInt64Array,
  f32: Float32Array,
  f64: Float64Array,
} as never;

function camel(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function align(at: number, to: number): number {
  while (at % to !== 0) at++;
  return at;
}

function fields(type: ValueType): { key: string; type: ValueType }[] | undefined {
  if (type.kind === "record")
    return type.fields.map((field) => ({ key: camel(field.name), type: field.type }));
  if (type.kind === "tuple") return type.types.map((part, index) => ({ key: String(index), type: part }));
  return undefined;
}

function cases(type: ValueType): Case[] | undefined {
  if (type.kind === "variant") return [...type.cases];
  if (type.kind === "enum") return type.labels.map((name) => ({ name, type: undefined }));
  if (type.kind === "option") {
    return [
      { name: "none", type: undefined },
      { name: "some", type: type.type },
    ];
  }
  if (type.kind === "result") {
    return [
      { name: "ok", type: type.ok },
      { name: "err", type: type.err },
    ];
  }
  return undefined;
}

function discriminantBytes(count: number): number {
  return [1, 1, 2, 4][Math.ceil(Math.log2(count) / 8)] as number;
}

function flagBytes(count: number): number {
  return count <= 8 ? 1 : count <= 16 ? 2 : 4;
}

export function alignment(type: ValueType): number {
  const int = ints[type.kind];
  if (int) return int[0];
  const parts = fields(type);
  if (parts) return Math.max(1, ...parts.map((part) => alignment(part.type)));
  const options = cases(type);
  if (options) return Math.max(discriminantBytes(options.length), payloadAlignment(options));
  switch (type.kind) {
    case "bool":
      return 1;
    case "f64":
      return 8;
    case "flags":
      return flagBytes(type.labels.length);
    case "list":
      return type.length === undefined ? 4 : alignment(type.element);
    default:
      return 4;
  }
}

function payloadAlignment(options: readonly Case[]): number {
  return Math.max(1, ...options.map((option) => (option.type ? alignment(option.type) : 1)));
}

export function elementSize(type: ValueType): number {
  const int = ints[type.kind];
  if (int) return int[0];
  const parts = fields(type);
  if (parts) {
    let size = 0;
    for (const part of parts) size = align(size, alignment(part.type)) + elementSize(part.type);
    return align(size, alignment(type));
  }
  const options = cases(type);
  if (options) {
    const start = align(discriminantBytes(options.length), payloadAlignment(options));
    const payload = Math.max(0, ...options.map((option) => (option.type ? elementSize(option.type) : 0)));
    return align(start + payload, alignment(type));
  }
  switch (type.kind) {
    case "bool":
      return 1;
    case "f64":
    case "string":
      return 8;
    case "flags":
      return flagBytes(type.labels.length);
    case "list":
      return type.length === undefined ? 8 : type.length * elementSize(type.element);
    default:
      return 4;
  }
}

function isNullable(type: ValueType): boolean {
  return type.kind === "option" && !isNullable(type.type);
}

function getInt(guest: Guest, at: number, bytes: number): number {
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + guest.view.getUint8(at + i);
  return value;
}

function putInt(guest: Guest, at: number, bytes: number, value: number): void {
  for (let i = 0; i < bytes; i++) guest.view.setUint8(at + i, Math.floor(value / 256 ** i) % 256);
}

export function load(guest: Guest, at: number, type: ValueType): unknown {
  const { view } = guest;
  const parts = fields(type);
  if (parts) {
    const values = parts.map((part) => {
      at = align(at, alignment(part.type));
      const value = load(guest, at, part.type);
      at += elementSize(part.type);
      return [part.key, value] as const;
    });
    return type.kind === "tuple" ? values.map(([, value]) => value) : Object.fromEntries(values);
  }
  const options = cases(type);
  if (options) {
    const bytes = discriminantBytes(options.length);
    const found = options[getInt(guest, at, bytes)];
    if (!found) throw new Error("discriminant");
    const start = align(at + bytes, payloadAlignment(options));
    const val = found.type ? load(guest, start, found.type) : undefined;
    if (type.kind === "enum") return found.name;
    if (isNullable(type)) return val;
    return found.type || type.kind === "result" ? { tag: found.name, val } : { tag: found.name };
  }
  switch (type.kind) {
    case "bool":
      return getInt(guest, at, 1) !== 0;
    case "u64":
      return view.getBigUint64(at, true);
    case "s64":
      return view.getBigInt64(at, true);
    case "f32":
      return view.getFloat32(at, true);
    case "f64":
      return view.getFloat64(at, true);
    case "char":
      return String.fromCodePoint(getInt(guest, at, 4));
    case "string":
      return loadString(guest, getInt(guest, at, 4), getInt(guest, at + 4, 4));
    case "flags": {
      const bits = getInt(guest, at, flagBytes(type.labels.length));
      return Object.fromEntries(
        type.labels.map((label, i) => [camel(label), Math.floor(bits / 2 ** i) % 2 === 1]),
      );
    }
    case "list": {
      const start = type.length === undefined ? getInt(guest, at, 4) : at;
      const length = type.length ?? getInt(guest, at + 4, 4);
      const values = Array.from({ length }, (_, i) =>
        load(guest, start + i * elementSize(type.element), type.element),
      );
      return type.length === undefined ? (arrays[type.element.kind]?.from(values) ?? values) : values;
    }
    default: {
      const [bytes, signed] = ints[type.kind] as readonly [number, boolean];
      const value = getInt(guest, at, bytes);
      return signed && value >= 2 ** (8 * bytes - 1) ? value - 2 ** (8 * bytes) : value;
    }
  }
}

function loadString(guest: Guest, at: number, length: number): string {
  const utf16 = guest.encoding === "utf16" || (guest.encoding === "latin1+utf16" && length >= 2 ** 31);
  const units = guest.encoding === "latin1+utf16" ? length % 2 ** 31 : length;
  const bytes = guest.bytes.slice(at, at + (utf16 ? 2 : 1) * units);
  const buffer = Buffer.from(bytes);
  return buffer.toString(utf16 ? "utf16le" : guest.encoding === "utf8" ? "utf8" : "latin1");
}

export function store(guest: Guest, at: number, type: ValueType, value: unknown): void {
  const parts = fields(type);
  if (parts) {
    for (const part of parts) {
      at = align(at, alignment(part.type));
      store(guest, at, part.type, (value as { [key: string]: unknown })[part.key]);
      at += elementSize(part.type);
    }
    return;
  }
  const options = cases(type);
  if (options) {
    const { index, val } = matchCase(type, options, value);
    const bytes = discriminantBytes(options.length);
    putInt(guest, at, bytes, index);
    const payload = options[index]?.type;
    if (payload) store(guest, align(at + bytes, payloadAlignment(options)), payload, val);
    return;
  }
  switch (type.kind) {
    case "bool":
      putInt(guest, at, 1, value ? 1 : 0);
      return;
    case "u64":
      guest.view.setBigUint64(at, value as bigint, true);
      return;
    case "s64":
      guest.view.setBigInt64(at, value as bigint, true);
      return;
    case "f32":
      guest.view.setFloat32(at, value as number, true);
      return;
    case "f64":
      guest.view.setFloat64(at, value as number, true);
      return;
    case "char":
      putInt(guest, at, 4, (value as string).codePointAt(0) as number);
      return;
    case "string":
      storeString(guest, at, value as string);
      return;
    case "flags": {
      const set = type.labels.map((label, i) =>
        (value as { [key: string]: boolean })[camel(label)] ? 2 ** i : 0,
      );
      putInt(
        guest,
        at,
        flagBytes(type.labels.length),
        set.reduce((a, b) => a + b, 0),
      );
      return;
    }
    case "list": {
      const values = Array.from(value as ArrayLike<unknown>);
      const size = elementSize(type.element);
      let start = at;
      if (type.length === undefined) {
        start = guest.realloc(0, 0, alignment(type.element), size * values.length);
        putInt(guest, at, 4, start);
        putInt(guest, at + 4, 4, values.length);
      }
      for (const [i, element] of values.entries()) store(guest, start + i * size, type.element, element);
      return;
    }
    default: {
      const [bytes] = ints[type.kind] as readonly [number, boolean];
      putInt(guest, at, bytes, ((value as number) + 2 ** (8 * bytes)) % 2 ** (8 * bytes));
      return;
    }
  }
}

function matchCase(
  type: ValueType,
  options: readonly Case[],
  value: unknown,
): { index: number; val: unknown } {
  if (type.kind === "enum")
    return { index: options.findIndex((option) => option.name === value), val: undefined };
  if (isNullable(type)) return { index: value === undefined ? 0 : 1, val: value };
  const { tag, val } = value as { tag: string; val?: unknown };
  return { index: options.findIndex((option) => option.name === tag), val };
}

function storeString(guest: Guest, at: number, value: string): void {
  const latin1 = [...value].every((char) => char < "\u0100");
  const utf16 = guest.encoding === "utf16" || (guest.encoding === "latin1+utf16" && !latin1);
  const bytes = Buffer.from(value, utf16 ? "utf16le" : guest.encoding === "utf8" ? "utf8" : "latin1");
  const start = guest.realloc(0, 0, guest.encoding === "utf8" ? 1 : 2, bytes.length);
  guest.bytes.set(bytes, start);
  putInt(guest, at, 4, start);
  const tag = utf16 && guest.encoding === "latin1+utf16" ? 2 ** 31 : 0;
  putInt(guest, at + 4, 4, (utf16 ? bytes.length / 2 : bytes.length) + tag);
}
