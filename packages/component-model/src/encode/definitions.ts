/**
 * What a component, a component type and an instance type have in common: index spaces, to which types, aliases, imports
 * and exports are appended. Source: Binary.md, "Type Definitions", "Alias Definitions", "Import and Export Definitions".
 */
import type { CoreModuleType, PrimitiveKind } from "../types.ts";
import { ByteWriter } from "./byte-writer.ts";
import { writeModuleType } from "./module-type.ts";
import type { Labelled, Shape } from "./shapes.ts";

/** Kinds of definitions, by index spaces. */
export type Sort = "func" | "type" | "component" | "instance" | "module";

const sortBytes: Readonly<Record<Sort, readonly number[]>> = {
  func: [0x01],
  type: [0x03],
  component: [0x04],
  instance: [0x05],
  module: [0x00, 0x11],
};

/** A primitive, or the index of a defined value type. */
export type ValueIndex = PrimitiveKind | number;

/** What an import or export is declared to be. Numbers are indices of types; of a module, of a core type. */
export type Declared =
  | { readonly kind: "func" | "component" | "instance" | "module"; readonly type: number }
  /** A type that is equal to another, or a new resource type where `type` is undefined. */
  | { readonly kind: "type"; readonly type: number | undefined };

/** What is appended: sections of a component, declarators of a type. */
export type Entry = "core type" | "type" | "alias" | "import" | "export";

const primitiveBytes: Readonly<Record<PrimitiveKind, number>> = {
  bool: 0x7f,
  s8: 0x7e,
  u8: 0x7d,
  s16: 0x7c,
  u16: 0x7b,
  s32: 0x7a,
  u32: 0x79,
  s64: 0x78,
  u64: 0x77,
  f32: 0x76,
  f64: 0x75,
  char: 0x74,
  string: 0x73,
};

/** Index spaces that grow as entries are written. Each method that defines something returns its index. */
export abstract class Definitions {
  readonly #counts = new Map<Sort | "core type", number>();

  /** Writes one entry. */
  protected abstract put(entry: Entry, write: (out: ByteWriter) => void): void;

  /** The index that the next definition of a sort gets. */
  next(sort: Sort | "core type"): number {
    return this.#counts.get(sort) ?? 0;
  }

  protected define(sort: Sort | "core type"): number {
    const index = this.next(sort);
    this.#counts.set(sort, index + 1);
    return index;
  }

  valueType(shape: Shape<ValueIndex, number>): number {
    this.put("type", (out) => writeShape(out, shape));
    return this.define("type");
  }

  funcType(params: readonly Labelled<ValueIndex>[], result: ValueIndex | undefined): number {
    this.put("type", (out) => {
      out.u8(0x40);
      writeLabelled(out, params);
      if (result === undefined) {
        out.u8(0x01);
        out.u8(0x00);
      } else {
        out.u8(0x00);
        writeValueIndex(out, result);
      }
    });
    return this.define("type");
  }

  /** An instance type or a component type, which is complete. */
  bodyType(body: TypeBody): number {
    this.put("type", (out) => body.writeTo(out));
    return this.define("type");
  }

  moduleType(type: CoreModuleType): number {
    this.put("core type", (out) => writeModuleType(out, type));
    return this.define("core type");
  }

  /** An export of an instance. */
  aliasExport(sort: Sort, instance: number, name: string): number {
    this.put("alias", (out) => {
      writeSort(out, sort);
      out.u8(0x00);
      out.u32(instance);
      out.name(name);
    });
    return this.define(sort);
  }

  /** A type of a scope that surrounds this one: `count` is 1 for the next one out. */
  aliasOuterType(count: number, index: number): number {
    this.put("alias", (out) => {
      writeSort(out, "type");
      out.u8(0x02);
      out.u32(count);
      out.u32(index);
    });
    return this.define("type");
  }

  protected putExtern(entry: "import" | "export", name: string, declared: Declared): number {
    this.put(entry, (out) => {
      writeExternName(out, name);
      writeDeclared(out, declared);
    });
    return this.define(declared.kind);
  }
}

const declarators: Readonly<Record<Entry, number>> = {
  "core type": 0x00,
  type: 0x01,
  alias: 0x02,
  import: 0x03,
  export: 0x04,
};

/** The inside of an instance type or a component type. */
export class TypeBody extends Definitions {
  readonly kind: "instance" | "component";
  readonly #out = new ByteWriter();
  #count = 0;

  constructor(kind: "instance" | "component") {
    super();
    this.kind = kind;
  }

  import(name: string, declared: Declared): number {
    return this.putExtern("import", name, declared);
  }

  export(name: string, declared: Declared): number {
    return this.putExtern("export", name, declared);
  }

  protected override put(entry: Entry, write: (out: ByteWriter) => void): void {
    this.#out.u8(declarators[entry]);
    write(this.#out);
    this.#count++;
  }

  writeTo(out: ByteWriter): void {
    out.u8(this.kind === "component" ? 0x41 : 0x42);
    out.u32(this.#count);
    out.bytes(this.#out.written());
  }
}

export function writeSort(out: ByteWriter, sort: Sort): void {
  for (const byte of sortBytes[sort]) out.u8(byte);
}

/** A name without attributes. */
export function writeExternName(out: ByteWriter, name: string): void {
  out.u8(0x00);
  out.name(name);
}

function writeDeclared(out: ByteWriter, declared: Declared): void {
  writeSort(out, declared.kind);
  if (declared.kind === "type") out.u8(declared.type === undefined ? 0x01 : 0x00);
  if (declared.type !== undefined) out.u32(declared.type);
}

function writeValueIndex(out: ByteWriter, type: ValueIndex): void {
  if (typeof type === "number") out.typeIndex(type);
  else out.u8(primitiveBytes[type]);
}

function writeLabelled(out: ByteWriter, items: readonly Labelled<ValueIndex>[]): void {
  out.vector(items, ({ name, type }) => {
    out.name(name);
    writeValueIndex(out, type);
  });
}

function writeShape(out: ByteWriter, shape: Shape<ValueIndex, number>): void {
  const value = (type: ValueIndex): void => writeValueIndex(out, type);
  switch (shape.kind) {
    case "primitive":
      out.u8(primitiveBytes[shape.primitive]);
      break;
    case "record":
      out.u8(0x72);
      writeLabelled(out, shape.fields);
      break;
    case "variant":
      out.u8(0x71);
      out.vector(shape.cases, ({ name, type }) => {
        out.name(name);
        out.optional(type, value);
        out.u8(0x00);
      });
      break;
    case "list":
      out.u8(shape.length === undefined ? 0x70 : 0x67);
      value(shape.element);
      if (shape.length !== undefined) out.u32(shape.length);
      break;
    case "map":
      out.u8(0x63);
      value(shape.key);
      value(shape.value);
      break;
    case "tuple":
      out.u8(0x6f);
      out.vector(shape.types, value);
      break;
    case "flags":
    case "enum":
      out.u8(shape.kind === "flags" ? 0x6e : 0x6d);
      out.vector(shape.labels, (label) => out.name(label));
      break;
    case "option":
      out.u8(0x6b);
      value(shape.type);
      break;
    case "result":
      out.u8(0x6a);
      out.optional(shape.ok, value);
      out.optional(shape.err, value);
      break;
    case "own":
    case "borrow":
      out.u8(shape.kind === "own" ? 0x69 : 0x68);
      out.u32(shape.resource);
      break;
  }
}
