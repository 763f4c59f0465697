import type { CoreFuncType } from "../types.ts";
import type { CoreBinary } from "./core-binary.ts";
import { InstructionReader } from "./instruction-reader.ts";
import { miscNetEffects, netEffects, op, PREFIX_MISC, PREFIX_VECTOR, vectorNetEffect } from "./opcodes.ts";

/** What the code of one function does, as far as metering has to know. */
export interface FunctionSurvey {
  /** Offset of the first instruction, after the declarations of locals. */
  readonly codeStart: number;
  /** Parameters included. */
  readonly locals: number;
  /** Operands on the stack at the most, by an upper bound. */
  readonly height: number;
  readonly usesVectors: boolean;
  /** Fuel for each instruction once, without called functions. */
  readonly cost: number;
  /** Functions called directly, one entry per place. */
  readonly calls: readonly number[];
  /** Time or depth depend on more than the instructions: loops, indirect and tail calls, bulk operations. */
  readonly open: boolean;
}

/** By segment, the memories or tables that it is copied to. */
type SegmentUses = ReadonlyMap<number, ReadonlySet<number>>;

/** What the code of a module does, as far as rewriting has to know. */
export interface Survey {
  /** One for each function with a body. */
  readonly functions: readonly FunctionSurvey[];
  /** Tables whose contents code may change after the start. */
  readonly changedTables: ReadonlySet<number>;
  /** Data and element segments that code uses or drops. */
  readonly usedData: SegmentUses;
  readonly usedElements: SegmentUses;
  readonly grownMemories: ReadonlySet<number>;
  readonly grownTables: ReadonlySet<number>;
  /** Functions that `ref.func` in code names. */
  readonly referenced: ReadonlySet<number>;
}

/** Fuel of a call beyond that of the instruction: into a function that may be too short to be metered, and into an import. */
const INDIRECT_CALL_COST = 8;
const IMPORT_CALL_COST = 200;
const GROW_COST = 1000;

/** Fuel of an instruction. What only marks the structure of the code is free. */
export function instructionCost(code: number): number {
  switch (code) {
    case op.nop:
    case op.block:
    case op.loop:
    case op.else:
    case op.try:
    case op.catch:
    case op.catchAll:
    case op.delegate:
    case op.end:
      return 0;
    case op.callIndirect:
    case op.returnCallIndirect:
      return 1 + INDIRECT_CALL_COST;
    case op.memoryGrow:
    case op.tableGrow:
      return GROW_COST;
    default:
      return 1;
  }
}

export function callCost(binary: CoreBinary, callee: number): number {
  return callee < binary.importedFunctions ? IMPORT_CALL_COST : 0;
}

/** `metered` says whether cost, height and calls are asked for; they are zero and empty otherwise. */
export function surveyModule(binary: CoreBinary, metered: boolean): Survey {
  const module = {
    changedTables: new Set<number>(),
    usedData: new Map<number, Set<number>>(),
    usedElements: new Map<number, Set<number>>(),
    grownMemories: new Set<number>(),
    grownTables: new Set<number>(),
    referenced: new Set<number>(),
  };
  const functions = binary.code.map((_, index) =>
    metered ? surveyFunction(binary, index, module) : skimFunction(binary, index, module),
  );
  return { ...module, functions };
}

interface ModuleFacts {
  readonly changedTables: Set<number>;
  readonly usedData: Map<number, Set<number>>;
  readonly usedElements: Map<number, Set<number>>;
  readonly grownMemories: Set<number>;
  readonly grownTables: Set<number>;
  readonly referenced: Set<number>;
}

function skimFunction(binary: CoreBinary, index: number, module: ModuleFacts): FunctionSurvey {
  const { start, end } = binary.code[index] as { start: number; end: number };
  const reader = new InstructionReader(binary.bytes, start, end);
  const locals = readLocals(reader);
  const codeStart = reader.at;
  while (!reader.done) {
    reader.next();
    if (reader.op >= op.tableSet) note(reader, module);
  }
  return { codeStart, locals, height: 0, usesVectors: false, cost: 0, calls: [], open: false };
}

function surveyFunction(binary: CoreBinary, index: number, module: ModuleFacts): FunctionSurvey {
  const { start, end } = binary.code[index] as { start: number; end: number };
  const reader = new InstructionReader(binary.bytes, start, end);
  const type = functionType(binary, binary.importedFunctions + index);
  const locals = type.params.length + readLocals(reader);
  const codeStart = reader.at;
  const heights = new Heights(binary, type);
  const calls: number[] = [];
  let cost = 0;
  let open = false;
  let usesVectors = false;
  while (!heights.done) {
    reader.next();
    const code = reader.op;
    cost += instructionCost(code);
    if (code >> 16 === PREFIX_VECTOR) usesVectors = true;
    else if (code === op.call) {
      calls.push(reader.first);
      cost += callCost(binary, reader.first);
    } else if (isOpen(code)) open = true;
    if (code >= op.tableSet) note(reader, module);
    heights.apply(reader);
  }
  if (!reader.done) throw reader.malformed("code after the end of a function", reader.at);
  return { codeStart, locals, height: heights.most, usesVectors, cost, calls, open };
}

/** The type of a function of the index space. */
export function functionType(binary: CoreBinary, index: number): CoreFuncType {
  return binary.types[binary.functions[index] ?? -1] ?? { params: [], results: [] };
}

const maxLocals = 50_000;

/** Skips the declarations of locals and counts them. */
function readLocals(reader: InstructionReader): number {
  const groups = reader.u32();
  let total = 0;
  for (let group = 0; group < groups; group++) {
    total += reader.u32();
    const type = reader.u32();
    if (type === 0x63 || type === 0x64) reader.u32();
    if (total > maxLocals) throw reader.malformed(`more than ${maxLocals} locals`, reader.at);
  }
  return total;
}

function isOpen(code: number): boolean {
  switch (code) {
    case op.loop:
    case op.try:
    case op.callIndirect:
    case op.returnCall:
    case op.returnCallIndirect:
      return true;
    default:
      return isBulk(code);
  }
}

/** Operations whose time depends on their last operand, a length. */
export function isBulk(code: number): boolean {
  return (
    code >= op.memoryInit &&
    code <= op.tableFill &&
    code !== op.dataDrop &&
    code !== op.elemDrop &&
    code !== op.tableSize
  );
}

function note({ op: code, first, second }: InstructionReader, module: ModuleFacts): void {
  switch (code) {
    case op.tableSet:
    case op.tableFill:
    case op.tableCopy:
      module.changedTables.add(first);
      break;
    case op.tableGrow:
      module.changedTables.add(first);
      module.grownTables.add(first);
      break;
    case op.tableInit:
      module.changedTables.add(second);
      usesOf(module.usedElements, first).add(second);
      break;
    case op.elemDrop:
      usesOf(module.usedElements, first);
      break;
    case op.memoryInit:
      usesOf(module.usedData, first).add(second);
      break;
    case op.dataDrop:
      usesOf(module.usedData, first);
      break;
    case op.memoryGrow:
      module.grownMemories.add(first);
      break;
    case op.refFunc:
      module.referenced.add(first);
      break;
  }
}

function usesOf(uses: Map<number, Set<number>>, segment: number): Set<number> {
  let targets = uses.get(segment);
  if (targets === undefined) {
    targets = new Set();
    uses.set(segment, targets);
  }
  return targets;
}

/** Follows the height of the operand stack. After an unconditional branch it is an upper bound until the block ends. */
class Heights {
  readonly #binary: CoreBinary;
  readonly #bases: number[] = [0];
  readonly #results: number[];
  #height = 0;
  most = 0;

  constructor(binary: CoreBinary, type: CoreFuncType) {
    this.#binary = binary;
    this.#results = [type.results.length];
    this.most = type.results.length;
  }

  /** Whether the last block, the function's own, has ended. */
  get done(): boolean {
    return this.#bases.length === 0;
  }

  apply(reader: InstructionReader): void {
    const code = reader.op;
    this.#height += netEffect(code);
    switch (code) {
      case op.block:
      case op.loop:
      case op.if:
      case op.try: {
        const type = this.#blockType(reader.first);
        this.#bases.push(Math.max(this.#height - type.params, 0));
        this.#results.push(type.results);
        break;
      }
      case op.else:
      case op.catch:
      case op.catchAll:
        // What a block takes or an exception brings is on the stack again; the bound for both is generous.
        this.#height = (this.#bases.at(-1) ?? 0) + this.#mostParams;
        break;
      case op.end:
      case op.delegate:
        this.#height = (this.#bases.pop() ?? 0) + (this.#results.pop() ?? 0);
        break;
      case op.call:
        this.#call(functionType(this.#binary, reader.first));
        break;
      case op.callIndirect: {
        const type = this.#binary.types[reader.first];
        if (type !== undefined) this.#call(type);
        break;
      }
    }
    const base = this.#bases.at(-1) ?? 0;
    if (this.#height < base) this.#height = base;
    if (this.#height > this.most) this.most = this.#height;
  }

  #call(type: CoreFuncType): void {
    this.#height += type.results.length - type.params.length;
  }

  /** Parameters of any type of the module: enough for those of a block or an exception. */
  get #mostParams(): number {
    return mostParams(this.#binary);
  }

  #blockType(code: number): { params: number; results: number } {
    if (code === -0x40) return { params: 0, results: 0 };
    if (code < 0) return { params: 0, results: 1 };
    const type = this.#binary.types[code];
    return { params: type?.params.length ?? 0, results: type?.results.length ?? 0 };
  }
}

const known = new WeakMap<CoreBinary, number>();

function mostParams(binary: CoreBinary): number {
  let most = known.get(binary);
  if (most === undefined) {
    most = 0;
    for (const type of binary.types) most = Math.max(most, type.params.length);
    known.set(binary, most);
  }
  return most;
}

function netEffect(code: number): number {
  if (code < 0x100) return netEffects[code] as number;
  if (code >> 16 === PREFIX_MISC) return miscNetEffects[code & 0xffff] ?? 0;
  return vectorNetEffect(code & 0xffff);
}
