import { ByteWriter } from "./byte-writer.ts";
import {
  type Declared,
  Definitions,
  type Entry,
  type Sort,
  writeExternName,
  writeSort,
} from "./definitions.ts";

const preamble = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];

const sections: Readonly<Record<Entry, number>> = {
  "core type": 3,
  alias: 6,
  type: 7,
  import: 10,
  export: 11,
};
const CUSTOM = 0;
const MODULE = 1;
const COMPONENT = 4;
const INSTANCE = 5;

/** Something that is passed or exported. */
export interface Reference {
  readonly sort: Sort;
  readonly index: number;
}

/** The kinds of definitions that the `component-name` section can name, in the order in which it does. */
const namedSorts = ["type", "func", "instance", "component", "module"] as const;

/**
 * Writes a component. Definitions come out in the order in which they are made; each refers to earlier ones by the indices
 * that their methods returned. Nothing is checked: decode the result to be sure of it.
 */
export class ComponentWriter extends Definitions {
  readonly #out = new ByteWriter();
  readonly #names = new Map<Sort, Map<number, string>>();
  #section: { readonly id: number; readonly out: ByteWriter; count: number } | undefined;

  constructor() {
    super();
    for (const byte of preamble) this.#out.u8(byte);
  }

  import(name: string, declared: Declared): number {
    return this.putExtern("import", name, declared);
  }

  /** Exports something that is defined. The index is that of the export. */
  export(name: string, { sort, index }: Reference): number {
    this.put("export", (out) => {
      writeExternName(out, name);
      writeSort(out, sort);
      out.u32(index);
      out.u8(0x00);
    });
    return this.define(sort);
  }

  /** A component that is defined inside this one, by its whole binary. */
  component(bytes: Uint8Array): number {
    this.#whole(COMPONENT, bytes);
    return this.define("component");
  }

  /** A core module that is defined inside this one, by its whole binary. */
  module(bytes: Uint8Array): number {
    this.#whole(MODULE, bytes);
    return this.define("module");
  }

  instantiate(component: number, args: Iterable<readonly [name: string, argument: Reference]>): number {
    this.#entry(INSTANCE, (out) => {
      out.u8(0x00);
      out.u32(component);
      out.vector([...args], ([name, { sort, index }]) => {
        out.name(name);
        writeSort(out, sort);
        out.u32(index);
      });
    });
    return this.define("instance");
  }

  /** An instance that is made of definitions. */
  bundle(exports: Iterable<readonly [name: string, item: Reference]>): number {
    this.#entry(INSTANCE, (out) => {
      out.u8(0x01);
      out.vector([...exports], ([name, { sort, index }]) => {
        writeExternName(out, name);
        writeSort(out, sort);
        out.u32(index);
      });
    });
    return this.define("instance");
  }

  /** Names a definition, for people and for paths of instances. Written by `nameSection`. */
  name({ sort, index }: Reference, name: string): void {
    const names = this.#names.get(sort) ?? new Map<number, string>();
    this.#names.set(sort, names.set(index, name));
  }

  /** The names that were given so far, if there are any. Source: Binary.md, "Name Section". */
  nameSection(): void {
    if (this.#names.size === 0) return;
    this.customSection("component-name", (out) => {
      for (const sort of namedSorts) {
        const names = this.#names.get(sort);
        if (names === undefined) continue;
        const part = new ByteWriter();
        writeSort(part, sort);
        part.vector(
          [...names].sort(([a], [b]) => a - b),
          ([index, name]) => {
            part.u32(index);
            part.name(name);
          },
        );
        out.u8(0x01);
        out.sized(part.written());
      }
    });
  }

  /**
   * Which tools took part, with their versions. Source: the tool conventions' ProducersSection.md.
   *
   * @param fields for example `{ "processed-by": { playhead: "0.1.0" } }`
   */
  producersSection(fields: Readonly<Record<string, Readonly<Record<string, string>>>>): void {
    this.customSection("producers", (out) => {
      out.vector(Object.entries(fields), ([field, tools]) => {
        out.name(field);
        out.vector(Object.entries(tools), ([tool, version]) => {
          out.name(tool);
          out.name(version);
        });
      });
    });
  }

  customSection(name: string, write: (out: ByteWriter) => void): void {
    const content = new ByteWriter();
    content.name(name);
    write(content);
    this.#whole(CUSTOM, content.written());
  }

  /** The binary. */
  finish(): Uint8Array {
    this.#flush();
    return this.#out.written().slice();
  }

  protected override put(entry: Entry, write: (out: ByteWriter) => void): void {
    this.#entry(sections[entry], write);
  }

  /** Entries of one kind in a row share a section. */
  #entry(id: number, write: (out: ByteWriter) => void): void {
    if (this.#section?.id !== id) {
      this.#flush();
      this.#section = { id, out: new ByteWriter(), count: 0 };
    }
    write(this.#section.out);
    this.#section.count++;
  }

  #whole(id: number, content: Uint8Array): void {
    this.#flush();
    this.#out.u8(id);
    this.#out.sized(content);
  }

  #flush(): void {
    const section = this.#section;
    if (section === undefined) return;
    this.#section = undefined;
    const content = new ByteWriter();
    content.u32(section.count);
    content.bytes(section.out.written());
    this.#whole(section.id, content.written());
  }
}
