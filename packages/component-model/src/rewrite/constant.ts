import { ComponentModelError } from "../errors.ts";
import type { CoreBinary, Range } from "./core-binary.ts";
import { InstructionReader } from "./instruction-reader.ts";
import { op } from "./opcodes.ts";

/** An integer that a constant expression gives: `bigint` for i64. */
export type ConstantValue = number | bigint;

/**
 * Constant expressions that every engine in reach takes have one instruction, and name no global but an imported one. Others
 * (extended constant expressions, globals defined earlier) are replaced.
 */
export type GlobalInit =
  /** The same expression, or that of the global which it names. */
  | { readonly kind: "plain"; readonly expression: Range }
  /** The host evaluates it. */
  | { readonly kind: "evaluated"; readonly index: number; readonly type: "i32" | "i64" };

/** How each defined global begins, by its index. */
export function planGlobals(binary: CoreBinary): Map<number, GlobalInit> {
  const plan = new Map<number, GlobalInit>();
  for (const [index, { init, type }] of binary.globals.entries()) {
    if (init === undefined) continue;
    const reader = new InstructionReader(binary.bytes, init.start, init.end);
    reader.next();
    const { op: code, first } = reader;
    checkGlobal(binary, reader, index);
    reader.next();
    if (reader.op !== op.end) {
      if (type !== "i32" && type !== "i64") throw reader.malformed("invalid constant expression", init.start);
      for (; reader.op !== op.end; reader.next()) checkGlobal(binary, reader, index);
      plan.set(index, { kind: "evaluated", index, type });
    } else if (code === op.globalGet && first >= binary.importedGlobals) {
      plan.set(index, plan.get(first) as GlobalInit);
    } else {
      plan.set(index, { kind: "plain", expression: init });
    }
  }
  return plan;
}

/** A global that a constant expression names must come earlier and never change. */
function checkGlobal(binary: CoreBinary, reader: InstructionReader, before: number): void {
  if (reader.op !== op.globalGet) return;
  if (reader.first < before && binary.globals[reader.first]?.mutable === false) return;
  const { start: offset, first } = reader;
  throw new ComponentModelError("invalid", `constant expression at byte ${offset} names global ${first}`, {
    offset,
  });
}

/**
 * Values of the globals that the host has to evaluate, by index. `imported` gives those of imported globals.
 *
 * @throws ComponentModelError `malformed` for an expression that is none over integers
 */
export function evaluateGlobals(
  binary: CoreBinary,
  plan: ReadonlyMap<number, GlobalInit>,
  imported: (index: number) => ConstantValue,
): Map<number, ConstantValue> {
  const values = new Map<number, ConstantValue>();
  const lookUp = (index: number): ConstantValue => {
    const init = plan.get(index);
    if (init === undefined) return imported(index);
    if (init.kind === "plain") return evaluate(binary, init.expression, imported);
    const value = values.get(init.index);
    if (value === undefined) throw new Error(`Invariant: global ${init.index} is evaluated before ${index}`);
    return value;
  };
  for (const [index, init] of plan) {
    if (init.kind !== "evaluated" || init.index !== index) continue;
    const expression = binary.globals[index]?.init;
    if (expression !== undefined) values.set(index, evaluate(binary, expression, lookUp));
  }
  return values;
}

function evaluate(
  binary: CoreBinary,
  expression: Range,
  lookUp: (index: number) => ConstantValue,
): ConstantValue {
  const reader = new InstructionReader(binary.bytes, expression.start, expression.end);
  const stack: ConstantValue[] = [];
  for (;;) {
    reader.next();
    switch (reader.op) {
      case op.end: {
        const value = stack.pop();
        if (value === undefined || stack.length > 0) throw reader.malformed("invalid constant expression");
        return value;
      }
      case op.i32Const:
        stack.push(Number(BigInt.asIntN(32, readSigned(reader))));
        break;
      case op.i64Const:
        stack.push(BigInt.asIntN(64, readSigned(reader)));
        break;
      case op.globalGet:
        stack.push(lookUp(reader.first));
        break;
      default:
        stack.push(arithmetic(reader, stack.pop(), stack.pop()));
    }
  }
}

function arithmetic(
  reader: InstructionReader,
  right: ConstantValue | undefined,
  left: ConstantValue | undefined,
): ConstantValue {
  const code = reader.op;
  if (typeof left === "number" && typeof right === "number") {
    if (code === 0x6a) return (left + right) | 0;
    if (code === 0x6b) return (left - right) | 0;
    if (code === 0x6c) return Math.imul(left, right);
  } else if (typeof left === "bigint" && typeof right === "bigint") {
    if (code === 0x7c) return BigInt.asIntN(64, left + right);
    if (code === 0x7d) return BigInt.asIntN(64, left - right);
    if (code === 0x7e) return BigInt.asIntN(64, left * right);
  }
  throw reader.malformed("invalid constant expression");
}

/** The LEB128 number that the instruction has as its immediate. */
function readSigned(reader: InstructionReader): bigint {
  let value = 0n;
  let shift = 0n;
  for (let at = reader.immediates; at < reader.at; at++, shift += 7n) {
    const byte = reader.bytes[at] as number;
    value |= BigInt(byte & 0x7f) << shift;
    if (at === reader.at - 1 && (byte & 0x40) !== 0) value -= 1n << (shift + 7n);
  }
  return value;
}
