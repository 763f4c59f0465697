import type {
  ComponentType,
  CoreExternType,
  CoreFuncType,
  DefinedType,
  ExternType,
  FuncType,
  InstanceType,
  NamedType,
  ResourceType,
  ValueType,
} from "../types.ts";

const maxLength = 400;

/** A type in the words of WIT, for messages; cut after 400 characters. */
export function printType(
  type: ValueType | ResourceType | ExternType | FuncType | InstanceType | ComponentType,
): string {
  const text = printAny(type);
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`;
}

function printAny(
  type: ValueType | ResourceType | ExternType | FuncType | InstanceType | ComponentType,
): string {
  if ("kind" in type) {
    if (type.kind === "resource") return `resource ${type.name}`;
    return isExtern(type) ? printExtern(type) : new ValuePrinter().print(type);
  }
  if ("params" in type) return printFunc(type);
  return "imports" in type ? printComponent(type) : printInstance(type);
}

function isExtern(type: ValueType | ExternType): type is ExternType {
  return ["func", "instance", "component", "module", "type"].includes(type.kind);
}

export function printExtern(type: ExternType): string {
  switch (type.kind) {
    case "func":
      return printFunc(type.type);
    case "instance":
      return printInstance(type.type);
    case "component":
      return printComponent(type.type);
    case "module":
      return `core module (${type.type.imports.length} imports, ${type.type.exports.size} exports)`;
    case "type":
      return printDefined(type.type);
  }
}

function printDefined(type: DefinedType): string {
  switch (type.kind) {
    case "value":
      return `type ${new ValuePrinter().print(type.type)}`;
    case "resource":
      return `resource ${type.type.name}`;
    case "func":
      return `type ${printFunc(type.type)}`;
    case "instance":
      return `type ${printInstance(type.type)}`;
    case "component":
      return `type ${printComponent(type.type)}`;
  }
}

function printFunc(type: FuncType): string {
  const printer = new ValuePrinter();
  const result = type.result === undefined ? "" : ` -> ${printer.print(type.result)}`;
  return `func(${printer.named(type.params)})${result}`;
}

function printInstance(type: InstanceType): string {
  return `instance { ${[...type.exports.keys()].join(", ")} }`;
}

function printComponent(type: ComponentType): string {
  return `component { import ${[...type.imports.keys()].join(", ")}; export ${[...type.exports.keys()].join(", ")} }`;
}

export function printCoreExtern(type: CoreExternType): string {
  switch (type.kind) {
    case "func":
    case "tag":
      return `${type.kind} ${printCoreFunc(type.type)}`;
    case "memory":
      return `memory ${printLimits(type)}`;
    case "table":
      return `table ${printLimits(type)} ${type.element}`;
    case "global":
      return `global ${type.mutable ? "mut " : ""}${type.type}`;
  }
}

export function printCoreFunc(type: CoreFuncType): string {
  return `(${type.params.join(", ")}) -> (${type.results.join(", ")})`;
}

function printLimits(type: { readonly min: number; readonly max: number | undefined }): string {
  return type.max === undefined ? `${type.min}` : `${type.min}..${type.max}`;
}

/** Writes value types and stops descending once the text is long enough: shared parts can make a type huge. */
class ValuePrinter {
  #written = 0;

  print(type: ValueType): string {
    if (this.#written > maxLength) return "…";
    const text = this.#print(type);
    this.#written += text.length;
    return text;
  }

  named(types: readonly NamedType[]): string {
    return types.map(({ name, type }) => `${name}: ${this.print(type)}`).join(", ");
  }

  #print(type: ValueType): string {
    switch (type.kind) {
      case "record":
        return `record { ${this.named(type.fields)} }`;
      case "tuple":
        return `tuple<${type.types.map((item) => this.print(item)).join(", ")}>`;
      case "variant":
        return `variant { ${type.cases.map((item) => this.#case(item.name, item.type)).join(", ")} }`;
      case "enum":
      case "flags":
        return `${type.kind} { ${type.labels.join(", ")} }`;
      case "option":
        return `option<${this.print(type.type)}>`;
      case "result":
        return this.#result(type.ok, type.err);
      case "list":
        if (type.isMap && type.element.kind === "tuple") {
          return `map<${type.element.types.map((item) => this.print(item)).join(", ")}>`;
        }
        return `list<${this.print(type.element)}${type.length === undefined ? "" : `, ${type.length}`}>`;
      case "own":
        return type.resource.name;
      case "borrow":
        return `borrow<${type.resource.name}>`;
      default:
        return type.kind;
    }
  }

  #case(name: string, type: ValueType | undefined): string {
    return type === undefined ? name : `${name}(${this.print(type)})`;
  }

  #result(ok: ValueType | undefined, err: ValueType | undefined): string {
    if (err === undefined) return ok === undefined ? "result" : `result<${this.print(ok)}>`;
    return `result<${ok === undefined ? "_" : this.print(ok)}, ${this.print(err)}>`;
  }
}
