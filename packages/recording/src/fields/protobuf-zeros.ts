import type { MessageChannel } from "../message-converter.ts";
import { ProtobufCursor, viewOf, WireType } from "../messages/foxglove/protobuf-cursor.ts";
import {
  type ProtobufField,
  type ProtobufTypes,
  readProtobufTypes,
} from "../messages/foxglove/protobuf-types.ts";

/**
 * Gives decoded messages in Protocol Buffers the zeros, empty texts and falsehoods that their writers leave out, with their fields in the order of the definition. A field
 * whose absence means something (`optional`, or one of several) stays away, and so does a message inside. Messages in other encodings are passed on.
 */
export function protobufZeros({ messageEncoding, schema }: MessageChannel): (message: unknown) => unknown {
  if (messageEncoding !== "protobuf" || schema?.encoding !== "protobuf") return (message) => message;
  try {
    const types = readProtobufTypes(schema.data);
    const implicit = implicitFields(schema.data);
    return (message) => filled(message, schema.name, types, implicit);
  } catch {
    return (message) => message;
  }
}

// Of FieldDescriptorProto.Type.
const BOOL = 8;
const STRING = 9;
const MESSAGE = 11;
const BYTES = 12;

function filled(
  message: unknown,
  type: string,
  types: ProtobufTypes,
  implicit: ReadonlySet<string>,
): unknown {
  const fields = types.get(type);
  if (fields === undefined || typeof message !== "object" || message === null) return message;
  const given = message as Readonly<Record<string, unknown>>;
  const whole: Record<string, unknown> = {};
  for (const field of fields.values()) {
    const value = given[field.name] ?? (implicit.has(`${type}.${field.name}`) ? zeroOf(field) : undefined);
    const inside = (inner: unknown): unknown => read(inner, field, types, implicit);
    if (value !== undefined)
      whole[field.name] = field.isRepeated ? (value as unknown[]).map(inside) : inside(value);
  }
  return whole;
}

function read(
  value: unknown,
  { type, typeName }: ProtobufField,
  types: ProtobufTypes,
  implicit: ReadonlySet<string>,
): unknown {
  if (type === MESSAGE) return filled(value, typeName, types, implicit);
  return type === BOOL ? value !== 0 : value;
}

function zeroOf({ type }: ProtobufField): unknown {
  if (type === STRING) return "";
  return type === BYTES ? new Uint8Array(0) : 0;
}

// Numbers of fields in google/protobuf/descriptor.proto.
const FILE = 1;
const PACKAGE = 2;
const MESSAGES = 4;
const SYNTAX = 12;
const NAME = 1;
const FIELDS = 2;
const NESTED = 3;
const FIELD_LABEL = 4;
const FIELD_TYPE = 5;
const FIELD_ONEOF = 9;

const REPEATED = 3;
const MAX_DEPTH = 16;

/** Full names of the fields that are zero where they are missing: single values of proto3 that are not one of several, as which `optional` ones count. */
function implicitFields(schema: Uint8Array): Set<string> {
  const found = new Set<string>();
  for (const file of parts(schema).parts.get(FILE) ?? []) {
    const content = parts(file).parts;
    if (textOf(content.get(SYNTAX)) !== "proto3") continue;
    for (const message of content.get(MESSAGES) ?? [])
      collect(message, textOf(content.get(PACKAGE)), found, 0);
  }
  return found;
}

function collect(message: Uint8Array, scope: string, found: Set<string>, depth: number): void {
  const content = parts(message).parts;
  const name = [scope, textOf(content.get(NAME))].filter(Boolean).join(".");
  for (const field of content.get(FIELDS) ?? []) {
    const { parts: texts, numbers } = parts(field);
    const isSingle = numbers.get(FIELD_LABEL) !== REPEATED && !numbers.has(FIELD_ONEOF);
    if (isSingle && numbers.get(FIELD_TYPE) !== MESSAGE) found.add(`${name}.${textOf(texts.get(NAME))}`);
  }
  if (depth < MAX_DEPTH)
    for (const nested of content.get(NESTED) ?? []) collect(nested, name, found, depth + 1);
}

interface Parts {
  readonly parts: Map<number, Uint8Array[]>;
  readonly numbers: Map<number, number>;
}

/** The fields of a message that are bytes, and the last of each that is a number. */
function parts(bytes: Uint8Array): Parts {
  const found: Parts = { parts: new Map(), numbers: new Map() };
  const cursor = new ProtobufCursor(viewOf(bytes));
  while (!cursor.isAtEnd) {
    const key = Number(cursor.varint());
    const number = Math.floor(key / 8);
    if (key % 8 === WireType.varint) found.numbers.set(number, Number(cursor.varint()));
    else if (key % 8 !== WireType.bytes) cursor.skip(key % 8);
    else {
      const length = cursor.length();
      const start = cursor.take(length);
      const part = bytes.subarray(start, start + length);
      const others = found.parts.get(number);
      if (others === undefined) found.parts.set(number, [part]);
      else others.push(part);
    }
  }
  return found;
}

function textOf(values: readonly Uint8Array[] | undefined): string {
  return new TextDecoder().decode(values?.at(-1));
}
