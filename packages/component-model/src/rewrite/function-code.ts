import type { ByteWriter } from "./byte-writer.ts";
import type { CoreBinary, Range } from "./core-binary.ts";
import { InstructionReader } from "./instruction-reader.ts";
import { MeteredBody, type MeterPlan } from "./metered-body.ts";
import { op } from "./opcodes.ts";
import type { Survey } from "./survey.ts";

/** What becomes of instructions that have to do with more than the function itself. Numbers are indices of the new module. */
export interface CodePlan {
  /** Added to the indices of defined globals: the rewriter's own imports come before them. */
  readonly globalShift: number;
  /** Calls that take the place of instructions, by opcode and immediates as `substituteKey` writes them. */
  readonly substitutes: ReadonlyMap<string, Substitute>;
  readonly meter: MeterPlan | undefined;
}

export type Substitute =
  | { readonly kind: "call"; readonly function: number }
  /** Notes that a segment is dropped; nothing to note where it always is. */
  | { readonly kind: "drop"; readonly flag: number | undefined };

export function substituteKey(code: number, first: number, second = 0): string {
  return `${code} ${first} ${second}`;
}

/** Writes the bodies of a module's functions. */
export function writeFunctionBodies(
  writer: ByteWriter,
  binary: CoreBinary,
  survey: Survey,
  plan: CodePlan,
): void {
  const verbatim = plan.globalShift === 0 && plan.substitutes.size === 0 && plan.meter === undefined;
  for (const [index, body] of binary.code.entries()) {
    if (verbatim) {
      writer.u32(body.end - body.start).raw(binary.bytes, body.start, body.end);
      continue;
    }
    writer.sized(() => {
      const codeStart = survey.functions[index]?.codeStart ?? body.start;
      const range = { start: body.start, end: body.end };
      if (plan.meter === undefined || plan.meter.staticCosts.has(binary.importedFunctions + index)) {
        writer.raw(binary.bytes, body.start, codeStart);
        writePlainCode(writer, binary, { start: codeStart, end: range.end }, plan);
      } else {
        new MeteredBody(writer, binary, plan, plan.meter, index).write();
      }
    });
  }
}

/** Writes code (a body or a constant expression) with its substitutes. */
export function writePlainCode(writer: ByteWriter, binary: CoreBinary, code: Range, plan: CodePlan): void {
  const reader = new InstructionReader(binary.bytes, code.start, code.end);
  let copied = code.start;
  while (!reader.done) {
    reader.next();
    if (!isSubstituted(reader, binary, plan)) continue;
    writer.raw(binary.bytes, copied, reader.start);
    writeSubstitute(writer, reader, plan);
    copied = reader.at;
  }
  writer.raw(binary.bytes, copied, code.end);
}

/** Whether `writeSubstitute` takes the place of the instruction. */
export function isSubstituted(reader: InstructionReader, binary: CoreBinary, plan: CodePlan): boolean {
  const code = reader.op;
  if (code === op.globalGet || code === op.globalSet) {
    return plan.globalShift > 0 && reader.first >= binary.importedGlobals;
  }
  if (code < op.memoryGrow || plan.substitutes.size === 0) return false;
  return plan.substitutes.has(keyOf(reader));
}

function keyOf({ op: code, first, second }: InstructionReader): string {
  return substituteKey(code, first, code === op.memoryInit || code === op.tableInit ? second : 0);
}

export function writeSubstitute(writer: ByteWriter, reader: InstructionReader, plan: CodePlan): void {
  const code = reader.op;
  if (code === op.globalGet || code === op.globalSet) {
    writer.u8(code).u32(reader.first + plan.globalShift);
    return;
  }
  const substitute = plan.substitutes.get(keyOf(reader));
  if (substitute?.kind === "call") writer.u8(op.call).u32(substitute.function);
  else if (substitute?.flag !== undefined) {
    writer.u8(op.i32Const).signed(1).u8(op.globalSet).u32(substitute.flag);
  }
}
