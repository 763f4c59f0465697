import type { Additions } from "./additions.ts";
import { InstructionReader } from "./instruction-reader.ts";
import { op } from "./opcodes.ts";
import type { Survey } from "./survey.ts";

/** Names of what gives the host the functions that a module may pass around as references, in the order of their indices. */
export interface ReferenceExports {
  /** A function that fills the table, to be called once before its use. */
  readonly fill: string;
  readonly table: string;
  /** How many functions there are. */
  readonly count: number;
}

/**
 * Every function that `ref.func` or an element segment names may turn up in a table or a global. A table of all of them lets the
 * host say which one a reference is, and find it again in another instance. It stays empty until it is needed.
 */
export function findReferences(additions: Additions, survey: Survey): number[] {
  const { binary } = additions;
  const found = new Set(survey.referenced);
  for (const { items, indices, count } of binary.elements) {
    const reader = new InstructionReader(binary.bytes, items.start, items.end);
    if (indices) {
      for (let index = 0; index < count; index++) found.add(reader.u32());
    } else {
      while (!reader.done) {
        reader.next();
        if (reader.op === op.refFunc) found.add(reader.first);
      }
    }
  }
  for (const { init } of binary.globals) {
    if (init === undefined) continue;
    const reader = new InstructionReader(binary.bytes, init.start, init.end);
    reader.next();
    if (reader.op === op.refFunc) found.add(reader.first);
  }
  return [...found].sort((a, b) => a - b);
}

/** The table is added after those of the module, its segment after those of the module. */
export function addReferences(additions: Additions, count: number): ReferenceExports | undefined {
  if (count === 0) return undefined;
  const { binary } = additions;
  const table = binary.tables.length;
  const segment = binary.elements.length;
  const fill = additions.function([], [], [], (writer) => {
    writer.u8(op.refNull, 0x70, op.i32Const).signed(count).u8(0xfc, 0x0f).u32(table).u8(op.drop);
    writer
      .u8(op.i32Const, 0, op.i32Const, 0, op.i32Const)
      .signed(count)
      .u8(0xfc, 0x0c)
      .u32(segment)
      .u32(table);
  });
  return {
    fill: additions.export("fill-references", 0, fill),
    table: additions.export("references", 1, table),
    count,
  };
}
