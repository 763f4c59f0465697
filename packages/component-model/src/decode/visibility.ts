import type { DefinedType, ExternType, FuncType, InstanceType, ValueType } from "../types.ts";
import { needsName, resourceNameOf } from "../typing/named-types.ts";

/**
 * Which types of one component (or component type) can be mentioned in what it imports and in what it exports: those that
 * were imported, or imported or exported, under a name before. Explainer.md, "External Visibility of Types".
 */
export class Visibility {
  readonly #importable = new Set<object>();
  readonly #exportable = new Set<object>();

  /**
   * Takes note of the types that an import or export makes visible. Returns the first type that it mentions without being
   * allowed to; undefined when all is well.
   */
  admit(by: "import" | "export", extern: ExternType): ValueType | undefined {
    const visible = by === "import" ? this.#importable : this.#exportable;
    switch (extern.kind) {
      case "type": {
        const hidden = insideType(extern.type, visible);
        if (hidden === undefined) this.#note(by, extern.type);
        return hidden;
      }
      case "instance":
        return once(extern.type, visible, () =>
          firstOf(extern.type.exports.values(), (item) => this.admit(by, item)),
        );
      case "func":
        return insideFunc(extern.type, visible);
      default:
        return undefined;
    }
  }

  #note(by: "import" | "export", type: DefinedType): void {
    const name = nameOf(type);
    if (name === undefined) return;
    if (by === "import") this.#importable.add(name);
    this.#exportable.add(name);
  }
}

/** The object that stands for the type where it is mentioned. */
function nameOf(type: DefinedType): object | undefined {
  if (type.kind === "resource") return type;
  return type.kind === "value" ? type.type : undefined;
}

/** Objects that stand for names, and types that were looked into and found to mention nothing else. */
interface Visible {
  has(type: object): boolean;
  add(type: object): void;
}

/** Types share parts: what was found to mention only visible ones will always do so, and is not looked into again. */
function once(type: object, visible: Visible, look: () => ValueType | undefined): ValueType | undefined {
  if (visible.has(type)) return undefined;
  const hidden = look();
  if (hidden === undefined) visible.add(type);
  return hidden;
}

/** Looks into a type that is about to get a name itself. */
function insideType(type: DefinedType, visible: Visible): ValueType | undefined {
  switch (type.kind) {
    case "value":
      return insideValue(type.type, visible);
    case "func":
      return insideFunc(type.type, visible);
    case "instance":
      return once(type.type, visible, () => insideInstance(type.type, visible));
    default:
      return undefined;
  }
}

/** Copies of a type under other names share their members: those are looked into once. */
function insideValue(type: ValueType, visible: Visible): ValueType | undefined {
  if (!needsName(type)) return hiddenIn(type, visible);
  const members = type.kind === "record" ? type.fields : type.kind === "variant" ? type.cases : undefined;
  if (members === undefined) return undefined;
  return once(members, visible, () => firstOf(partsOf(type), (part) => hiddenIn(part, visible)));
}

/** An instance's own types are visible to what it exports after them. */
function insideInstance(type: InstanceType, around: Visible): ValueType | undefined {
  const own = new Set<object>();
  const visible: Visible = {
    has: (item) => own.has(item) || around.has(item),
    add: (item) => own.add(item),
  };
  return firstOf(type.exports.values(), (item) => {
    if (item.kind === "func") return insideFunc(item.type, visible);
    if (item.kind !== "type" && item.kind !== "instance") return undefined;
    const named = item.kind === "type" ? item.type : item;
    const hidden = insideType(named, visible);
    const name = nameOf(named);
    if (hidden === undefined && name !== undefined) own.add(name);
    return hidden;
  });
}

function insideFunc(type: FuncType, visible: Visible): ValueType | undefined {
  const types = type.result === undefined ? [] : [type.result];
  for (const param of type.params) types.push(param.type);
  return once(type, visible, () => firstOf(types, (part) => hiddenIn(part, visible)));
}

/** The type itself, or the first part of it, that may not be mentioned. */
function hiddenIn(type: ValueType, visible: Visible): ValueType | undefined {
  if (needsName(type)) return visible.has(type) ? undefined : type;
  if (type.kind === "own" || type.kind === "borrow") {
    const name = resourceNameOf(type);
    return name !== undefined && visible.has(name) ? undefined : type;
  }
  return once(type, visible, () => firstOf(partsOf(type), (part) => hiddenIn(part, visible)));
}

function partsOf(type: ValueType): readonly ValueType[] {
  switch (type.kind) {
    case "record":
      return type.fields.map((field) => field.type);
    case "tuple":
      return type.types;
    case "variant":
      return type.cases.flatMap((item) => item.type ?? []);
    case "option":
      return [type.type];
    case "result":
      return [type.ok, type.err].filter((part) => part !== undefined);
    case "list":
      return [type.element];
    default:
      return [];
  }
}

function firstOf<T>(items: Iterable<T>, look: (item: T) => ValueType | undefined): ValueType | undefined {
  for (const item of items) {
    const hidden = look(item);
    if (hidden !== undefined) return hidden;
  }
  return undefined;
}
