/**
 * What the runner needs from wasm-tools, by way of jco: the text format in and out, and components made of WIT.
 */
import { componentEmbed, componentNew, parse, print } from "@bytecodealliance/jco-transpile/wasm-tools";

/** A component from the text format. */
export function assemble(text: string): Promise<Uint8Array> {
  return parse(text);
}

/** A component in the text format. */
export function printComponent(bytes: Uint8Array): Promise<string> {
  return print(bytes);
}

/** A component of the only world of a WIT package, whose functions do nothing. */
export async function dummyComponent(witSource: string): Promise<Uint8Array> {
  const core = await componentEmbed({ witSource, dummy: true, stringEncoding: "utf8" });
  return componentNew(core, []);
}
