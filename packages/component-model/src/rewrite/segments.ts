import type { Additions } from "./additions.ts";
import type { ByteWriter } from "./byte-writer.ts";
import type { CoreBinary } from "./core-binary.ts";
import { type CodePlan, type Substitute, substituteKey, writePlainCode } from "./function-code.ts";
import { op } from "./opcodes.ts";
import type { Survey } from "./survey.ts";

/**
 * Segments are never dropped for good, because an engine has no way to bring one back. Those that code uses have a flag, part of the
 * state, that says whether they are dropped; active ones are dropped from the start.
 */

const I32_OR = 0x72;
const EMPTY = 0x40;
const memoryInit = [0xfc, 0x08];
const tableInit = [0xfc, 0x0c];

/** Adds flags and functions for the segments that code uses, and notes them as substitutes. */
export function addSegmentSubstitutes(
  additions: Additions,
  survey: Survey,
  substitutes: Map<string, Substitute>,
  flags: number[],
): void {
  const { binary } = additions;
  const kinds = [
    { used: survey.usedData, segments: binary.data, init: memoryInit, codes: [op.memoryInit, op.dataDrop] },
    {
      used: survey.usedElements,
      segments: binary.elements,
      init: tableInit,
      codes: [op.tableInit, op.elemDrop],
    },
  ] as const;
  for (const { used, segments, init, codes } of kinds) {
    for (const [index, targets] of used) {
      const segment = segments[index];
      if (segment === undefined) continue;
      const passive = "mode" in segment ? segment.mode === "passive" : segment.offset === undefined;
      const flag = passive ? additions.flag() : undefined;
      if (flag !== undefined) flags.push(flag);
      substitutes.set(substituteKey(codes[1], index), { kind: "drop", flag });
      for (const target of targets) {
        const call = additions.function(["i32", "i32", "i32"], [], [], (writer) =>
          initUnlessDropped(writer, init, index, target, flag),
        );
        substitutes.set(substituteKey(codes[0], index, target), { kind: "call", function: call });
      }
    }
  }
}

/**
 * `memory.init` or `table.init`. A dropped segment is one of length zero: the source is moved beyond any segment's end, unless the
 * length is zero and the source is too.
 */
function initUnlessDropped(
  writer: ByteWriter,
  init: readonly number[],
  segment: number,
  target: number,
  flag: number | undefined,
): void {
  if (flag === undefined) writer.u8(op.i32Const).signed(1);
  else writer.u8(op.globalGet).u32(flag);
  writer.u8(op.if, EMPTY, op.localGet, 1, op.localGet, 2, I32_OR, op.if, EMPTY);
  writer.u8(op.i32Const).signed(-1).u8(op.localSet, 1, op.end, op.end);
  writer
    .u8(op.localGet, 0, op.localGet, 1, op.localGet, 2, ...init)
    .u32(segment)
    .u32(target);
}

/** A function that fills the tables by the active segments; undefined when there are none. */
export function addTableFill(additions: Additions, plan: CodePlan): string | undefined {
  const { binary } = additions;
  const active = [...binary.elements.entries()].filter(([, segment]) => segment.mode === "active");
  if (active.length === 0) return undefined;
  const fill = additions.function([], [], [], (writer) => {
    for (const [index, { offset, count, table }] of active) {
      if (offset === undefined) continue;
      writeOffset(writer, binary, offset, plan);
      writer
        .u8(op.i32Const, 0, op.i32Const)
        .signed(count | 0)
        .u8(...tableInit)
        .u32(index)
        .u32(table);
    }
  });
  return additions.export("fill-tables", 0, fill);
}

/** A function that fills the memories by the active segments; undefined when there are none. */
export function addMemoryFill(additions: Additions, plan: CodePlan): string | undefined {
  const { binary } = additions;
  const active = [...binary.data.entries()].filter(([, segment]) => segment.offset !== undefined);
  if (active.length === 0) return undefined;
  const fill = additions.function([], [], [], (writer) => {
    for (const [index, { offset, bytes, memory }] of active) {
      if (offset === undefined) continue;
      writeOffset(writer, binary, offset, plan);
      const length = bytes.end - bytes.start;
      writer
        .u8(op.i32Const, 0, op.i32Const)
        .signed(length | 0)
        .u8(...memoryInit)
        .u32(index)
        .u32(memory);
    }
  });
  return additions.export("fill-memories", 0, fill);
}

function writeOffset(
  writer: ByteWriter,
  binary: CoreBinary,
  offset: { start: number; end: number },
  plan: CodePlan,
): void {
  writePlainCode(writer, binary, { start: offset.start, end: offset.end - 1 }, plan);
}
