import { uniquenessKey } from "../names.ts";
import type { ExternType, FuncType, ValueType } from "../types.ts";
import { type ResourceName, resourceNameOf } from "../typing/named-types.ts";
import { printExtern } from "../typing/print-type.ts";
import type { ExternName } from "./extern-names.ts";
import { invalid } from "./invalid.ts";

/** The imports, or the exports, of one scope while they are read. Names are unique, and types keep what names promise. */
export class NamedExterns {
  readonly types = new Map<string, ExternType>();
  /** Names as they count for uniqueness, and as they are written. */
  readonly #keys = new Map<string, string>();
  readonly #resources = new Map<ResourceName, string>();
  readonly #resourceNames = new Set<string>();
  readonly #what: "import" | "export";

  constructor(what: "import" | "export") {
    this.#what = what;
  }

  /** Resources that are added here can be meant by the names of constructors, methods and static functions after them. */
  add(name: ExternName, type: ExternType): void {
    this.addAnonymous(name, type);
    if (type.kind !== "type" || type.type.kind !== "resource") return;
    this.#resources.set(type.type, name.name);
    this.#resourceNames.add(name.name);
  }

  /** As `add`, where no definition comes to be by which a type could be meant: in a bundle. */
  addAnonymous(name: ExternName, type: ExternType): void {
    const key = uniquenessKey(name.name);
    const earlier = this.#keys.get(key);
    if (earlier !== undefined) {
      throw invalid(
        `${this.#what} name ${JSON.stringify(name.name)} conflicts with the earlier ${JSON.stringify(earlier)}`,
        name.offset,
      );
    }
    this.#checkImplements(name, type);
    this.#checkFunction(name, type);
    this.#keys.set(key, name.name);
    this.types.set(name.name, type);
  }

  #checkImplements({ name, parsed, implementing, offset }: ExternName, type: ExternType): void {
    if (implementing === undefined) return;
    if (parsed.kind !== "label") {
      throw invalid(`${name}: only a plain name can come with what is implemented`, offset);
    }
    if (type.kind !== "instance") {
      throw invalid(`${name}: only instances can implement an interface, found ${printExtern(type)}`, offset);
    }
  }

  /** Constructors, methods and static functions belong to a resource of the same scope. */
  #checkFunction({ name, parsed, offset }: ExternName, type: ExternType): void {
    if (parsed.kind !== "constructor" && parsed.kind !== "method" && parsed.kind !== "static") return;
    const refuse = (expected: string) =>
      invalid(`${name}: expected ${expected}, found ${printExtern(type)}`, offset);
    if (type.kind !== "func") throw refuse("a function");
    if (parsed.kind === "static") {
      if (this.#resourceNames.has(parsed.resource)) return;
      throw invalid(`${name}: no resource ${parsed.resource} is named before it`, offset);
    }
    const isConstructor = parsed.kind === "constructor";
    const handle = isConstructor ? constructed(type.type) : self(type.type);
    if (handle === undefined) {
      throw refuse(
        isConstructor
          ? `a function that returns own<${parsed.resource}> or result<own<${parsed.resource}>, …>`
          : `a function whose first parameter is self: borrow<${parsed.resource}>`,
      );
    }
    this.#checkResource(name, parsed.resource, handle, offset);
  }

  #checkResource(name: string, expected: string, handle: ValueType, offset: number): void {
    const resource = resourceNameOf(handle);
    const found = resource && this.#resources.get(resource);
    if (found === undefined) {
      throw invalid(`${name}: its resource has no name among the ${this.#what}s before it`, offset);
    }
    if (found !== expected) {
      throw invalid(`${name}: its resource is named ${found} here, expected ${expected}`, offset);
    }
  }
}

/** The handle that a constructor returns. */
function constructed({ result }: FuncType): ValueType | undefined {
  const made = result?.kind === "result" ? result.ok : result;
  return made?.kind === "own" ? made : undefined;
}

/** The handle that a method takes first. */
function self({ params }: FuncType): ValueType | undefined {
  const [first] = params;
  return first?.name === "self" && first.type.kind === "borrow" ? first.type : undefined;
}
