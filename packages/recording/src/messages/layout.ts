import type { MessageDefinition, MessageDefinitionField } from "./definition.ts";
import { MalformedMessageError } from "./malformed.ts";
import { MessageCursor, type Wire } from "./message-cursor.ts";

/** Sizes of the primitive types, bytes. A time is two numbers of four bytes. */
const SIZES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    bool: 1,
    byte: 1,
    char: 1,
    int8: 1,
    uint8: 1,
    int16: 2,
    uint16: 2,
    int32: 4,
    uint32: 4,
    int64: 8,
    uint64: 8,
    float32: 4,
    float64: 8,
  }),
);

// A definition that unfolds into more than any real one is refused.
const MAX_STEPS = 2_000;
const MAX_DEPTH = 24;

/** Where a field that was asked for lies in the message at hand. Filled in by `Layout.locate`. */
export interface Field {
  /** As the definition says: `float64`, `string`, `time`, or a complex type's name. */
  readonly type: string;
  readonly isArray: boolean;
  /** Byte offset of its first value; of a string, of its first character; of an empty list, undefined. */
  offset: number;
  /** How many values; of a string, how many bytes without the closing zero; 1 for a single value. */
  count: number;
}

/** One step over a message: a run of primitive values, or a list whose elements have steps of their own. */
interface Step {
  readonly path: string;
  readonly kind: "values" | "string" | "elements";
  /** Bytes of one value. */
  readonly size: number;
  /** How many; undefined where the message says. */
  readonly count: number | undefined;
  readonly element: readonly Step[];
  readonly field: Field | undefined;
}

/**
 * Finds fields in messages of one type, whatever else the definition has around them: the definition is compiled into steps once, and
 * messages are walked without building objects. No length that a message claims is believed before the bytes are there.
 */
export class Layout {
  readonly fields: ReadonlyMap<string, Field>;
  readonly cursor: MessageCursor;
  readonly #steps: readonly Step[];
  /** The steps up to the last field that is wanted: the rest of a message needs no walk. */
  readonly #neededSteps: readonly Step[];

  /** `wanted` are paths such as `header.stamp`; those that the definition lacks are missing from `fields`. */
  constructor(
    definitions: readonly MessageDefinition[],
    wanted: readonly string[],
    wire: Wire,
    root = definitions[0],
  ) {
    if (root === undefined) throw new Error("expected a message definition, found none");
    this.cursor = new MessageCursor(wire);
    const compiler = new StepCompiler(definitions, wanted, wire);
    this.#steps = compiler.compile(root.definitions, "", 0);
    this.#neededSteps = this.#steps.slice(
      0,
      this.#steps.findLastIndex((step) => step.field !== undefined) + 1,
    );
    this.fields = compiler.fields;
  }

  /** Fills in `fields` from a message. Throws a MalformedMessageError. */
  locate(message: Uint8Array): void {
    this.cursor.reset(message);
    walk(this.cursor, this.#neededSteps);
  }

  /** The same from where another cursor stands, and moves it to behind the last field: for the elements of a list. */
  locateAt(cursor: MessageCursor): void {
    walk(cursor, this.#steps);
  }
}

function walk(cursor: MessageCursor, steps: readonly Step[]): void {
  for (const step of steps) {
    const count = step.count ?? cursor.u32(step.path);
    if (step.kind === "elements") {
      walkElements(cursor, step, count);
      continue;
    }
    const offset = cursor.take(step.size, count, step.path);
    if (step.field !== undefined) {
      step.field.offset = offset;
      step.field.count = step.kind === "string" ? textLength(cursor, offset, count) : count;
    }
  }
}

function walkElements(cursor: MessageCursor, step: Step, count: number): void {
  if (step.field !== undefined) {
    step.field.offset = cursor.offset;
    step.field.count = count;
  }
  if (count > cursor.remaining) {
    throw new MalformedMessageError(
      `${count} elements of ${step.path}`,
      `${cursor.remaining} bytes`,
      `byte ${cursor.inMessage(cursor.offset)}`,
    );
  }
  for (let index = 0; index < count; index++) {
    const before = cursor.offset;
    walk(cursor, step.element);
    if (cursor.offset === before) {
      throw new MalformedMessageError(
        `elements of ${step.path} with content`,
        "an empty one",
        `byte ${cursor.inMessage(before)}`,
      );
    }
  }
}

/** CDR counts the zero that closes a string. */
function textLength(cursor: MessageCursor, offset: number, count: number): number {
  if (cursor.wire === "ros1") return count;
  return count > 0 && cursor.view.getUint8(offset + count - 1) === 0 ? count - 1 : count;
}

class StepCompiler {
  readonly fields = new Map<string, Field>();
  readonly #definitions: ReadonlyMap<string, MessageDefinition>;
  readonly #wanted: ReadonlySet<string>;
  readonly #wire: Wire;
  #stepCount = 0;

  constructor(definitions: readonly MessageDefinition[], wanted: readonly string[], wire: Wire) {
    this.#wire = wire;
    this.#definitions = new Map(definitions.map((definition) => [definition.name ?? "", definition]));
    this.#wanted = new Set(wanted);
  }

  compile(definition: readonly MessageDefinitionField[], prefix: string, depth: number): Step[] {
    const members = definition.filter((member) => member.isConstant !== true);
    // IDL knows no empty structure: ROS 2 puts one byte there.
    if (members.length === 0 && this.#wire === "cdr")
      return [this.#step("values", `${prefix}structure_needs_at_least_one_member`, 1, 1)];
    return members.flatMap((member) => this.#compileMember(member, prefix + member.name, depth));
  }

  #compileMember(member: MessageDefinitionField, path: string, depth: number): Step[] {
    if (depth > MAX_DEPTH)
      throw new Error(`expected types nested at most ${MAX_DEPTH} deep, found more at ${path}`);
    const isArray = member.isArray === true;
    const count = isArray ? member.arrayLength : 1;
    if (member.isComplex === true) return this.#compileComplex(member.type, path, isArray, count, depth);
    const field = this.#fieldFor(path, member.type, isArray);
    if (member.type === "string" || member.type === "wstring") {
      if (!isArray) return [this.#text(member.type, path, field)];
      return [this.#step("elements", path, 1, count, field, [this.#text(member.type, path)])];
    }
    if (member.type === "time" || member.type === "duration") {
      if (!isArray) return [this.#step("values", path, 4, 2, field)];
      return [this.#step("elements", path, 1, count, field, [this.#step("values", path, 4, 2)])];
    }
    const size = SIZES.get(member.type);
    if (size === undefined)
      throw new Error(`expected a type that messages have, found ${member.type} at ${path}`);
    return [this.#step("values", path, size, count, field)];
  }

  #compileComplex(
    type: string,
    path: string,
    isArray: boolean,
    count: number | undefined,
    depth: number,
  ): Step[] {
    const definition = this.#definitions.get(type);
    if (definition === undefined) throw new Error(`expected a definition of ${type} for ${path}, found none`);
    if (!isArray) return this.compile(definition.definitions, `${path}.`, depth + 1);
    const field = this.#fieldFor(path, type, true);
    return [
      this.#step(
        "elements",
        path,
        1,
        count,
        field,
        this.compile(definition.definitions, `${path}[].`, depth + 1),
      ),
    ];
  }

  /** A wide string's characters are not bytes: its form differs between writers, so it cannot be stepped over. */
  #text(type: string, path: string, field?: Field): Step {
    if (type === "wstring") throw new Error(`expected a string of bytes, found a wstring at ${path}`);
    return this.#step("string", path, 1, undefined, field);
  }

  #fieldFor(path: string, type: string, isArray: boolean): Field | undefined {
    if (!this.#wanted.has(path)) return undefined;
    const field: Field = { type, isArray, offset: 0, count: 0 };
    this.fields.set(path, field);
    return field;
  }

  #step(
    kind: Step["kind"],
    path: string,
    size: number,
    count: number | undefined,
    field?: Field,
    element: readonly Step[] = [],
  ): Step {
    if (++this.#stepCount > MAX_STEPS)
      throw new Error(`expected at most ${MAX_STEPS} fields, found more at ${path}`);
    return { kind, path, size, count, field, element };
  }
}
