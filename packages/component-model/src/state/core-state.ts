import type { CoreInstance, Frame } from "../link/frame.ts";
import { TABLE_ELEMENT_BYTES } from "../rewrite/growth.ts";
import type { StateLayout } from "../rewrite/rewrite-module.ts";
import { WORDS_PER_ACCESSOR } from "../rewrite/state-words.ts";
import { MemoryTracker } from "./memory-tracker.ts";

type Getter = (word: number) => number;
type Setter = (word: number, value: number) => void;

/** A core instance whose state is in reach. */
export class CoreState {
  /** The component instance that it is part of. */
  readonly frame: Frame;
  readonly layout: StateLayout;
  readonly exports: CoreInstance;
  readonly #imports: Readonly<Record<string, CoreInstance>>;
  readonly memories: readonly MemoryTracker[];
  readonly #tables: readonly WebAssembly.Table[];
  readonly #getters: readonly Getter[];
  readonly #setters: readonly Setter[];
  #functions: readonly object[] | undefined;

  constructor(
    frame: Frame,
    layout: StateLayout,
    exports: CoreInstance,
    imports: Readonly<Record<string, CoreInstance>>,
  ) {
    this.frame = frame;
    this.layout = layout;
    this.exports = exports;
    this.#imports = imports;
    this.memories = layout.memories.map((name) => new MemoryTracker(exports[name] as WebAssembly.Memory));
    this.#tables = layout.tables.map((name) => exports[name] as WebAssembly.Table);
    const groups = Array.from({ length: Math.ceil(layout.words / WORDS_PER_ACCESSOR) }, (_, index) => index);
    this.#getters = groups.map((group) => exports[`${layout.prefix}get${group}`] as Getter);
    this.#setters = groups.map((group) => exports[`${layout.prefix}set${group}`] as Setter);
  }

  /** The mutable numbers, as words of 32 bits. */
  get words(): number[] {
    const words: number[] = [];
    for (let index = 0; index < this.layout.words; index++) {
      words.push((this.#getters[index >> 8] as Getter)(index & 0xff));
    }
    return words;
  }

  set words(words: readonly number[]) {
    for (const [index, word] of words.entries()) (this.#setters[index >> 8] as Setter)(index & 0xff, word);
  }

  /** Tables whose contents the code may change, its own and imported ones. */
  changedTables(): WebAssembly.Table[] {
    return this.layout.changedTables.map((place) => {
      const holder = place.from === "export" ? this.exports : this.#imports[place.module];
      return holder?.[place.name] as WebAssembly.Table;
    });
  }

  referenceGlobals(): WebAssembly.Global[] {
    return this.layout.referenceGlobals.map((name) => this.exports[name] as WebAssembly.Global);
  }

  /** The functions that may be passed around as references. */
  functions(): readonly object[] {
    const { references } = this.layout;
    if (references === undefined) return [];
    if (this.#functions === undefined) {
      (this.exports[references.fill] as () => void)();
      const table = this.exports[references.table] as WebAssembly.Table;
      this.#functions = Array.from({ length: references.count }, (_, index) => table.get(index) as object);
    }
    return this.#functions;
  }

  /** Bytes of its own memories and tables, as the memory cap counts them. */
  get ownBytes(): number {
    const memory = this.memories.reduce((sum, each) => sum + each.memory.buffer.byteLength, 0);
    return memory + this.#tables.reduce((sum, { length }) => sum + length * TABLE_ELEMENT_BYTES, 0);
  }
}
