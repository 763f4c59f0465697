import type { ExternType, FuncType, ResourceType, ValueType } from "../types.ts";
import { rootType } from "./named-types.ts";

type Resources = ReadonlySet<ResourceType>;

const none: Resources = new Set();
const known = new WeakMap<object, Resources>();

/** The resource types that a type refers to, without those that it brings along itself. */
export function freeResources(type: ExternType): Resources {
  switch (type.kind) {
    case "func":
      return ofFunc(type.type);
    case "instance":
      return once(type.type, () => ofExterns([type.type.exports], type.type.resources ?? []));
    case "component": {
      const { imports, exports, importedResources = [], resources = [] } = type.type;
      return once(type.type, () => ofExterns([imports, exports], [...importedResources, ...resources]));
    }
    case "module":
      return none;
    case "type":
      if (type.type.kind === "resource") return new Set([type.type.type]);
      return type.type.kind === "value" ? ofValue(type.type.type) : freeResources(type.type);
  }
}

function once(type: object, compute: () => Resources): Resources {
  let found = known.get(type);
  if (found === undefined) {
    found = compute();
    known.set(type, found);
  }
  return found;
}

function ofExterns(
  scopes: readonly ReadonlyMap<string, ExternType>[],
  bound: readonly ResourceType[],
): Resources {
  const found = new Set<ResourceType>();
  for (const externs of scopes) {
    for (const extern of externs.values()) for (const resource of freeResources(extern)) found.add(resource);
  }
  for (const resource of bound) found.delete(resource);
  return found;
}

function ofFunc(type: FuncType): Resources {
  return once(type, () => union([...type.params.map((param) => param.type), type.result]));
}

function ofValue(type: ValueType): Resources {
  switch (type.kind) {
    case "own":
    case "borrow":
      return new Set([type.resource]);
    case "record":
      return once(rootType(type), () => union(type.fields.map((field) => field.type)));
    case "tuple":
      return once(type, () => union(type.types));
    case "variant":
      return once(rootType(type), () => union(type.cases.map((item) => item.type)));
    case "option":
      return ofValue(type.type);
    case "result":
      return once(type, () => union([type.ok, type.err]));
    case "list":
      return ofValue(type.element);
    default:
      return none;
  }
}

function union(types: readonly (ValueType | undefined)[]): Resources {
  const sets = types.filter((type) => type !== undefined).map(ofValue);
  const filled = sets.filter((set) => set.size > 0);
  if (filled.length <= 1) return filled[0] ?? none;
  return new Set(filled.flatMap((set) => [...set]));
}
