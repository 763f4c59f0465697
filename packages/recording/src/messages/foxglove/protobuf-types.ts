import { ProtobufCursor, viewOf, WireType } from "./protobuf-cursor.ts";

/** A field of a message type, by the numbers of `google/protobuf/descriptor.proto`. */
export interface ProtobufField {
  readonly name: string;
  /** `FieldDescriptorProto.Type`: 1 double … 18 sint64. */
  readonly type: number;
  /** Full name of a message's type: `foxglove.Pose`; empty for others. */
  readonly typeName: string;
  readonly isRepeated: boolean;
}

/** Message types: full name → field number → field. */
export type ProtobufTypes = ReadonlyMap<string, ReadonlyMap<number, ProtobufField>>;

// Schemas come from files: what is larger than any real one is refused before it costs time.
const MAX_SCHEMA_BYTES = 1024 * 1024;
const MAX_DEPTH = 16;
const REPEATED = 3;

/** The message types that a serialised `FileDescriptorSet` defines. Throws an error with the reason where it cannot be read. */
export function readProtobufTypes(schema: Uint8Array): ProtobufTypes {
  if (schema.byteLength > MAX_SCHEMA_BYTES)
    throw new Error(`expected a schema of at most ${MAX_SCHEMA_BYTES} bytes, found ${schema.byteLength}`);
  const types = new Map<string, Map<number, ProtobufField>>();
  for (const file of parts(schema).get(1) ?? []) {
    const content = parts(file);
    const packageName = textOf(content.get(2));
    for (const message of content.get(4) ?? []) readMessage(message, packageName, types, 0);
  }
  for (const [scope, fields] of types)
    for (const [number, field] of fields)
      fields.set(number, { ...field, typeName: fullName(field.typeName, scope, types) });
  return types;
}

/** A name that begins with a dot is full already; others are looked for in the type that they stand in, then in what is around it. */
function fullName(name: string, scope: string, types: ReadonlyMap<string, unknown>): string {
  if (name === "" || name.startsWith(".")) return name.slice(1);
  for (let around = scope; around !== ""; around = around.slice(0, Math.max(around.lastIndexOf("."), 0)))
    if (types.has(`${around}.${name}`)) return `${around}.${name}`;
  return name;
}

function readMessage(
  bytes: Uint8Array,
  scope: string,
  types: Map<string, Map<number, ProtobufField>>,
  depth: number,
): void {
  if (depth > MAX_DEPTH) throw new Error(`expected types nested at most ${MAX_DEPTH} deep, found more`);
  const content = parts(bytes);
  const name = scope === "" ? textOf(content.get(1)) : `${scope}.${textOf(content.get(1))}`;
  types.set(name, new Map((content.get(2) ?? []).map(readField)));
  for (const nested of content.get(3) ?? []) readMessage(nested, name, types, depth + 1);
}

function readField(bytes: Uint8Array): [number, ProtobufField] {
  const texts = parts(bytes);
  const numbers = varints(bytes);
  const field = {
    name: textOf(texts.get(1)),
    type: numbers.get(5) ?? 0,
    typeName: textOf(texts.get(6)),
    isRepeated: numbers.get(4) === REPEATED,
  };
  return [numbers.get(3) ?? 0, field];
}

/** The fields with a length, by their numbers. */
function parts(bytes: Uint8Array): Map<number, Uint8Array[]> {
  const found = new Map<number, Uint8Array[]>();
  const cursor = new ProtobufCursor(viewOf(bytes));
  while (!cursor.isAtEnd) {
    const key = Number(cursor.varint());
    if ((key & 7) !== WireType.bytes) {
      cursor.skip(key & 7);
      continue;
    }
    const length = cursor.length();
    const start = cursor.take(length);
    const part = bytes.subarray(start, start + length);
    const others = found.get(key >>> 3);
    if (others === undefined) found.set(key >>> 3, [part]);
    else others.push(part);
  }
  return found;
}

/** The last value of each field that is a number. */
function varints(bytes: Uint8Array): Map<number, number> {
  const found = new Map<number, number>();
  const cursor = new ProtobufCursor(viewOf(bytes));
  while (!cursor.isAtEnd) {
    const key = Number(cursor.varint());
    if ((key & 7) === WireType.varint) found.set(key >>> 3, Number(cursor.varint()));
    else cursor.skip(key & 7);
  }
  return found;
}

function textOf(values: readonly Uint8Array[] | undefined): string {
  return new TextDecoder().decode(values?.at(-1));
}
