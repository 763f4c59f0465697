import { ComponentModelError } from "../errors.ts";
import type { CoreExternType, CoreFuncType, CoreModuleType } from "../types.ts";
import {
  readCoreExternType,
  readCoreRecType,
  readGlobalType,
  readMemoryType,
  readTableType,
  unsupported,
} from "./core-types.ts";
import { hex, Reader } from "./reader.ts";

/**
 * Reads what a core module imports and exports, with types, which `WebAssembly.Module.imports` does not tell. Code and
 * data are left to the engine.
 */
export function readCoreModuleType(bytes: Uint8Array, start: number, end: number): CoreModuleType {
  const reader = new Reader(bytes, start, end);
  readPreamble(reader);
  const module = new ModuleSpaces();
  let last = -1;
  while (!reader.done) {
    const offset = reader.offset;
    const id = reader.u8();
    const place = sectionOrder.indexOf(id);
    if (id !== 0) {
      if (place < 0) throw reader.malformed(`invalid section ${id} of a core module`, offset);
      if (place <= last) throw reader.malformed(`section ${id} of a core module is out of order`, offset);
      last = place;
    }
    readSection(id, reader.part(reader.u32()), module);
  }
  return { imports: module.imports, exports: module.exports };
}

/** Type, import, function, table, memory, tag, global, export, start, element, data count, code, data. */
const sectionOrder = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

function readPreamble(reader: Reader): void {
  const start = reader.offset;
  for (const byte of [0x00, 0x61, 0x73, 0x6d]) reader.expect(byte, "magic number of a core module");
  for (const byte of [0x01, 0x00, 0x00, 0x00]) {
    if (reader.u8() !== byte) throw reader.malformed("version of a core module: expected 1", start + 4);
  }
}

class ModuleSpaces {
  readonly types: CoreFuncType[] = [];
  readonly items = {
    func: [] as CoreExternType[],
    table: [] as CoreExternType[],
    memory: [] as CoreExternType[],
    global: [] as CoreExternType[],
    tag: [] as CoreExternType[],
  };
  readonly imports: { module: string; name: string; type: CoreExternType }[] = [];
  readonly importKeys = new Set<string>();
  readonly exports = new Map<string, CoreExternType>();

  readonly funcType = (index: number, offset: number): CoreFuncType => {
    const type = this.types[index];
    if (type === undefined) throw invalidIndex("type", index, this.types.length, offset);
    return type;
  };
}

function invalidIndex(what: string, index: number, count: number, offset: number): ComponentModelError {
  return new ComponentModelError(
    "invalid",
    `core ${what} index ${index} at byte ${offset} is out of range: the module has ${count}`,
    { offset },
  );
}

function readSection(id: number, reader: Reader, module: ModuleSpaces): void {
  switch (id) {
    case 1:
      reader.vector("types", () => module.types.push(readCoreRecType(reader)));
      break;
    case 2:
      reader.vector("imports", () => readImport(reader, module));
      break;
    case 3:
      reader.vector("functions", () => {
        const offset = reader.offset;
        module.items.func.push({ kind: "func", type: module.funcType(reader.u32(), offset) });
      });
      break;
    case 4:
      reader.vector("tables", () => module.items.table.push(readTable(reader)));
      break;
    case 5:
      reader.vector("memories", () => module.items.memory.push(readMemoryType(reader)));
      break;
    case 6:
      reader.vector("globals", () => {
        module.items.global.push(readGlobalType(reader));
        skipConstantExpression(reader);
      });
      break;
    case 7:
      reader.vector("exports", () => readExport(reader, module));
      break;
    case 13:
      reader.vector("tags", () => {
        reader.expect(0x00, "attribute of a tag");
        const offset = reader.offset;
        module.items.tag.push({ kind: "tag", type: module.funcType(reader.u32(), offset) });
      });
      break;
    default:
      return;
  }
  reader.finish(`section ${id} of a core module`);
}

function readImport(reader: Reader, module: ModuleSpaces): void {
  const offset = reader.offset;
  const from = reader.name();
  const name = reader.name();
  const type = readCoreExternType(reader, module.funcType);
  const key = `${JSON.stringify(from)} ${JSON.stringify(name)}`;
  if (module.importKeys.has(key)) {
    throw new ComponentModelError("invalid", `duplicate import ${key} of a core module at byte ${offset}`, {
      offset,
    });
  }
  module.importKeys.add(key);
  module.imports.push({ module: from, name, type });
  module.items[type.kind].push(type);
}

const exportKinds = ["func", "table", "memory", "global", "tag"] as const;

function readExport(reader: Reader, module: ModuleSpaces): void {
  const offset = reader.offset;
  const name = reader.name();
  const code = reader.u8();
  const kind = exportKinds[code];
  if (kind === undefined) throw reader.malformed(`invalid kind of a core export ${hex(code)}`, offset);
  const index = reader.u32();
  const type = module.items[kind][index];
  if (type === undefined) throw invalidIndex(kind, index, module.items[kind].length, offset);
  if (module.exports.has(name)) {
    throw new ComponentModelError(
      "invalid",
      `duplicate export ${JSON.stringify(name)} of a core module at byte ${offset}`,
      {
        offset,
      },
    );
  }
  module.exports.set(name, type);
}

/** A table's type, or 0x40 0x00, the type and the value that fills it. */
function readTable(reader: Reader): CoreExternType {
  if (reader.peek() !== 0x40) return readTableType(reader);
  reader.u8();
  reader.expect(0x00, "form of a table");
  const type = readTableType(reader);
  skipConstantExpression(reader);
  return type;
}

function skipConstantExpression(reader: Reader): void {
  for (;;) {
    const offset = reader.offset;
    const opcode = reader.u8();
    switch (opcode) {
      case 0x0b:
        return;
      case 0x41:
        reader.skipLeb(32);
        break;
      case 0x42:
        reader.skipLeb(64);
        break;
      case 0x43:
        reader.skip(4);
        break;
      case 0x44:
        reader.skip(8);
        break;
      case 0x23:
      case 0xd2:
        reader.u32();
        break;
      case 0xd0:
        reader.s33();
        break;
      case 0x6a: // extended constant expressions: i32 add, sub, mul; i64 add, sub, mul
      case 0x6b:
      case 0x6c:
      case 0x7c:
      case 0x7d:
      case 0x7e:
        break;
      case 0xfb:
        throw unsupported("GC instructions", offset);
      case 0xfd:
        reader.expect(0x0c, "vector instruction in a constant expression");
        reader.skip(16);
        break;
      default:
        throw reader.malformed(`invalid instruction ${hex(opcode)} in a constant expression`, offset);
    }
  }
}
