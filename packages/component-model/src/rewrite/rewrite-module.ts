import type { CoreValueType } from "../types.ts";
import { Additions } from "./additions.ts";
import { type ConstantValue, evaluateGlobals, type GlobalInit, planGlobals } from "./constant.ts";
import type { CoreBinary, CoreImport } from "./core-binary.ts";
import type { CodePlan, Substitute } from "./function-code.ts";
import { addGrowthSubstitutes, TABLE_ELEMENT_BYTES } from "./growth.ts";
import { readCoreBinary } from "./read-core-binary.ts";
import { addReferences, findReferences, type ReferenceExports } from "./references.ts";
import { addMemoryFill, addSegmentSubstitutes, addTableFill } from "./segments.ts";
import { addStateWords, type StateGlobal } from "./state-words.ts";
import { staticCosts } from "./static-functions.ts";
import { surveyModule } from "./survey.ts";
import { writeModule } from "./write-module.ts";

export interface RewriteOptions {
  /** Pay fuel and count depth. */
  readonly metered: boolean;
  /** Count what memories and tables grow by. */
  readonly capped: boolean;
}

/** A table of a module whose contents its code may change, and how the host comes by it. */
type TablePlace =
  | { readonly from: "export"; readonly name: string }
  | { readonly from: "import"; readonly module: string; readonly name: string };

/** What the host has to know to run a rewritten module and to save its state. Names are those of exports. */
export interface StateLayout {
  /** What the module's own imports of the host come from, and their names in there. */
  readonly host: string;
  readonly imports: readonly HostGlobal[];
  /** Memories and tables that the module defines. */
  readonly memories: readonly string[];
  readonly tables: readonly string[];
  /** Bytes that these have to begin with, as the memory cap counts them. */
  readonly initialBytes: number;
  readonly changedTables: readonly TablePlace[];
  /** Mutable globals that are references. */
  readonly referenceGlobals: readonly string[];
  /** Words of 32 bits that all other mutable globals are. */
  readonly words: number;
  readonly prefix: string;
  readonly references: ReferenceExports | undefined;
  readonly fillTables: string | undefined;
  readonly fillMemories: string | undefined;
  readonly start: string | undefined;
  /** Values for the imports of kind `constant`. */
  readonly constants: (imported: (index: number) => ConstantValue) => ReadonlyMap<number, ConstantValue>;
  /** Module and name of each imported global. */
  readonly importedGlobals: readonly { readonly module: string; readonly name: string }[];
}

export interface HostGlobal {
  readonly name: string;
  readonly kind: "meter" | "reason" | "budget" | "constant";
  readonly type: CoreValueType;
  /** Of a constant: the global that it is the value of. */
  readonly global: number;
}

export interface RewrittenModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly layout: StateLayout;
}

/**
 * Rewrites the core module in a part of `bytes` so that all of its state is in reach and restoring runs none of its code: what is
 * mutable is exported under reserved names, the start function and active segments become exports that the host calls, dropped
 * segments are flags.
 *
 * @throws ComponentModelError `malformed`, `invalid` or `unsupported`, with the byte offset
 */
export function rewriteModule(
  bytes: Uint8Array,
  start: number,
  end: number,
  { metered, capped }: RewriteOptions,
): RewrittenModule {
  const binary = readCoreBinary(bytes, start, end);
  const survey = surveyModule(binary, metered);
  const additions = new Additions(binary);
  const globals = planGlobals(binary);
  const imports = addHostGlobals(additions, globals, metered, capped);
  const indexOf = (kind: HostGlobal["kind"]): number =>
    binary.importedGlobals + imports.findIndex((each) => each.kind === kind);

  const substitutes = new Map<string, Substitute>();
  const flags: number[] = [];
  addSegmentSubstitutes(additions, survey, substitutes, flags);
  if (capped) addGrowthSubstitutes(additions, survey, indexOf("budget"), indexOf("reason"), substitutes);
  const meter = metered
    ? {
        meter: indexOf("meter"),
        reason: indexOf("reason"),
        survey,
        staticCosts: staticCosts(binary, survey),
        blockType: (results: readonly CoreValueType[]) => additions.type([], results),
      }
    : undefined;
  const plan: CodePlan = { globalShift: imports.length, substitutes, meter };

  const { numbers, references: referenceGlobals } = mutableGlobals(additions);
  const words = addStateWords(additions, [
    ...numbers,
    ...flags.map((index) => ({ index, type: "i32" as const })),
  ]);
  const referenced = findReferences(additions, survey);
  const fillTables = addTableFill(additions, plan);
  const fillMemories = addMemoryFill(additions, plan);
  const memories = ownIndices(binary.importedMemories, binary.memories.length).map((index) =>
    additions.export(`memory${index}`, 2, index),
  );
  const tables = ownIndices(binary.importedTables, binary.tables.length).map((index) =>
    additions.export(`table${index}`, 1, index),
  );
  const importedTables = binary.imports.filter(({ type }) => type.kind === "table");
  const layout: StateLayout = {
    host: additions.prefix,
    imports,
    memories,
    tables,
    initialBytes: initialBytes(binary),
    changedTables: [...survey.changedTables]
      .filter((index) => index < binary.tables.length)
      .map((index) => tablePlace(index, importedTables, tables)),
    referenceGlobals: referenceGlobals.map((index) => additions.export(`global${index}`, 3, index)),
    words,
    prefix: additions.prefix,
    references: addReferences(additions, referenced.length),
    fillTables,
    fillMemories,
    start: binary.start === undefined ? undefined : additions.export("start", 0, binary.start),
    constants: (imported) => evaluateGlobals(binary, globals, imported),
    importedGlobals: binary.imports.filter(({ type }) => type.kind === "global"),
  };
  return { bytes: writeModule(additions, { globals, imports, referenced, survey, plan }), layout };
}

function addHostGlobals(
  additions: Additions,
  globals: ReadonlyMap<number, GlobalInit>,
  metered: boolean,
  capped: boolean,
): HostGlobal[] {
  const imports: HostGlobal[] = [];
  const add = (
    kind: HostGlobal["kind"],
    type: CoreValueType,
    name: string,
    mutable: boolean,
    global = -1,
  ): void => {
    additions.import(name, type, mutable);
    imports.push({ name, kind, type, global });
  };
  if (metered) add("meter", "i64", "meter", true);
  if (metered || capped) add("reason", "i32", "reason", true);
  if (capped) add("budget", "i64", "budget", true);
  for (const [index, init] of globals) {
    if (init.kind === "evaluated" && init.index === index) {
      add("constant", init.type, `constant${index}`, false, index);
    }
  }
  return imports;
}

/** The mutable globals that the module defines, by their new indices: numbers, and references. */
function mutableGlobals(additions: Additions): { numbers: StateGlobal[]; references: number[] } {
  const { binary } = additions;
  const numbers: StateGlobal[] = [];
  const references: number[] = [];
  for (const [index, { type, mutable, init }] of binary.globals.entries()) {
    if (!mutable || init === undefined) continue;
    if (type === "funcref" || type === "externref") references.push(additions.global(index));
    else numbers.push({ index: additions.global(index), type });
  }
  return { numbers, references };
}

function ownIndices(imported: number, all: number): number[] {
  return Array.from({ length: all - imported }, (_, index) => imported + index);
}

const PAGE_BYTES = 65_536;

function initialBytes(binary: CoreBinary): number {
  const pages = binary.memories.slice(binary.importedMemories).reduce((sum, { min }) => sum + min, 0);
  const elements = binary.tables.slice(binary.importedTables).reduce((sum, { min }) => sum + min, 0);
  return pages * PAGE_BYTES + elements * TABLE_ELEMENT_BYTES;
}

function tablePlace(index: number, imported: readonly CoreImport[], own: readonly string[]): TablePlace {
  const { module, name } = imported[index] ?? {};
  if (module !== undefined && name !== undefined) return { from: "import", module, name };
  return { from: "export", name: own[index - imported.length] as string };
}
