/**
 * What wasmtime's own scripts import from the host: two functions, an instance `host` with functions, a module and resources.
 */

import { disposeSymbol } from "../abi/resources.ts";
import { decodeComponent } from "../component.ts";
import { instantiate } from "../instantiate.ts";
import type { Extern } from "../link/externs.ts";
import type { HostImport } from "../link/host.ts";

const moduleText = `(component
  (core module $m
    (global (export "g") i32 i32.const 100)
    (func (export "f") (result i32) i32.const 101))
  (export "simple-module" (core module $m)))`;

/** The imports for one script; the counts of dropped resources begin at 0. */
export async function spectestImports(
  assemble: (text: string) => Promise<Uint8Array>,
): Promise<Record<string, Extern | HostImport>> {
  const { externs } = instantiate(decodeComponent(await assemble(moduleText)));
  const resource1 = countedResource();
  return {
    "host-return-two": () => 2,
    "host-echo-u32": (value: number) => value,
    host: {
      returnThree: () => 3,
      returnHi: () => "hi",
      nested: { returnFour: () => 4 },
      "simple-module": externs.get("simple-module"),
      Resource1: resource1,
      Resource1Again: resource1,
      Resource2: class {},
    },
  };
}

function require(condition: boolean): void {
  if (!condition) throw new Error("the guest broke an assertion of the host");
}

function countedResource(): new (rep: number) => object {
  let drops = 0;
  let lastDrop = 0;
  return class Resource1 {
    readonly rep: number;

    constructor(rep: number) {
      this.rep = rep;
    }

    simple(rep: number): void {
      require(this.rep === rep);
    }

    takeBorrow(): void {}

    takeOwn(): void {}

    [disposeSymbol](): void {
      drops++;
      lastDrop = this.rep;
    }

    static assert(resource: Resource1, rep: number): void {
      require(resource.rep === rep);
    }

    static lastDrop(): number {
      return lastDrop;
    }

    static drops(): number {
      return drops;
    }
  };
}
