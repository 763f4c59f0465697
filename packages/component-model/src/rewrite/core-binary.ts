import type { CoreExternType, CoreFuncType, CoreValueType } from "../types.ts";

/** A part of the bytes, from the first offset up to, not including, the second. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface CoreGlobal {
  readonly type: CoreValueType;
  readonly mutable: boolean;
  /** Its constant expression with the `end`; undefined for an import. */
  readonly init: Range | undefined;
}

export interface CoreTable {
  readonly element: CoreValueType;
  readonly min: number;
  readonly max: number | undefined;
}

export interface CoreMemory {
  /** Pages of 64 KiB. */
  readonly min: number;
  readonly max: number | undefined;
}

export interface ElementSegment {
  readonly mode: "active" | "passive" | "declarative";
  readonly table: number;
  /** Constant expression of an active segment's place. */
  readonly offset: Range | undefined;
  readonly element: CoreValueType;
  /** Whether items are function indices (else expressions). */
  readonly indices: boolean;
  readonly count: number;
  /** The items, without their count. */
  readonly items: Range;
}

export interface DataSegment {
  readonly memory: number;
  /** Constant expression of an active segment's place; undefined for a passive one. */
  readonly offset: Range | undefined;
  readonly bytes: Range;
}

export interface CoreImport {
  readonly module: string;
  readonly name: string;
  readonly type: CoreExternType;
}

export interface CoreExport {
  readonly kind: number;
  readonly index: number;
}

/**
 * A core module, read: what the rewriter has to know, and where in the bytes the rest lies. Index spaces include imports, which come
 * first. Offsets are those of the component.
 */
export interface CoreBinary {
  readonly bytes: Uint8Array;
  /** Bytes of the module. */
  readonly length: number;
  readonly types: readonly CoreFuncType[];
  /** Contents of sections that are copied, without their counts. */
  readonly typeItems: Range;
  readonly importItems: Range;
  readonly tableItems: Range;
  readonly memoryItems: Range;
  readonly tagItems: Range;
  readonly imports: readonly CoreImport[];
  /** Type indices. */
  readonly functions: readonly number[];
  readonly importedFunctions: number;
  readonly tables: readonly CoreTable[];
  readonly importedTables: number;
  readonly memories: readonly CoreMemory[];
  readonly importedMemories: number;
  readonly globals: readonly CoreGlobal[];
  readonly importedGlobals: number;
  /** Type indices. */
  readonly tags: readonly number[];
  readonly importedTags: number;
  readonly exports: ReadonlyMap<string, CoreExport>;
  readonly start: number | undefined;
  readonly elements: readonly ElementSegment[];
  readonly data: readonly DataSegment[];
  /** Whether there is a data count section. */
  readonly countsData: boolean;
  /** Function bodies: declarations of locals and code. */
  readonly code: readonly Range[];
  /** The custom section of names, without id and length. */
  readonly names: Range | undefined;
}
