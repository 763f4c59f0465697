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

/** Where two types differ, from the outside in, and how. `expected` and `found` say whose types they are. */
export function describeMismatch(
  mismatch: Mismatch,
  expected = "expected",
  found = "found",
): readonly string[] {
  const { path } = mismatch;
  const place = path.length === 0 ? [] : [`at ${path.map((part) => `\`${part}\``).join(" › ")}`];
  return [...place, `${expected}: ${mismatch.expected}`, `${found}: ${mismatch.found}`];
}

/** The types of the outermost export that differs, where the mismatch shows only a part of them. */
export function describeTypes(
  { path }: Mismatch,
  found: ExternType,
  expected: ExternType,
): readonly string[] {
  const [name, ...rest] = path;
  const given = exportOf(found, name);
  const wanted = exportOf(expected, name);
  if (rest.length === 0 || given === undefined || wanted === undefined) {
    return [];
  }
  return [`the component imports \`${name}\` as ${printType(wanted)}`, `this has it as ${printType(given)}`];
}

function exportOf(type: ExternType, name: string | undefined): ExternType | undefined {
  return type.kind === "instance" && name !== undefined ? type.type.exports.get(name) : undefined;
}

/** Names for a message, in backticks; of many, the first few. */
export function listNames(names: Iterable<string>, limit = 8): string {
  const all = [...names];
  const shown = all.slice(0, limit).map((name) => `\`${name}\``);
  return all.length > limit ? `${shown.join(", ")} and ${all.length - limit} more` : shown.join(", ");
}
