import type { CoreFuncType, CoreValueType } from "../types.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { CoreBinary } from "./core-binary.ts";
import { op } from "./opcodes.ts";
import { valueTypeCode } from "./value-types.ts";

export interface AddedImport {
  readonly name: string;
  readonly type: CoreValueType;
  readonly mutable: boolean;
}

export interface AddedExport {
  readonly name: string;
  /** 0 function, 1 table, 2 memory, 3 global. */
  readonly kind: number;
  readonly index: number;
}

interface AddedFunction {
  readonly type: number;
  readonly body: Uint8Array;
}

/**
 * What the rewriter adds to a module. Functions, types, tables and globals come after those of the module, so that its own keep
 * their indices; imported globals come after its imported ones and shift the defined ones.
 */
export class Additions {
  readonly binary: CoreBinary;
  /** Names of the added exports begin with this; those of the module do not. Also the name that added imports come from. */
  readonly prefix: string;
  readonly types: CoreFuncType[] = [];
  readonly functions: AddedFunction[] = [];
  readonly exports: AddedExport[] = [];
  readonly imports: AddedImport[] = [];
  /** Mutable i32 globals that begin as zero. */
  flags = 0;
  readonly #typeIndices = new Map<string, number>();

  constructor(binary: CoreBinary) {
    this.binary = binary;
    for (const [index, type] of binary.types.entries()) {
      const key = typeKey(type);
      if (!this.#typeIndices.has(key)) this.#typeIndices.set(key, index);
    }
    let prefix = "state:";
    const taken = (name: string): boolean => name.startsWith(prefix);
    while ([...binary.exports.keys()].some(taken) || binary.imports.some(({ module }) => taken(module))) {
      prefix = `:${prefix}`;
    }
    this.prefix = prefix;
  }

  /** Index of a function type, which is added if the module has none such. */
  type(params: readonly CoreValueType[], results: readonly CoreValueType[]): number {
    const key = typeKey({ params, results });
    const known = this.#typeIndices.get(key);
    if (known !== undefined) return known;
    const index = this.binary.types.length + this.types.length;
    this.types.push({ params, results });
    this.#typeIndices.set(key, index);
    return index;
  }

  /** Index of a global that the host gives. All of them must be known before the code is written. */
  import(name: string, type: CoreValueType, mutable: boolean): number {
    this.imports.push({ name, type, mutable });
    return this.binary.importedGlobals + this.imports.length - 1;
  }

  /** What a global of the module has for an index now. */
  global(index: number): number {
    return index < this.binary.importedGlobals ? index : index + this.imports.length;
  }

  flag(): number {
    return this.binary.globals.length + this.imports.length + this.flags++;
  }

  /** Index of a new function. `code` writes its instructions, without the last `end`. */
  function(
    params: readonly CoreValueType[],
    results: readonly CoreValueType[],
    locals: readonly CoreValueType[],
    code: (writer: ByteWriter) => void,
  ): number {
    const writer = new ByteWriter();
    writer.u32(locals.length);
    for (const type of locals) writer.u8(1, valueTypeCode(type));
    code(writer);
    this.functions.push({ type: this.type(params, results), body: writer.u8(op.end).finish() });
    return this.binary.functions.length + this.functions.length - 1;
  }

  /** Exports something under a reserved name and returns that name. */
  export(name: string, kind: number, index: number): string {
    const full = this.prefix + name;
    this.exports.push({ name: full, kind, index });
    return full;
  }
}

function typeKey({ params, results }: CoreFuncType): string {
  return `${params.join()}>${results.join()}`;
}
