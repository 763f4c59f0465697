import {
  readCoreExternType,
  readCoreRecType,
  readCoreValueType,
  readGlobalType,
  readMemoryType,
  readTableType,
  unsupported,
} from "../binary/core-types.ts";
import { Reader } from "../binary/reader.ts";
import { ComponentModelError } from "../errors.ts";
import type { CoreExternType, CoreFuncType } from "../types.ts";
import type {
  CoreBinary,
  CoreExport,
  CoreGlobal,
  CoreImport,
  CoreMemory,
  CoreTable,
  DataSegment,
  ElementSegment,
  Range,
} from "./core-binary.ts";
import { InstructionReader } from "./instruction-reader.ts";
import { op } from "./opcodes.ts";

const none: Range = { start: 0, end: 0 };

/**
 * Reads a core module as far as the rewriter needs it. The code is left for later; that the module is valid is for the engine to
 * check.
 *
 * @throws ComponentModelError `malformed` or `unsupported`, with the byte offset
 */
export function readCoreBinary(bytes: Uint8Array, start: number, end: number): CoreBinary {
  const reader = new Reader(bytes, start, end);
  for (const byte of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]) reader.expect(byte, "core module");
  const parts = new CoreBinaryReader(bytes, end - start);
  while (!reader.done) {
    const id = reader.u8();
    parts.section(id, reader.part(reader.u32()));
  }
  parts.check(end);
  return parts;
}

class CoreBinaryReader implements CoreBinary {
  readonly bytes: Uint8Array;
  readonly length: number;
  types: CoreFuncType[] = [];
  typeItems = none;
  importItems = none;
  tableItems = none;
  memoryItems = none;
  tagItems = none;
  readonly imports: CoreImport[] = [];
  readonly functions: number[] = [];
  importedFunctions = 0;
  readonly tables: CoreTable[] = [];
  importedTables = 0;
  readonly memories: CoreMemory[] = [];
  importedMemories = 0;
  readonly globals: CoreGlobal[] = [];
  importedGlobals = 0;
  readonly tags: number[] = [];
  importedTags = 0;
  readonly exports = new Map<string, CoreExport>();
  start: number | undefined;
  readonly elements: ElementSegment[] = [];
  readonly data: DataSegment[] = [];
  countsData = false;
  readonly code: Range[] = [];
  names: Range | undefined;

  constructor(bytes: Uint8Array, length: number) {
    this.bytes = bytes;
    this.length = length;
  }

  section(id: number, reader: Reader): void {
    const start = reader.offset;
    switch (id) {
      case 0:
        if (reader.name() === "name") this.names = { start, end: reader.end };
        return;
      case 1:
        this.typeItems = this.#vector(reader, "types", () => this.types.push(readCoreRecType(reader)));
        break;
      case 2:
        this.importItems = this.#vector(reader, "imports", () => this.#import(reader));
        this.importedFunctions = this.functions.length;
        this.importedTables = this.tables.length;
        this.importedMemories = this.memories.length;
        this.importedGlobals = this.globals.length;
        this.importedTags = this.tags.length;
        break;
      case 3:
        this.#vector(reader, "functions", () => this.functions.push(this.#typeIndex(reader)));
        break;
      case 4:
        this.tableItems = this.#vector(reader, "tables", () => this.#table(reader));
        break;
      case 5:
        this.memoryItems = this.#vector(reader, "memories", () => this.#add(readMemoryType(reader)));
        break;
      case 6:
        this.#vector(reader, "globals", () => this.#global(reader));
        break;
      case 7:
        this.#vector(reader, "exports", () => this.#export(reader));
        break;
      case 8:
        this.start = reader.u32();
        break;
      case 9:
        this.#vector(reader, "element segments", () => this.elements.push(readElements(reader)));
        break;
      case 10:
        this.#vector(reader, "function bodies", () => this.code.push(bytesRange(reader)));
        break;
      case 11:
        this.#vector(reader, "data segments", () => this.data.push(readData(reader)));
        break;
      case 12:
        this.countsData = true;
        reader.u32();
        break;
      case 13:
        this.tagItems = this.#vector(reader, "tags", () => {
          reader.expect(0x00, "attribute of a tag");
          this.tags.push(this.#typeIndex(reader));
        });
        break;
      default:
        throw reader.malformed(`invalid section ${id} of a core module`, start);
    }
    reader.finish(`section ${id} of a core module`);
  }

  check(end: number): void {
    const declared = this.functions.length - this.importedFunctions;
    if (declared === this.code.length) return;
    throw new ComponentModelError(
      "malformed",
      `core module with ${declared} functions and ${this.code.length} bodies, ending at byte ${end}`,
      { offset: end },
    );
  }

  #vector(reader: Reader, what: string, item: () => void): Range {
    let start = 0;
    const count = reader.count(what);
    start = reader.offset;
    for (let index = 0; index < count; index++) item();
    return { start, end: reader.offset };
  }

  #import(reader: Reader): void {
    const module = reader.name();
    const name = reader.name();
    const at = reader.offset;
    const kind = reader.peek();
    const type = readCoreExternType(reader, (index, offset) => this.#type(index, offset));
    this.imports.push({ module, name, type });
    if (kind === 0x00) this.functions.push(readIndexAfterKind(reader, at, 1));
    else if (kind === 0x04) this.tags.push(readIndexAfterKind(reader, at, 2));
    else this.#add(type);
  }

  #type(index: number, offset: number): CoreFuncType {
    const type = this.types[index];
    if (type !== undefined) return type;
    throw new ComponentModelError("invalid", `core type index ${index} at byte ${offset} is out of range`, {
      offset,
    });
  }

  #typeIndex(reader: Reader): number {
    const offset = reader.offset;
    const index = reader.u32();
    this.#type(index, offset);
    return index;
  }

  #add(type: CoreExternType): void {
    switch (type.kind) {
      case "table":
        this.tables.push(type);
        break;
      case "memory":
        this.memories.push(type);
        break;
      case "global":
        this.globals.push({ type: type.type, mutable: type.mutable, init: undefined });
        break;
    }
  }

  #table(reader: Reader): void {
    const offset = reader.offset;
    if (reader.peek() === 0x40) throw unsupported("tables with an initial value", offset);
    this.#add(readTableType(reader));
  }

  #global(reader: Reader): void {
    const type = readGlobalType(reader);
    if (type.kind !== "global") return;
    this.globals.push({ type: type.type, mutable: type.mutable, init: constantRange(reader) });
  }

  #export(reader: Reader): void {
    const name = reader.name();
    const kind = reader.u8();
    this.exports.set(name, { kind, index: reader.u32() });
  }
}

function readIndexAfterKind(reader: Reader, at: number, skipped: number): number {
  return new Reader(reader.bytes, at + skipped, reader.end).u32();
}

/** Skips a constant expression. */
function constantRange(reader: Reader): Range {
  const start = reader.offset;
  const code = new InstructionReader(reader.bytes, start, reader.end);
  do code.next();
  while (code.op !== op.end);
  reader.offset = code.at;
  return { start, end: code.at };
}

function bytesRange(reader: Reader): Range {
  const length = reader.u32();
  const start = reader.offset;
  reader.skip(length);
  return { start, end: reader.offset };
}

function readData(reader: Reader): DataSegment {
  const at = reader.offset;
  const mode = reader.u32();
  if (mode > 2) throw reader.malformed(`invalid mode ${mode} of a data segment`, at);
  const memory = mode === 2 ? reader.u32() : 0;
  const offset = mode === 1 ? undefined : constantRange(reader);
  return { memory, offset, bytes: bytesRange(reader) };
}

/** Bits of the mode: 1 passive or declarative, 2 explicit table or declarative, 4 expressions. */
function readElements(reader: Reader): ElementSegment {
  const at = reader.offset;
  const flags = reader.u32();
  if (flags > 7) throw reader.malformed(`invalid mode ${flags} of an element segment`, at);
  const active = (flags & 1) === 0;
  const explicit = (flags & 2) !== 0;
  const indices = (flags & 4) === 0;
  const mode = active ? "active" : explicit ? "declarative" : "passive";
  const table = active && explicit ? reader.u32() : 0;
  const offset = active ? constantRange(reader) : undefined;
  let element: ElementSegment["element"] = "funcref";
  if (!active || explicit) {
    if (indices) reader.expect(0x00, "kind of an element segment");
    else element = readCoreValueType(reader);
  }
  const count = reader.count("elements");
  const start = reader.offset;
  for (let index = 0; index < count; index++) {
    if (indices) reader.u32();
    else constantRange(reader);
  }
  return { mode, table, offset, element, indices, count, items: { start, end: reader.offset } };
}
