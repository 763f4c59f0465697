import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { expect } from "vitest";
import { type Component, decodeComponent } from "./component.ts";
import { ComponentModelError, type ErrorCode } from "./errors.ts";

/** Bytes of a component written in the text format. */
export async function assemble(text: string): Promise<Uint8Array> {
  return parse(text);
}

export async function decodeText(text: string): Promise<Component> {
  return decodeComponent(await assemble(text));
}

/** A component with the imports and exports of a world, whose functions trap or return zeros. */
export async function dummyComponent(
  witSource: string,
  world: string,
  stringEncoding: "utf8" | "utf16" = "utf8",
): Promise<Uint8Array> {
  const module = await componentEmbed({ witSource, world, dummy: true, stringEncoding });
  return componentNew(module, []);
}

/** Runs what must fail and returns the error. */
export function failure(run: () => unknown, code: ErrorCode): ComponentModelError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ComponentModelError);
    const found = error as ComponentModelError;
    expect(`${found.code}: ${found.message}`).toContain(`${code}: `);
    return found;
  }
  throw new Error(`expected an error of code ${code}, nothing was thrown`);
}

/** Sections of a component by hand: a preamble, then (id, bytes) pairs. */
export function rawComponent(...sections: readonly [id: number, bytes: readonly number[]][]): Uint8Array {
  const body = sections.flatMap(([id, bytes]) => [id, ...leb(bytes.length), ...bytes]);
  return Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00, ...body]);
}

/** Unsigned LEB128. */
function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}
