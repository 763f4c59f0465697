import type { AddedImport, Additions } from "./additions.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { GlobalInit } from "./constant.ts";
import type { CoreBinary, ElementSegment, Range } from "./core-binary.ts";
import { type CodePlan, writeFunctionBodies } from "./function-code.ts";
import { op } from "./opcodes.ts";
import type { HostGlobal } from "./rewrite-module.ts";
import type { Survey } from "./survey.ts";
import { valueTypeCode } from "./value-types.ts";

export interface NewParts {
  readonly globals: ReadonlyMap<number, GlobalInit>;
  readonly imports: readonly HostGlobal[];
  /** Functions in the added table of references. */
  readonly referenced: readonly number[];
  readonly survey: Survey;
  readonly plan: CodePlan;
}

/** The kind of an export. */
const GLOBAL = 3;

/** Writes a core module with its additions: what is not changed is copied. */
export function writeModule(additions: Additions, parts: NewParts): Uint8Array<ArrayBuffer> {
  const { binary } = additions;
  const writer = new ByteWriter(binary.length + 4096);
  writer.u8(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
  // Function bodies may add types, which come first.
  const code = new ByteWriter(4096);
  writeFunctionBodies(code, binary, parts.survey, parts.plan);
  for (const { body } of additions.functions) code.u32(body.length).raw(body);

  const vector = (id: number, count: number, items: () => void): void => {
    if (count > 0)
      writer.section(id, () => {
        writer.u32(count);
        items();
      });
  };
  const copy = ({ start, end }: Range): void => {
    writer.raw(binary.bytes, start, end);
  };
  vector(1, binary.types.length + additions.types.length, () => {
    copy(binary.typeItems);
    for (const { params, results } of additions.types) {
      writer
        .u8(0x60)
        .u32(params.length)
        .u8(...params.map(valueTypeCode));
      writer.u32(results.length).u8(...results.map(valueTypeCode));
    }
  });
  vector(2, binary.imports.length + additions.imports.length, () => {
    copy(binary.importItems);
    for (const each of additions.imports) writeImport(writer, additions.prefix, each);
  });
  const types = binary.functions.slice(binary.importedFunctions);
  vector(3, types.length + additions.functions.length, () => {
    for (const type of types) writer.u32(type);
    for (const { type } of additions.functions) writer.u32(type);
  });
  const references = parts.referenced.length;
  vector(4, binary.tables.length - binary.importedTables + (references > 0 ? 1 : 0), () => {
    copy(binary.tableItems);
    if (references > 0) writer.u8(0x70, 0x01, 0).u32(references);
  });
  vector(5, binary.memories.length - binary.importedMemories, () => copy(binary.memoryItems));
  vector(13, binary.tags.length - binary.importedTags, () => copy(binary.tagItems));
  vector(6, binary.globals.length - binary.importedGlobals + additions.flags, () =>
    writeGlobals(writer, additions, parts),
  );
  vector(7, binary.exports.size + additions.exports.length, () => {
    for (const [name, { kind, index }] of binary.exports) {
      writer
        .name(name)
        .u8(kind)
        .u32(kind === GLOBAL ? additions.global(index) : index);
    }
    for (const { name, kind, index } of additions.exports) writer.name(name).u8(kind).u32(index);
  });
  vector(9, binary.elements.length + (references > 0 ? 1 : 0), () => {
    for (const segment of binary.elements) writeElements(writer, binary, segment);
    if (references > 0) {
      writer.u8(1, 0).u32(references);
      for (const index of parts.referenced) writer.u32(index);
    }
  });
  if (binary.data.length > 0 || binary.countsData) writer.section(12, () => writer.u32(binary.data.length));
  vector(10, types.length + additions.functions.length, () => writer.raw(code.finish()));
  vector(11, binary.data.length, () => {
    for (const { bytes } of binary.data) {
      writer.u8(1).u32(bytes.end - bytes.start);
      copy(bytes);
    }
  });
  const { names } = binary;
  if (names !== undefined) writer.section(0, () => copy(names));
  return writer.finish();
}

function writeImport(writer: ByteWriter, module: string, { name, type, mutable }: AddedImport): void {
  writer
    .name(module)
    .name(name)
    .u8(0x03, valueTypeCode(type), mutable ? 1 : 0);
}

function writeGlobals(
  writer: ByteWriter,
  { binary, flags }: Additions,
  { globals, imports }: NewParts,
): void {
  const constants = new Map(imports.map(({ global }, index) => [global, binary.importedGlobals + index]));
  for (const [index, { type, mutable }] of binary.globals.entries()) {
    const init = globals.get(index);
    if (init === undefined) continue;
    writer.u8(valueTypeCode(type), mutable ? 1 : 0);
    if (init.kind === "plain") {
      writer.raw(binary.bytes, init.expression.start, init.expression.end);
    } else {
      writer
        .u8(op.globalGet)
        .u32(constants.get(init.index) ?? 0)
        .u8(op.end);
    }
  }
  for (let flag = 0; flag < flags; flag++) writer.u8(0x7f, 1, op.i32Const, 0, op.end);
}

/** Active segments become passive ones. */
function writeElements(writer: ByteWriter, binary: CoreBinary, segment: ElementSegment): void {
  const { mode, indices, element, count, items } = segment;
  writer.u8((mode === "declarative" ? 3 : 1) + (indices ? 0 : 4));
  writer.u8(indices ? 0x00 : valueTypeCode(element));
  writer.u32(count).raw(binary.bytes, items.start, items.end);
}
