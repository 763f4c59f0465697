/**
 * What the rewriter knows of instructions: the immediates that follow an opcode and the net effect on the height of the operand
 * stack. Source: the core specification's Binary Format, "Instructions".
 */

/** Opcodes that the rewriter treats in a way of their own. Those after a prefix byte are `prefix << 16 | code`. */
export const op = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  try: 0x06,
  catch: 0x07,
  throw: 0x08,
  rethrow: 0x09,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  returnCall: 0x12,
  returnCallIndirect: 0x13,
  delegate: 0x18,
  catchAll: 0x19,
  drop: 0x1a,
  select: 0x1b,
  selectTyped: 0x1c,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  tableGet: 0x25,
  tableSet: 0x26,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  refNull: 0xd0,
  refIsNull: 0xd1,
  refFunc: 0xd2,
  memoryInit: 0xfc0008,
  dataDrop: 0xfc0009,
  memoryCopy: 0xfc000a,
  memoryFill: 0xfc000b,
  tableInit: 0xfc000c,
  elemDrop: 0xfc000d,
  tableCopy: 0xfc000e,
  tableGrow: 0xfc000f,
  tableSize: 0xfc0010,
  tableFill: 0xfc0011,
  v128Const: 0xfd000c,
} as const;

/** Prefix bytes of opcodes in scope. */
export const PREFIX_MISC = 0xfc;
export const PREFIX_VECTOR = 0xfd;

/** Forms of immediates. */
export const Immediate = {
  invalid: 0,
  none: 1,
  blockType: 2,
  /** One index, label or number of 32 bits. */
  index: 3,
  twoIndices: 4,
  brTable: 5,
  valueTypes: 6,
  memory: 7,
  i32: 8,
  i64: 9,
  bytes4: 10,
  bytes8: 11,
  bytes16: 12,
  memoryLane: 13,
  lane: 14,
  heapType: 15,
} as const;

/** Immediates of one-byte opcodes. */
export const immediates = new Uint8Array(256);
/** Net effect of one-byte opcodes on the height; those that depend on types count as 0 here. */
export const netEffects = new Int8Array(256);

function range(first: number, last: number, immediate: number, net: number): void {
  immediates.fill(immediate, first, last + 1);
  netEffects.fill(net, first, last + 1);
}

range(0x00, 0x01, Immediate.none, 0);
range(0x02, 0x03, Immediate.blockType, 0);
range(0x04, 0x04, Immediate.blockType, -1);
range(0x05, 0x05, Immediate.none, 0);
range(0x06, 0x06, Immediate.blockType, 0);
range(0x07, 0x09, Immediate.index, 0);
range(0x0b, 0x0b, Immediate.none, 0);
range(0x0c, 0x0c, Immediate.index, 0);
range(0x0d, 0x0d, Immediate.index, -1);
range(0x0e, 0x0e, Immediate.brTable, -1);
range(0x0f, 0x0f, Immediate.none, 0);
range(0x10, 0x10, Immediate.index, 0);
range(0x11, 0x11, Immediate.twoIndices, -1);
range(0x12, 0x12, Immediate.index, 0);
range(0x13, 0x13, Immediate.twoIndices, -1);
range(0x18, 0x18, Immediate.index, 0);
range(0x19, 0x19, Immediate.none, 0);
range(0x1a, 0x1a, Immediate.none, -1);
range(0x1b, 0x1b, Immediate.none, -2);
range(0x1c, 0x1c, Immediate.valueTypes, -2);
range(0x20, 0x20, Immediate.index, 1);
range(0x21, 0x21, Immediate.index, -1);
range(0x22, 0x22, Immediate.index, 0);
range(0x23, 0x23, Immediate.index, 1);
range(0x24, 0x24, Immediate.index, -1);
range(0x25, 0x25, Immediate.index, 0);
range(0x26, 0x26, Immediate.index, -2);
range(0x28, 0x35, Immediate.memory, 0);
range(0x36, 0x3e, Immediate.memory, -2);
range(0x3f, 0x3f, Immediate.index, 1);
range(0x40, 0x40, Immediate.index, 0);
range(0x41, 0x41, Immediate.i32, 1);
range(0x42, 0x42, Immediate.i64, 1);
range(0x43, 0x43, Immediate.bytes4, 1);
range(0x44, 0x44, Immediate.bytes8, 1);
range(0x45, 0x45, Immediate.none, 0);
range(0x46, 0x4f, Immediate.none, -1);
range(0x50, 0x50, Immediate.none, 0);
range(0x51, 0x66, Immediate.none, -1);
range(0x67, 0x69, Immediate.none, 0);
range(0x6a, 0x78, Immediate.none, -1);
range(0x79, 0x7b, Immediate.none, 0);
range(0x7c, 0x8a, Immediate.none, -1);
range(0x8b, 0x91, Immediate.none, 0);
range(0x92, 0x98, Immediate.none, -1);
range(0x99, 0x9f, Immediate.none, 0);
range(0xa0, 0xa6, Immediate.none, -1);
range(0xa7, 0xc4, Immediate.none, 0);
range(0xd0, 0xd0, Immediate.heapType, 1);
range(0xd1, 0xd1, Immediate.none, 0);
range(0xd2, 0xd2, Immediate.index, 1);

/** Immediates and net effects of opcodes after 0xfc. */
export const miscImmediates: readonly number[] = [
  ...Array<number>(8).fill(Immediate.none),
  Immediate.twoIndices,
  Immediate.index,
  Immediate.twoIndices,
  Immediate.index,
  Immediate.twoIndices,
  Immediate.index,
  Immediate.twoIndices,
  Immediate.index,
  Immediate.index,
  Immediate.index,
];
export const miscNetEffects: readonly number[] = [
  0, 0, 0, 0, 0, 0, 0, 0, -3, 0, -3, -3, -3, 0, -3, -1, 1, -3,
];

/** Codes after 0xfd from here on are those of relaxed SIMD, whose results depend on the processor. */
export const FIRST_RELAXED_VECTOR_CODE = 0x100;

/** Immediates of opcodes after 0xfd. */
export function vectorImmediate(code: number): number {
  if (code <= 0x0b || code === 0x5c || code === 0x5d) return Immediate.memory;
  if (code === 0x0c || code === 0x0d) return Immediate.bytes16;
  if (code >= 0x15 && code <= 0x22) return Immediate.lane;
  if (code >= 0x54 && code <= 0x5b) return Immediate.memoryLane;
  return Immediate.none;
}

const unaryVector = new Set([
  ...[
    0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x4d, 0x53, 0x5e, 0x5f, 0x60, 0x61, 0x62, 0x63, 0x64, 0x67, 0x68,
    0x69, 0x6a,
  ],
  ...[
    0x74, 0x75, 0x7a, 0x7c, 0x7d, 0x7e, 0x7f, 0x80, 0x81, 0x83, 0x84, 0x87, 0x88, 0x89, 0x8a, 0x94, 0xa0,
    0xa1, 0xa3,
  ],
  ...[
    0xa4, 0xa7, 0xa8, 0xa9, 0xaa, 0xc0, 0xc1, 0xc3, 0xc4, 0xc7, 0xc8, 0xc9, 0xca, 0xe0, 0xe1, 0xe3, 0xec,
    0xed, 0xef,
  ],
  ...[0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff],
]);
const extractLane = new Set([0x15, 0x16, 0x18, 0x19, 0x1b, 0x1d, 0x1f, 0x21]);

/** Net effects of opcodes after 0xfd. */
export function vectorNetEffect(code: number): number {
  if (code <= 0x0a || code === 0x5c || code === 0x5d) return 0;
  if (code === 0x0b || code === 0x52 || (code >= 0x58 && code <= 0x5b)) return -2;
  if (code === 0x0c) return 1;
  if (unaryVector.has(code) || extractLane.has(code)) return 0;
  return -1;
}
