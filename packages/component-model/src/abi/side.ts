/**
 * The names by which generated code reaches one component instance: its memory, its allocator, its traps.
 */
import { ComponentModelError } from "../errors.ts";
import type { ResourceType } from "../types.ts";
import { FREE_BYTES } from "./limits.ts";
import { viewsOf } from "./memory-views.ts";
import type { Linkage, Party, Role, Source } from "./source.ts";
import type { StringEncoding } from "./strings.ts";
import { trap } from "./traps.ts";

export class Side {
  readonly source: Source;
  readonly role: Role;
  readonly encoding: StringEncoding;
  readonly #resources = new Map<ResourceType, string>();

  constructor(source: Source, role: Role, encoding: StringEncoding) {
    this.source = source;
    this.role = role;
    this.encoding = encoding;
  }

  party(link: Linkage): Party {
    const party = link[this.role];
    if (party === undefined) throw new Error(`Invariant: generated code is linked without a ${this.role}`);
    return party;
  }

  /** Its `MemoryViews`. */
  get views(): string {
    return this.source.bind(`${this.role}Memory`, (link) => {
      const { options, name } = this.party(link);
      if (options.memory === undefined) {
        throw new ComponentModelError("invalid", `${name}: canonical option "memory" is required`, {
          where: name,
        });
      }
      return viewsOf(options.memory);
    });
  }

  get state(): string {
    return this.source.bind(`${this.role}State`, (link) => this.party(link).state);
  }

  /** The name of the function that is called, for messages. */
  get label(): string {
    return this.source.bind(`${this.role}Label`, (link) => this.party(link).name);
  }

  /** A function that traps for the reason given. */
  get fail(): string {
    return this.source.bind(`${this.role}Fail`, (link) => {
      const { state, name } = this.party(link);
      return (reason: string) => trap(state, name, reason);
    });
  }

  resource(type: ResourceType): string {
    let name = this.#resources.get(type);
    if (name === undefined) {
      name = this.source.bind(this.source.fresh(`${this.role}Resource`), (link) =>
        this.party(link).resources(type),
      );
      this.#resources.set(type, name);
    }
    return name;
  }

  /** A function (old address, old size, alignment, new size) → address, which checks what the guest returns. */
  get allocate(): string {
    const { source, role } = this;
    const realloc = source.bind(`${role}Realloc`, (link) => {
      const { options, name } = this.party(link);
      if (options.realloc === undefined) {
        throw new ComponentModelError("invalid", `${name}: canonical option "realloc" is required`, {
          where: name,
        });
      }
      return options.realloc;
    });
    return source.define(
      `${role}Allocate`,
      this,
      (name) => `function ${name}(old, oldSize, align, size) {
  ${this.state}.mayLeave = false;
  ${this.pay("size")}
  const at = ${realloc}(old, oldSize, align, size) >>> 0;
  ${this.state}.mayLeave = ${this.state}.trapped === undefined;
  ${this.refresh()}
  if ((at & (align - 1)) !== 0) ${this.fail}("realloc return: result not aligned");
  if (at + size > ${this.views}.u8.length) ${this.fail}("realloc return: beyond end of memory");
  return at;
}`,
    );
  }

  /** A statement that makes the views fit the memory again, for after guest code has run; nothing when memory is not used. */
  refresh(): string {
    return `if (${this.views}.u8.length === 0) ${this.views}.refresh();`;
  }

  /** `refresh` when the code generated so far uses memory. */
  refreshIfUsed(): string {
    return this.source.has(`${this.role}Memory`) ? this.refresh() : "";
  }

  /** A statement that traps unless a value of that size and alignment may lie at `address` (a name). */
  checkRange(address: string, size: string, align: number, what: string): string {
    const aligned =
      align === 1
        ? ""
        : `if ((${address} & ${align - 1}) !== 0) ${this.fail}("unaligned pointer of ${what}");\n`;
    return `${aligned}if (${address} + ${size} > ${this.views}.u8.length) ${this.fail}("${what} out of bounds of memory");`;
  }

  /** A statement that takes fuel for copying so many bytes, unless they are few. */
  pay(bytes: string): string {
    return `if (${bytes} > ${FREE_BYTES}) ${this.state}.meter?.pay(${bytes});`;
  }

  /** A statement that counts bytes against the budget of the call. */
  charge(bytes: string): string {
    return `if ((${this.views}.budget -= ${bytes}) < 0) ${this.fail}("the values of one call take too much memory");`;
  }
}
