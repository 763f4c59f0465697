import { type Component, checkSubtype } from "@playhead/component-model";
import { CompositionBuilder, type Handle } from "./composition-builder.ts";
import { WacError } from "./errors.ts";
import type { Composition } from "./graph.ts";
import { versionTrack } from "./names.ts";
import { listNames } from "./resolve/describe.ts";

/** A component under a name, for messages and paths. */
export interface Pluggable {
  readonly name: string;
  readonly component: Component;
}

/**
 * Gives the exports of components, the plugs, to another one, the socket: each import of the socket gets the export of the
 * first plug that has one of its name, or of a version that fits, and of its type. What is left is imported; all that the
 * socket exports is exported.
 *
 * @throws WacError `unmatched-spread` where no plug has anything for the socket
 */
export function plug(socket: Pluggable, plugs: readonly Pluggable[]): Composition {
  const builder = new CompositionBuilder(socket.name);
  const names = new UniqueNames();
  const target = builder.instantiate(builder.addPackage(names.next(socket.name), socket.component));
  const open = new Map(socket.component.type.imports);
  for (const { name, component } of plugs) {
    const packageName = names.next(name);
    let instance: Handle | undefined;
    for (const [exportName, importName] of matches(component, open)) {
      instance ??= builder.instantiate(builder.addPackage(packageName, component));
      builder.give(target, importName, builder.alias(instance, exportName));
      open.delete(importName);
    }
  }
  if (open.size === socket.component.type.imports.size) {
    throw nothingFits(socket, plugs);
  }
  for (const name of socket.component.type.exports.keys()) {
    builder.export(builder.alias(target, name), name);
  }
  return builder.build();
}

/** The exports of a component that fit open imports, with the names of those. */
function matches(
  { type }: Component,
  open: Pluggable["component"]["type"]["imports"],
): readonly (readonly [exportName: string, importName: string])[] {
  return [...type.exports].flatMap(([exportName, provided]): readonly (readonly [string, string])[] => {
    const importName = open.has(exportName)
      ? exportName
      : [...open.keys()].find((name) => versionTrack(name) === versionTrack(exportName));
    const wanted = importName === undefined ? undefined : open.get(importName);
    if (importName === undefined || wanted === undefined) {
      return [];
    }
    // Resources are told apart when the composition is built: here nothing is given yet.
    return checkSubtype(provided, wanted, new Map(), () => true) === undefined
      ? [[exportName, importName]]
      : [];
  });
}

function nothingFits(socket: Pluggable, plugs: readonly Pluggable[]): WacError {
  const imports = [...socket.component.type.imports.keys()];
  return new WacError(
    { file: "", text: "" },
    {
      code: "unmatched-spread",
      message: "the socket component had no matching imports for the plugs that were provided",
      range: { start: 0, end: 0 },
      notes: [
        `\`${socket.name}\` imports ${namesOr(imports)}`,
        ...plugs.map(
          ({ name, component }) => `\`${name}\` exports ${namesOr([...component.type.exports.keys()])}`,
        ),
      ],
    },
  );
}

function namesOr(names: readonly string[]): string {
  return names.length > 0 ? listNames(names) : "nothing";
}

/** Names that are told apart by numbers where they are equal. */
class UniqueNames {
  readonly #taken = new Set<string>();

  next(name: string): string {
    let unique = name;
    for (let number = 2; this.#taken.has(unique); number++) {
      unique = `${name}-${number}`;
    }
    this.#taken.add(unique);
    return unique;
  }
}
