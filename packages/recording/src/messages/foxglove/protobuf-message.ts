import { MalformedMessageError } from "../malformed.ts";
import { ProtobufCursor, WireType } from "./protobuf-cursor.ts";
import type { ProtobufField, ProtobufTypes } from "./protobuf-types.ts";

/** A message as an object: what it has, by the names of the fields. */
export type MessageObject = { readonly [name: string]: unknown };

// Numbers of FieldDescriptorProto.Type.
const STRING = 9;
const MESSAGE = 11;
const BYTES = 12;

const MAX_DEPTH = 16;
/** A list of numbers or messages that is longer than any real one; points and pixels are bytes, not lists. */
const MAX_ELEMENTS = 65_536;

type ReadFixed = (view: DataView, offset: number) => number | bigint;

/** Types of a fixed length. */
const FIXED: ReadonlyMap<number, ReadFixed> = new Map<number, ReadFixed>([
  [1, (view, offset) => view.getFloat64(offset, true)],
  [2, (view, offset) => view.getFloat32(offset, true)],
  [6, (view, offset) => exact(view.getBigUint64(offset, true))],
  [7, (view, offset) => view.getUint32(offset, true)],
  [15, (view, offset) => view.getInt32(offset, true)],
  [16, (view, offset) => exact(view.getBigInt64(offset, true))],
]);

type ReadVarint = (value: bigint) => number | bigint;

/** Types that are varints; a sint folds its sign into the lowest bit. */
const VARINTS: ReadonlyMap<number, ReadVarint> = new Map<number, ReadVarint>([
  [3, (value) => exact(BigInt.asIntN(64, value))],
  [4, exact],
  [5, (value) => Number(BigInt.asIntN(32, value))],
  [8, (value) => (value === 0n ? 0 : 1)],
  [13, (value) => Number(BigInt.asUintN(32, value))],
  [14, (value) => Number(BigInt.asIntN(32, value))],
  [17, (value) => Number(BigInt.asIntN(32, (value >> 1n) ^ -(value & 1n)))],
  [18, (value) => exact(BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n)))],
]);

/** A 64-bit integer as a number, or where that would round it, as it is. */
function exact(value: bigint): number | bigint {
  const rounded = Number(value);
  return Number.isSafeInteger(rounded) ? rounded : value;
}

/**
 * Reads a message of a type. What the message leaves out is missing from the object, except lists, which are empty then. Numbers are numbers, but
 * 64-bit integers from 2⁵³ on are `bigint`. Bytes are views on the message. Throws a MalformedMessageError.
 */
export function readProtobufMessage(
  cursor: ProtobufCursor,
  typeName: string,
  types: ProtobufTypes,
  depth = 0,
): MessageObject {
  const fields = types.get(typeName);
  if (fields === undefined)
    throw new MalformedMessageError("a type that the schema defines", typeName, "the schema");
  if (depth > MAX_DEPTH)
    throw new MalformedMessageError(`messages nested at most ${MAX_DEPTH} deep`, "more", typeName);
  const message: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const field of fields.values()) if (field.isRepeated) message[field.name] = [];
  while (!cursor.isAtEnd) {
    const key = Number(cursor.varint());
    const field = fields.get(Math.floor(key / 8));
    const wireType = key % 8;
    if (field === undefined) cursor.skip(wireType);
    else if (field.isRepeated)
      readElements(cursor, field, wireType, types, depth, message[field.name] as unknown[]);
    else message[field.name] = readValue(cursor, field, wireType, types, depth);
  }
  return message;
}

function readElements(
  cursor: ProtobufCursor,
  field: ProtobufField,
  wireType: number,
  types: ProtobufTypes,
  depth: number,
  list: unknown[],
): void {
  const isPacked = wireType === WireType.bytes && (FIXED.has(field.type) || VARINTS.has(field.type));
  if (!isPacked) {
    list.push(readValue(cursor, field, wireType, types, depth));
    checkCount(list, field);
    return;
  }
  const length = cursor.length();
  const start = cursor.take(length);
  const inside = new ProtobufCursor(cursor.view, start, start + length);
  const elementType = VARINTS.has(field.type) ? WireType.varint : fixedWireType(field.type);
  while (!inside.isAtEnd) {
    list.push(readValue(inside, field, elementType, types, depth));
    checkCount(list, field);
  }
}

function checkCount(list: readonly unknown[], { name }: ProtobufField): void {
  if (list.length > MAX_ELEMENTS)
    throw new MalformedMessageError(`at most ${MAX_ELEMENTS} elements`, "more", name);
}

function readValue(
  cursor: ProtobufCursor,
  field: ProtobufField,
  wireType: number,
  types: ProtobufTypes,
  depth: number,
): unknown {
  const { type, name } = field;
  const varint = VARINTS.get(type);
  const fixed = FIXED.get(type);
  const expected =
    varint !== undefined ? WireType.varint : fixed !== undefined ? fixedWireType(type) : WireType.bytes;
  if (wireType !== expected) throw new MalformedMessageError(`wire type ${expected}`, `${wireType}`, name);
  if (varint !== undefined) return varint(cursor.varint());
  if (fixed !== undefined) return fixed(cursor.view, cursor.take(cursor.fixedBytes(wireType)));
  const length = cursor.length();
  const start = cursor.take(length);
  const { buffer, byteOffset } = cursor.view;
  if (type === MESSAGE)
    return readProtobufMessage(
      new ProtobufCursor(cursor.view, start, start + length),
      field.typeName,
      types,
      depth + 1,
    );
  const bytes = new Uint8Array(buffer, byteOffset + start, length);
  if (type === BYTES) return bytes;
  if (type === STRING) return decoder.decode(bytes);
  throw new MalformedMessageError("a type of field that is known", `type ${type}`, name);
}

function fixedWireType(type: number): number {
  return type === 1 || type === 6 || type === 16 ? WireType.fixed64 : WireType.fixed32;
}

const decoder = new TextDecoder();
