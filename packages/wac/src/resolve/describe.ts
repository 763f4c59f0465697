import { type DefinedType, type ExternType, type Mismatch, printType } from "@playhead/component-model";

/** What something is, in a word or two: `instance`, `function`, `interface`, `record`. */
export function describeKind(type: ExternType): string {
  switch (type.kind) {
    case "func":
      return "function";
    case "type":
      return describeDefined(type.type);
    default:
      return type.kind;
  }
}

export function describeDefined(type: DefinedType): string {
  switch (type.kind) {
    case "value":
      return type.type.kind;
    case "func":
      return "function type";
    case "instance":
      return "interface";
    case "component":
      return "world";
    case "resource":
      return "resource";
  }
}

/** Where two types differ, from the outside in, and how. */
export function describeMismatch({ path, expected, found }: Mismatch): readonly string[] {
  const place = path.length === 0 ? [] : [`at ${path.map((part) => `\`${part}\``).join(" › ")}`];
  return [...place, `expected: ${expected}`, `found:    ${found}`];
}

/** The whole types, where the mismatch shows only a part of them. */
export function describeTypes(found: ExternType, expected: ExternType): readonly string[] {
  return [`the component imports ${printType(expected)}`, `this is ${printType(found)}`];
}

/** Names for a message, in backticks; of many, the first few. */
export function listNames(names: Iterable<string>, limit = 8): string {
  const all = [...names];
  const shown = all.slice(0, limit).map((name) => `\`${name}\``);
  return all.length > limit ? `${shown.join(", ")} and ${all.length - limit} more` : shown.join(", ");
}
