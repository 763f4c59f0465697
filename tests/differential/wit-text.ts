import type { FuncType, ValueType } from "../../packages/component-model/src/types.ts";

/** An interface `diff:test/api` with functions `f0`, `f1`, … of these types, and a world that imports and exports it. */
export function witOf(functions: readonly FuncType[]): string {
  const types = new NamedTypes();
  const lines = functions.map((type, index) => {
    const params = type.params.map((param) => `${param.name}: ${types.use(param.type)}`).join(", ");
    const result = type.result === undefined ? "" : ` -> ${types.use(type.result)}`;
    return `  f${index}: func(${params})${result};`;
  });
  return `package diff:test;
interface api {
${[...types.definitions, ...lines].join("\n")}
}
world relay { import api; export api; }`;
}

/** The types that WIT wants to have names, in the order of their use. */
class NamedTypes {
  readonly definitions: string[] = [];
  readonly #names = new Map<ValueType, string>();

  /** A type as it is written where it is used. */
  use(type: ValueType): string {
    switch (type.kind) {
      case "record":
      case "variant":
      case "enum":
      case "flags":
        return this.#name(type);
      case "tuple":
        return `tuple<${type.types.map((part) => this.use(part)).join(", ")}>`;
      case "option":
        return `option<${this.use(type.type)}>`;
      case "result":
        return this.#result(type.ok, type.err);
      case "list": {
        const length = type.length === undefined ? "" : `, ${type.length}`;
        return `list<${this.use(type.element)}${length}>`;
      }
      default:
        return type.kind;
    }
  }

  #result(ok: ValueType | undefined, err: ValueType | undefined): string {
    if (err === undefined) return ok === undefined ? "result" : `result<${this.use(ok)}>`;
    return `result<${ok === undefined ? "_" : this.use(ok)}, ${this.use(err)}>`;
  }

  #name(type: ValueType & { kind: "record" | "variant" | "enum" | "flags" }): string {
    let name = this.#names.get(type);
    if (name === undefined) {
      const body = this.#body(type);
      name = `t${this.#names.size}`;
      this.#names.set(type, name);
      this.definitions.push(`  ${type.kind} ${name} { ${body.join(", ")} }`);
    }
    return name;
  }

  #body(type: ValueType & { kind: "record" | "variant" | "enum" | "flags" }): readonly string[] {
    switch (type.kind) {
      case "record":
        return type.fields.map((field) => `${field.name}: ${this.use(field.type)}`);
      case "variant":
        return type.cases.map((part) =>
          part.type === undefined ? part.name : `${part.name}(${this.use(part.type)})`,
        );
      default:
        return type.labels;
    }
  }
}
