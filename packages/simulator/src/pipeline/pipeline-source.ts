import type { Composition } from "@playhead/wac";

/** All that a pipeline is made of, so that the same can be made again where its files are not. */
export interface PipelineSource {
  /** For people: the file that it came from. */
  readonly name: string;
  /** Name of the unit where a single component is exported under its interface's own name. */
  readonly soleName: string;
  /** Text of the composition; undefined where it is one component. */
  readonly text: string | undefined;
  /** Components by the names that the text has for them, `ns:name` or `ns:name@version`; the one component under an empty name. */
  readonly packages: ReadonlyMap<string, Uint8Array>;
}

/** Undefined where the composition comes neither from a text nor from one component. */
export function sourceOf(
  { text, instantiations }: Composition,
  name: string,
  soleName: string,
): PipelineSource | undefined {
  const packages = new Map<string, Uint8Array>();
  if (text !== undefined) {
    for (const [key, loaded] of text.packages)
      if (loaded.kind === "package") packages.set(key, loaded.package.component.bytes);
    return { name, soleName, text: text.document.text, packages };
  }
  const [only, ...more] = instantiations;
  if (only === undefined || more.length > 0) return undefined;
  return { name, soleName, text: undefined, packages: packages.set("", only.package.component.bytes) };
}
