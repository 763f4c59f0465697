/**
 * For tests: a guest instance made of a memory and a bump allocator, with core functions in JavaScript.
 */
import type { FuncType, ResourceType, ValueType } from "../types.ts";
import { InstanceState } from "./instance-state.ts";
import { type CanonOptions, type CoreFunction, type LiftedFunction, liftFunction } from "./lift.ts";
import { type HostFunction, lowerFunction } from "./lower.ts";
import type { RuntimeResource } from "./resources.ts";
import type { StringEncoding } from "./strings.ts";

export const encodings: readonly StringEncoding[] = ["utf8", "utf16", "latin1+utf16"];

const noResources = (type: ResourceType): RuntimeResource => {
  throw new Error(`no resource ${type.name}`);
};

/** Addresses below are free for tests to use. */
const HEAP = 4096;

export class Guest {
  readonly memory = new WebAssembly.Memory({ initial: 1 });
  readonly state: InstanceState;
  readonly encoding: StringEncoding;
  resources: (type: ResourceType) => RuntimeResource = noResources;
  /** Arguments of each call of `realloc`. */
  readonly reallocs: (readonly number[])[] = [];
  #top = HEAP;

  constructor(path: string, encoding: StringEncoding = "utf8") {
    this.state = new InstanceState(path);
    this.encoding = encoding;
  }

  /** Moves what is there, fills the rest with dirt, and grows the memory when it is full. */
  readonly realloc = (old: number, oldSize: number, align: number, size: number): number => {
    this.reallocs.push([old === 0 ? 0 : 1, oldSize, align, size]);
    const at = Math.ceil(this.#top / align) * align;
    this.#top = at + size;
    const missing = this.#top - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / 65536));
    const bytes = new Uint8Array(this.memory.buffer);
    bytes.fill(0xa5, at, at + size);
    bytes.copyWithin(at, old, old + Math.min(oldSize, size));
    return at;
  };

  reset(): void {
    this.#top = HEAP;
    this.reallocs.length = 0;
  }

  get view(): DataView {
    return new DataView(this.memory.buffer);
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  get options(): CanonOptions {
    return { encoding: this.encoding, memory: this.memory, realloc: this.realloc };
  }

  lift(
    type: FuncType,
    core: (...flats: never[]) => unknown,
    more: Partial<CanonOptions> = {},
  ): LiftedFunction {
    return liftFunction(
      type,
      core as CoreFunction,
      { ...this.options, ...more },
      this.state,
      this.resources,
      "f",
    );
  }

  lower(type: FuncType, target: LiftedFunction | HostFunction): (...flats: unknown[]) => unknown {
    return lowerFunction(type, target, this.options, this.state, this.resources, "g");
  }

  import(type: FuncType, call: (...args: never[]) => unknown): (...flats: unknown[]) => unknown {
    return this.lower(type, { call: call as (...args: unknown[]) => unknown, withCaller: false });
  }
}

export function func(params: readonly ValueType[], result?: ValueType): FuncType {
  return { params: params.map((type, index) => ({ name: `arg-${index}`, type })), result };
}

export function list(element: ValueType, length?: number): ValueType {
  return { kind: "list", element, length };
}

export function record(fields: { readonly [name: string]: ValueType }): ValueType {
  return { kind: "record", fields: Object.entries(fields).map(([name, type]) => ({ name, type })) };
}

export function tuple(...types: ValueType[]): ValueType {
  return { kind: "tuple", types };
}

export function option(type: ValueType): ValueType {
  return { kind: "option", type };
}

export function result(ok?: ValueType, err?: ValueType): ValueType {
  return { kind: "result", ok, err };
}

export function variant(cases: { readonly [name: string]: ValueType | undefined }): ValueType {
  return { kind: "variant", cases: Object.entries(cases).map(([name, type]) => ({ name, type })) };
}

export function enumeration(...labels: string[]): ValueType {
  return { kind: "enum", labels };
}

export function flags(...labels: string[]): ValueType {
  return { kind: "flags", labels };
}

export const t = {
  bool: { kind: "bool" },
  u8: { kind: "u8" },
  s8: { kind: "s8" },
  u16: { kind: "u16" },
  s16: { kind: "s16" },
  u32: { kind: "u32" },
  s32: { kind: "s32" },
  u64: { kind: "u64" },
  s64: { kind: "s64" },
  f32: { kind: "f32" },
  f64: { kind: "f64" },
  char: { kind: "char" },
  string: { kind: "string" },
} as const satisfies { readonly [name: string]: ValueType };
