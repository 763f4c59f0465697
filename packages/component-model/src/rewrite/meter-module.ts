import { ByteWriter } from "./byte-writer.ts";
import { FUEL_ONE, FUEL_SHIFT, STACK_MASK } from "./meter-layout.ts";
import { op } from "./opcodes.ts";

/** The exports of the module that holds a meter. Fuel is in units, the stack in units of `STACK_UNIT_BYTES`. */
export interface MeterExports {
  readonly meter: WebAssembly.Global;
  readonly reason: WebAssembly.Global;
  /** Says what `refill` and `nest` set. */
  limit(fuel: number, stack: number): void;
  /** For a call from outside of any guest: all of the fuel, all of the stack. */
  refill(): void;
  /** For a call while another waits for the host: all of the fuel, what is left of the stack. */
  nest(): void;
  set(fuel: number, stack: number): void;
  /** Negative when more was charged than there was. */
  fuel(): number;
  stack(): number;
  why(): number;
  /** Takes so much fuel. */
  pay(fuel: number): void;
}

const I32 = 0x7f;
const I64 = 0x7e;
const F64 = 0x7c;
const I64_SUB = 0x7d;
const I64_AND = 0x83;
const I64_OR = 0x84;
const I64_SHL = 0x86;
const I64_SHR_S = 0x87;
const I32_WRAP = 0xa7;
const I64_EXTEND_U = 0xad;
const I64_TRUNC_F64_S = 0xb0;
const F64_CONVERT_I64_S = 0xb9;
const METER = 0;
const REASON = 1;
const FULL = 2;

interface Part {
  readonly name: string;
  readonly type: number;
  readonly code: (writer: ByteWriter) => void;
}

const types = [
  [0x60, 2, F64, I32, 0],
  [0x60, 0, 0],
  [0x60, 0, 1, F64],
  [0x60, 0, 1, I32],
  [0x60, 1, I32, 0],
];

const join = (writer: ByteWriter): ByteWriter =>
  writer
    .u8(op.localGet, 0, I64_TRUNC_F64_S, op.i64Const, FUEL_SHIFT, I64_SHL)
    .u8(op.localGet, 1, I64_EXTEND_U, I64_OR);

const parts: readonly Part[] = [
  { name: "limit", type: 0, code: (writer) => join(writer).u8(op.globalSet, FULL) },
  { name: "set", type: 0, code: (writer) => join(writer).u8(op.globalSet, METER) },
  {
    name: "refill",
    type: 1,
    code: (writer) =>
      writer.u8(op.globalGet, FULL, op.globalSet, METER, op.i32Const, 0, op.globalSet, REASON),
  },
  {
    name: "nest",
    type: 1,
    code: (writer) =>
      writer
        .u8(op.globalGet, FULL, op.i64Const)
        .signed(-FUEL_ONE)
        .u8(I64_AND, op.globalGet, METER, op.i64Const)
        .signed(STACK_MASK)
        .u8(I64_AND, I64_OR, op.globalSet, METER, op.i32Const, 0, op.globalSet, REASON),
  },
  {
    name: "fuel",
    type: 2,
    code: (writer) => writer.u8(op.globalGet, METER, op.i64Const, FUEL_SHIFT, I64_SHR_S, F64_CONVERT_I64_S),
  },
  {
    name: "stack",
    type: 3,
    code: (writer) => writer.u8(op.globalGet, METER, I32_WRAP, op.i32Const).signed(STACK_MASK).u8(0x71),
  },
  {
    name: "pay",
    type: 4,
    code: (writer) =>
      writer
        .u8(op.globalGet, METER, op.localGet, 0, I64_EXTEND_U, op.i64Const, FUEL_SHIFT, I64_SHL, I64_SUB)
        .u8(op.globalSet, METER),
  },
  { name: "why", type: 3, code: (writer) => writer.u8(op.globalGet, REASON) },
];

/** A module of its own, so that any number of guests can share one meter by importing its globals. */
export function writeMeterModule(): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter().u8(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
  const vector = (id: number, items: readonly (() => void)[]): void => {
    writer.section(id, () => {
      writer.u32(items.length);
      for (const item of items) item();
    });
  };
  vector(
    1,
    types.map((type) => () => writer.u8(...type)),
  );
  vector(
    3,
    parts.map(
      ({ type }) =>
        () =>
          writer.u32(type),
    ),
  );
  vector(
    6,
    [I64, I32, I64].map((type) => () => {
      writer.u8(type, 1, type === I64 ? op.i64Const : op.i32Const, 0, op.end);
    }),
  );
  vector(7, [
    () => writer.name("meter").u8(3, METER),
    () => writer.name("reason").u8(3, REASON),
    ...parts.map(
      ({ name }, index) =>
        () =>
          writer.name(name).u8(0, index),
    ),
  ]);
  vector(
    10,
    parts.map(({ code }) => () => {
      writer.sized(() => {
        writer.u8(0);
        code(writer);
        writer.u8(op.end);
      });
    }),
  );
  return writer.finish();
}
