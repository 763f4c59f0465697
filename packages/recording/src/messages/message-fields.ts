import { type MessageType, parseDefinition } from "./definition.ts";
import { type Field, Layout } from "./layout.ts";
import { MessageCursor, type Wire } from "./message-cursor.ts";
import { NUMBER_TYPES } from "./numbers.ts";

/** A number in every message of a type; NaN where the type lacks it. */
export type NumberField = () => number;

/**
 * The fields of the messages of one channel. Ask for fields first, once; then `load` each message and read them. Asking throws an
 * error when the channel's definition lacks the field or has something else there.
 */
export class MessageFields {
  readonly #layout: Layout;
  readonly #fields: ReadonlyMap<string, Field>;
  #message: Uint8Array = new Uint8Array(0);

  constructor(type: MessageType, wanted: readonly string[]) {
    this.#layout = new Layout(parseDefinition(type), wanted, type.wire);
    this.#fields = this.#layout.fields;
  }

  /** Goes to another message. Throws a MalformedMessageError when its bytes do not fit the definition. */
  load(message: Uint8Array): void {
    this.#layout.locate(message);
    this.#message = message;
  }

  /** Where the fields lie: their offsets count from its start. */
  get view(): DataView {
    return this.#layout.cursor.view;
  }

  get wire(): Wire {
    return this.#layout.cursor.wire;
  }

  get littleEndian(): boolean {
    return this.#layout.cursor.littleEndian;
  }

  /** The first of the paths that the definition has. */
  number(...paths: readonly string[]): NumberField {
    const field = this.optional(...paths);
    if (field === undefined) throw new Error(`expected a field ${paths.join(" or ")}, found none`);
    return this.#reader(field, paths[0] as string);
  }

  optionalNumber(...paths: readonly string[]): NumberField {
    const field = this.optional(...paths);
    return field === undefined ? () => Number.NaN : this.#reader(field, paths[0] as string);
  }

  /** A list of numbers of one type, of a length that the message or the definition says. */
  list(path: string, type: string): Field {
    const field = this.optional(path);
    if (field?.type !== type || !field.isArray) {
      throw new Error(`expected ${path} to be a list of ${type}, found ${field?.type ?? "none"}`);
    }
    return field;
  }

  optional(...paths: readonly string[]): Field | undefined {
    for (const path of paths) {
      const field = this.#fields.get(path);
      if (field !== undefined) return field;
    }
    return undefined;
  }

  /** A cursor at another place of the message that is loaded. */
  cursorAt(offset: number): MessageCursor {
    const cursor = new MessageCursor(this.wire);
    cursor.reset(this.#message);
    cursor.offset = offset;
    return cursor;
  }

  /** Reads the index-th number of a list of float32; NaN outside. */
  float32At(field: Field, index: number): number {
    if (index >= field.count) return Number.NaN;
    return this.view.getFloat32(field.offset + 4 * index, this.littleEndian);
  }

  /** Reads the index-th number of a list of float64; NaN outside. */
  float64At(field: Field, index: number): number {
    if (index >= field.count) return Number.NaN;
    return this.view.getFloat64(field.offset + 8 * index, this.littleEndian);
  }

  /** The bytes of a string or of a list of bytes: a view on the message. */
  bytes(field: Field): Uint8Array {
    return new Uint8Array(this.view.buffer, field.offset, field.count);
  }

  text(field: Field): string {
    return decoder.decode(this.bytes(field));
  }

  #reader(field: Field, path: string): NumberField {
    const type = NUMBER_TYPES.get(field.type);
    if (type === undefined || field.isArray) {
      throw new Error(`expected ${path} to be a number, found ${field.type}${field.isArray ? "[]" : ""}`);
    }
    const { cursor } = this.#layout;
    return () => type.read(cursor.view, field.offset, cursor.littleEndian);
  }
}

const decoder = new TextDecoder();
