import type { ComponentType, ExternType } from "@playhead/component-model";
import type { Id, PackagePath } from "../ast.ts";
import { closest } from "../did-you-mean.ts";
import { Problem } from "../errors.ts";
import type { Package } from "../graph.ts";
import { type Definition, definitionsOf, packageKey } from "../packages.ts";
import { describeKind, listNames } from "./describe.ts";
import type { State } from "./state.ts";

/** What a package path leads to. */
export interface FoundPath {
  readonly type: ExternType;
  /** The full name, where it is an interface or a world of a package. */
  readonly interfaceName: string | undefined;
  /** The component type in which a package defines it; its imports are the interfaces whose types it uses. */
  readonly within: ComponentType | undefined;
}

/** Follows a path into the package that it names, or, where it names the composition's own, into its declarations. */
export function resolvePath(state: State, path: PackagePath): FoundPath {
  const [first, ...rest] = path.segments;
  if (first === undefined) {
    throw new Error("Invariant: a package path has a segment");
  }
  const start =
    path.package.name === state.document.package.name.name
      ? localStart(state, first)
      : packageStart(state.package(path.package), first);
  return rest.reduce((parent, segment) => project(parent, segment), start);
}

function localStart(state: State, first: Id): FoundPath {
  const node = state.lookUp(first);
  return { type: node.type, interfaceName: node.interfaceName, within: undefined };
}

function packageStart(from: Package, first: Id): FoundPath {
  const definitions = definitionsOf(from.component);
  const found = definitions.get(first.name);
  if (found === undefined) {
    throw unknownDefinition(from, definitions, first);
  }
  return found.kind === "interface"
    ? {
        type: { kind: "type", type: { kind: "instance", type: found.type } },
        interfaceName: found.name,
        within: found.within,
      }
    : {
        type: { kind: "type", type: { kind: "component", type: found.type } },
        interfaceName: found.name,
        within: undefined,
      };
}

function project(parent: FoundPath, segment: Id): FoundPath {
  const inner = parent.type.kind === "type" ? parent.type.type : parent.type;
  const exports =
    inner.kind === "instance" || inner.kind === "component"
      ? inner.type.exports
      : new Map<string, ExternType>();
  const type = exports.get(segment.name);
  if (type === undefined) {
    const meant = closest(segment.name, exports.keys());
    throw new Problem({
      code: "unknown-path",
      message: `${describeKind(parent.type)}${parent.interfaceName ? ` \`${parent.interfaceName}\`` : ""} has no export named \`${segment.name}\``,
      range: segment.range,
      label: "unknown export",
      found: `\`${segment.name}\``,
      hints: [
        ...(meant === undefined ? [] : [`did you mean \`${meant}\`?`]),
        exports.size > 0 ? `it exports ${listNames(exports.keys())}` : "it exports nothing",
      ],
    });
  }
  return { type, interfaceName: undefined, within: parent.within };
}

function unknownDefinition(
  from: Package,
  definitions: ReadonlyMap<string, Definition>,
  segment: Id,
): Problem {
  const meant = closest(segment.name, definitions.keys());
  return new Problem({
    code: "unknown-path",
    message: `package \`${packageKey(from)}\` has no export named \`${segment.name}\``,
    range: segment.range,
    label: "no such interface or world",
    found: `\`${segment.name}\``,
    notes: [`the package was read from ${from.from}`],
    hints:
      definitions.size === 0
        ? ["this package is a component to instantiate with `new`; interfaces come from WIT packages"]
        : [
            ...(meant === undefined ? [] : [`did you mean \`${meant}\`?`]),
            `it has ${listNames(definitions.keys())}`,
          ],
  });
}
