import type { CoreValueType } from "../types.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { type ChargePoint, chargePoints } from "./charge-points.ts";
import type { CoreBinary } from "./core-binary.ts";
import { type CodePlan, isSubstituted, writeSubstitute } from "./function-code.ts";
import { InstructionReader } from "./instruction-reader.ts";
import {
  EXHAUSTED_MASK,
  FUEL_ONE,
  FUEL_SHIFT,
  MAX_STACK_UNITS,
  Reason,
  STACK_MASK,
  STACK_UNIT_BYTES,
} from "./meter-layout.ts";
import { op } from "./opcodes.ts";
import { frameBytes } from "./static-functions.ts";
import { type FunctionSurvey, functionType, isBulk, type Survey } from "./survey.ts";
import { valueTypeCode } from "./value-types.ts";

export interface MeterPlan {
  /** Index of the global that is the meter (`meter-layout.ts`), and of the one that says why a guest stopped. */
  readonly meter: number;
  readonly reason: number;
  readonly survey: Survey;
  readonly staticCosts: ReadonlyMap<number, number>;
  /** Index of a type without parameters and with these results. */
  readonly blockType: (results: readonly CoreValueType[]) => number;
}

/** Where the meter's present value is: the local of the function, the global, or both. */
type Place = "local" | "global" | "both";

const I64_NE = 0x52;
const I64_LT_S = 0x53;
const I64_ADD = 0x7c;
const I64_SUB = 0x7d;
const I64_AND = 0x83;
const I64_OR = 0x84;
const I64_SHL = 0x86;
const I64_SHR_U = 0x88;
const I64_EXTEND_I32_U = 0xad;
const TYPE_I32 = 0x7f;
const TYPE_I64 = 0x7e;
const TYPE_EMPTY = 0x40;
/** So that charges are exact as JavaScript numbers. */
const MAX_CHARGE = 2 ** 31;
/** Bulk operations cost one unit of fuel for so many bytes, as a power of two. */
const BULK_SHIFT = 5;

/**
 * Writes a function that pays fuel and counts its depth. Inside the function the meter is a local; around calls of metered
 * functions it is in the global.
 *
 *     block                 ;; ends where the guest stops itself
 *       block (results)     ;; takes the place of the function's own label
 *         charge, check; …
 *       end
 *       give back the frame; return
 *     end
 *     note the reason; unreachable
 */
export class MeteredBody {
  readonly #writer: ByteWriter;
  readonly #binary: CoreBinary;
  readonly #plan: CodePlan;
  readonly #meter: MeterPlan;
  readonly #index: number;
  readonly #survey: FunctionSurvey;
  readonly #local: number;
  readonly #frameUnits: number;
  #place: Place = "global";
  #depth = 0;

  constructor(writer: ByteWriter, binary: CoreBinary, plan: CodePlan, meter: MeterPlan, index: number) {
    this.#writer = writer;
    this.#binary = binary;
    this.#plan = plan;
    this.#meter = meter;
    this.#index = index;
    const survey = meter.survey.functions[index];
    if (survey === undefined) throw new Error(`Invariant: function ${index} was surveyed`);
    this.#survey = survey;
    this.#local = survey.locals;
    this.#frameUnits = Math.min(Math.ceil(frameBytes(survey) / STACK_UNIT_BYTES), MAX_STACK_UNITS);
  }

  write(): void {
    const writer = this.#writer;
    const { results } = functionType(this.#binary, this.#binary.importedFunctions + this.#index);
    this.#locals();
    writer.u8(op.block, TYPE_EMPTY, op.block);
    if (results.length === 0) writer.u8(TYPE_EMPTY);
    else if (results.length === 1) writer.u8(valueTypeCode(results[0] as CoreValueType));
    else writer.signed(this.#meter.blockType(results));
    this.#code();
    this.#leave();
    writer.u8(op.return, op.end);
    this.#stop();
  }

  /** The function's own locals, then the meter and a number for lengths of bulk operations. */
  #locals(): void {
    const { start } = this.#binary.code[this.#index] as { start: number };
    const reader = new InstructionReader(this.#binary.bytes, start, this.#survey.codeStart);
    const groups = reader.u32();
    const writer = this.#writer;
    writer.u32(groups + 2).raw(this.#binary.bytes, reader.at, this.#survey.codeStart);
    writer.u8(1, TYPE_I64, 1, TYPE_I32);
  }

  #code(): void {
    const { bytes } = this.#binary;
    const writer = this.#writer;
    const staticCost = (callee: number) => this.#meter.staticCosts.get(callee);
    const points = chargePoints(this.#binary, this.#index, this.#survey, staticCost);
    const end = this.#binary.code[this.#index]?.end ?? 0;
    const reader = new InstructionReader(bytes, this.#survey.codeStart, end);
    let copied = reader.at;
    let next = 0;
    while (!reader.done) {
      const point = points[next];
      if (point !== undefined && point.offset === reader.at) {
        writer.raw(bytes, copied, reader.at);
        copied = reader.at;
        this.#charge(point);
        next++;
      }
      reader.next();
      if (!this.#isSpecial(reader)) continue;
      writer.raw(bytes, copied, reader.start);
      copied = reader.at;
      this.#instruction(reader);
    }
    writer.raw(bytes, copied, end);
  }

  #isSpecial(reader: InstructionReader): boolean {
    switch (reader.op) {
      case op.block:
      case op.loop:
      case op.if:
      case op.else:
      case op.try:
      case op.catch:
      case op.catchAll:
      case op.delegate:
      case op.end:
      case op.br:
      case op.brIf:
      case op.brTable:
      case op.return:
      case op.throw:
      case op.rethrow:
      case op.callIndirect:
      case op.returnCall:
      case op.returnCallIndirect:
        return true;
      case op.call:
        return !this.#meter.staticCosts.has(reader.first);
      default:
        return isBulk(reader.op) || isSubstituted(reader, this.#binary, this.#plan);
    }
  }

  #instruction(reader: InstructionReader): void {
    const writer = this.#writer;
    switch (reader.op) {
      case op.call:
      case op.callIndirect:
        this.#toGlobal();
        this.#copy(reader);
        this.#place = "global";
        return;
      case op.returnCall:
      case op.returnCallIndirect:
        this.#leave();
        this.#copy(reader);
        this.#place = "local";
        return;
      case op.return:
        this.#toLocal();
        writer.u8(op.br).u32(this.#depth);
        return;
      case op.throw:
      case op.rethrow:
        this.#toGlobal();
        this.#copy(reader);
        return;
      case op.block:
      case op.try:
        this.#toLocal();
        this.#depth++;
        this.#copy(reader);
        return;
      case op.loop:
      case op.if:
        this.#toLocal();
        this.#depth++;
        this.#copy(reader);
        this.#place = "local";
        return;
      case op.end:
      case op.delegate:
        this.#toLocal();
        this.#depth--;
        this.#copy(reader);
        this.#place = "local";
        return;
      case op.catch:
      case op.catchAll:
        this.#toLocal();
        this.#copy(reader);
        this.#caught();
        return;
      case op.else:
        this.#toLocal();
        this.#copy(reader);
        this.#place = "local";
        return;
      case op.br:
      case op.brIf:
      case op.brTable:
        this.#toLocal();
        this.#copy(reader);
        return;
      default:
        if (isBulk(reader.op)) this.#chargeLength(reader.op);
        if (isSubstituted(reader, this.#binary, this.#plan)) writeSubstitute(writer, reader, this.#plan);
        else this.#copy(reader);
    }
  }

  #copy(reader: InstructionReader): void {
    this.#writer.raw(this.#binary.bytes, reader.start, reader.at);
  }

  #charge({ kind, cost }: ChargePoint): void {
    const writer = this.#writer;
    this.#read();
    const frame = kind === "entry" ? this.#frameUnits : 0;
    writer.u8(op.i64Const).signed(Math.min(cost, MAX_CHARGE) * FUEL_ONE + frame);
    if (kind === "branch") {
      writer.u8(I64_SUB, op.localSet).u32(this.#local);
    } else {
      writer.u8(I64_SUB, op.localTee).u32(this.#local);
      if (kind === "entry") writer.u8(op.i64Const).s64(EXHAUSTED_MASK).u8(I64_AND, op.i64Const, 0, I64_NE);
      else writer.u8(op.i64Const, 0, I64_LT_S);
      writer.u8(op.brIf).u32(this.#depth + 1);
    }
    this.#place = "local";
  }

  /** Charges a bulk operation for its length, which is on top of the stack, in bytes or elements. */
  #chargeLength(code: number): void {
    const writer = this.#writer;
    const length = this.#local + 1;
    const isMemory = code <= op.memoryFill;
    writer.u8(op.localSet).u32(length);
    this.#read();
    writer.u8(op.localGet).u32(length).u8(I64_EXTEND_I32_U);
    if (isMemory) writer.u8(op.i64Const, BULK_SHIFT, I64_SHR_U);
    writer.u8(op.i64Const, FUEL_SHIFT, I64_SHL, I64_SUB, op.localTee).u32(this.#local);
    writer.u8(op.i64Const, 0, I64_LT_S, op.brIf).u32(this.#depth + 1);
    writer.u8(op.localGet).u32(length);
    this.#place = "local";
  }

  /** Puts the present value on the operand stack. */
  #read(): void {
    if (this.#place === "global") this.#writer.u8(op.globalGet).u32(this.#meter.meter);
    else this.#writer.u8(op.localGet).u32(this.#local);
  }

  #toGlobal(): void {
    if (this.#place !== "local") return;
    this.#writer.u8(op.localGet).u32(this.#local).u8(op.globalSet).u32(this.#meter.meter);
    this.#place = "both";
  }

  #toLocal(): void {
    if (this.#place !== "global") return;
    this.#writer.u8(op.globalGet).u32(this.#meter.meter).u8(op.localSet).u32(this.#local);
    this.#place = "both";
  }

  /** Gives back the frame; the function must end after it. */
  #leave(): void {
    this.#read();
    this.#writer.u8(op.i64Const).signed(this.#frameUnits).u8(I64_ADD, op.globalSet).u32(this.#meter.meter);
  }

  /** Functions that an exception ended did not give back their frames: fuel is as they left it, the stack as it was here. */
  #caught(): void {
    const writer = this.#writer;
    writer.u8(op.globalGet).u32(this.#meter.meter).u8(op.i64Const).signed(-FUEL_ONE).u8(I64_AND);
    writer.u8(op.localGet).u32(this.#local).u8(op.i64Const).signed(STACK_MASK).u8(I64_AND, I64_OR);
    writer.u8(op.localSet).u32(this.#local);
    this.#place = "local";
  }

  /** Fuel is used up when the meter is negative, else it is the stack. */
  #stop(): void {
    const writer = this.#writer;
    this.#place = "local";
    writer.u8(op.i32Const, Reason.fuel, op.i32Const, Reason.stack);
    writer.u8(op.localGet).u32(this.#local).u8(op.i64Const, 0, I64_LT_S, op.select);
    writer.u8(op.globalSet).u32(this.#meter.reason);
    this.#toGlobal();
    writer.u8(op.unreachable, op.end);
  }
}
