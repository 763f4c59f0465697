import type { CoreValueType } from "../types.ts";
import type { Additions } from "./additions.ts";
import { type Substitute, substituteKey } from "./function-code.ts";
import { Reason } from "./meter-layout.ts";
import { op } from "./opcodes.ts";
import type { Survey } from "./survey.ts";

/** What one element of a table counts as, in bytes. */
export const TABLE_ELEMENT_BYTES = 16;

const EMPTY = 0x40;
const I32_EQ = 0x46;
const I64_GT_U = 0x56;
const I64_ADD = 0x7c;
const I64_SUB = 0x7d;
const I64_SHL = 0x86;
const I64_EXTEND_U = 0xad;
const MAX_PAGES = 65_536;
const MAX_TABLE_ELEMENTS = 10_000_000;

/**
 * Functions in the place of `memory.grow` and `table.grow`: they answer -1 where the bytes left would not do, and note that. What the engine
 * refuses although the module allows it ends the guest, because another engine might not refuse it.
 *
 * @param budget index of the global with the bytes left
 * @param reason index of the global that says why a guest stopped
 */
export function addGrowthSubstitutes(
  additions: Additions,
  survey: Survey,
  budget: number,
  reason: number,
  substitutes: Map<string, Substitute>,
): void {
  const { binary } = additions;
  for (const index of survey.grownMemories) {
    const max = binary.memories[index]?.max ?? MAX_PAGES;
    const call = grow(additions, [], 16, max, budget, reason, {
      grow: [op.memoryGrow, ...leb(index)],
      size: [op.memorySize, ...leb(index)],
    });
    substitutes.set(substituteKey(op.memoryGrow, index), { kind: "call", function: call });
  }
  for (const index of survey.grownTables) {
    const table = binary.tables[index];
    if (table === undefined) continue;
    const max = Math.min(table.max ?? MAX_TABLE_ELEMENTS, MAX_TABLE_ELEMENTS);
    const call = grow(additions, [table.element], Math.log2(TABLE_ELEMENT_BYTES), max, budget, reason, {
      grow: [0xfc, 0x0f, ...leb(index)],
      size: [0xfc, 0x10, ...leb(index)],
    });
    substitutes.set(substituteKey(op.tableGrow, index), { kind: "call", function: call });
  }
}

function grow(
  additions: Additions,
  before: readonly CoreValueType[],
  shift: number,
  max: number,
  budget: number,
  reason: number,
  code: { readonly grow: readonly number[]; readonly size: readonly number[] },
): number {
  const delta = before.length;
  const size = delta + 1;
  return additions.function([...before, "i32"], ["i32"], ["i32"], (writer) => {
    const bytes = [op.localGet, delta, I64_EXTEND_U, op.i64Const, shift, I64_SHL];
    const refuse = [op.if, EMPTY, op.i32Const, 0x7f, op.return, op.end];
    // More than is left, or more than the module allows.
    writer
      .u8(...bytes, op.globalGet)
      .u32(budget)
      .u8(I64_GT_U, op.if, EMPTY, op.i32Const, Reason.refused, op.globalSet)
      .u32(reason)
      .u8(op.i32Const, 0x7f, op.return, op.end);
    writer.u8(...code.size, op.localTee, size, I64_EXTEND_U, op.localGet, delta, I64_EXTEND_U, I64_ADD);
    writer
      .u8(op.i64Const)
      .signed(max)
      .u8(I64_GT_U, ...refuse);
    if (before.length > 0) writer.u8(op.localGet, 0);
    writer.u8(op.localGet, delta, ...code.grow, op.i32Const, 0x7f, I32_EQ, op.if, EMPTY);
    writer.u8(op.i32Const, Reason.memory, op.globalSet).u32(reason).u8(op.unreachable, op.end);
    writer
      .u8(op.globalGet)
      .u32(budget)
      .u8(...bytes, I64_SUB, op.globalSet)
      .u32(budget);
    writer.u8(op.localGet, size);
  });
}

function leb(index: number): number[] {
  return index < 0x80 ? [index] : [(index & 0x7f) | 0x80, ...leb(index >>> 7)];
}
