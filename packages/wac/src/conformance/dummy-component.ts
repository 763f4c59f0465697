import { componentEmbed, componentNew } from "@bytecodealliance/jco-transpile/wasm-tools";

/** A component of the only world of a WIT package, whose functions do nothing. */
export async function dummyComponent(witSource: string): Promise<Uint8Array> {
  const core = await componentEmbed({ witSource, dummy: true, stringEncoding: "utf8" });
  return componentNew(core, []);
}
