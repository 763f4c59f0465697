import type { MessageDefinition, MessageDefinitionField } from "./definition.ts";
import { MalformedMessageError } from "./malformed.ts";
import { MessageCursor } from "./message-cursor.ts";
import { NUMBER_TYPES, type NumberType } from "./numbers.ts";

/** A message as an object, by the names of its fields. */
export type Ros1Values = { readonly [name: string]: unknown };

const MAX_DEPTH = 24;

/**
 * Reads ROS 1 messages of a type as objects: numbers, `bigint` for 64-bit integers, texts, times as `{ sec, nsec }`, lists of bytes as Uint8Array. (The
 * usual library makes code of a definition, and definitions come from files.) The function throws a MalformedMessageError.
 */
export function ros1Reader(definitions: readonly MessageDefinition[]): (message: Uint8Array) => Ros1Values {
  const [root] = definitions;
  if (root === undefined) throw new Error("expected a message definition, found none");
  const types = new Map(definitions.map((definition) => [definition.name ?? "", definition]));
  const cursor = new MessageCursor("ros1");
  return (message) => {
    cursor.reset(message);
    return readFields(cursor, root, types, 0);
  };
}

type Types = ReadonlyMap<string, MessageDefinition>;

function readFields(
  cursor: MessageCursor,
  { definitions }: MessageDefinition,
  types: Types,
  depth: number,
): Ros1Values {
  if (depth > MAX_DEPTH)
    throw new MalformedMessageError(`types nested at most ${MAX_DEPTH} deep`, "more", "the definition");
  const message = Object.create(null) as Record<string, unknown>;
  for (const field of definitions)
    if (field.isConstant !== true) message[field.name] = readField(cursor, field, types, depth);
  return message;
}

function readField(
  cursor: MessageCursor,
  field: MessageDefinitionField,
  types: Types,
  depth: number,
): unknown {
  const { type, name } = field;
  if (field.isArray !== true) return readValue(cursor, type, name, types, depth);
  const count = field.arrayLength ?? cursor.u32(name);
  if (type === "uint8" || type === "char") return cursor.bytes(count, name);
  if (count > cursor.remaining)
    throw new MalformedMessageError(`${count} elements of ${name}`, `${cursor.remaining} bytes`, name);
  return Array.from({ length: count }, () => readValue(cursor, type, name, types, depth));
}

function readValue(cursor: MessageCursor, type: string, name: string, types: Types, depth: number): unknown {
  if (type === "string") return decoder.decode(cursor.bytes(cursor.u32(name), name));
  if (type === "time" || type === "duration") return readTime(cursor, type, name);
  if (type === "bool") return cursor.view.getUint8(cursor.take(1, 1, name)) !== 0;
  if (type === "int64") return cursor.view.getBigInt64(cursor.take(8, 1, name), true);
  if (type === "uint64") return cursor.view.getBigUint64(cursor.take(8, 1, name), true);
  const number: NumberType | undefined = NUMBER_TYPES.get(type);
  if (number !== undefined) return number.read(cursor.view, cursor.take(number.sizeBytes, 1, name), true);
  const definition = types.get(type);
  if (definition === undefined) throw new MalformedMessageError("a type that the definition has", type, name);
  return readFields(cursor, definition, types, depth + 1);
}

/** Seconds of a duration may be negative. */
function readTime(cursor: MessageCursor, type: string, name: string): { sec: number; nsec: number } {
  const offset = cursor.take(4, 2, name);
  const { view } = cursor;
  if (type === "time") return { sec: view.getUint32(offset, true), nsec: view.getUint32(offset + 4, true) };
  return { sec: view.getInt32(offset, true), nsec: view.getInt32(offset + 4, true) };
}

const decoder = new TextDecoder();
