/**
 * The syntax tree in the JSON form that `wac parse` of the Bytecode Alliance's tool prints, so that what reads one reads the
 * other. Offsets and lengths count bytes of UTF-8.
 */
import type {
  Argument,
  DocComment,
  Document,
  Expression,
  ExternName,
  FuncType,
  Id,
  ImportStatement,
  InlineInterface,
  InterfaceItem,
  NamedTypeNode,
  NameReference,
  PackageName,
  PackagePath,
  ResourceMethod,
  Statement,
  TypeDeclaration,
  TypeNode,
  Use,
  WorldExtern,
  WorldItem,
} from "../ast.ts";
import type { Range } from "../source.ts";

export type Json = null | string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

export function documentJson(document: Document): Json {
  return new DocumentWriter(document.text).document(document);
}

class DocumentWriter {
  readonly #text: string;
  /** The byte offset of each offset that is a multiple of 1024. */
  readonly #steps: number[] = [];

  constructor(text: string) {
    this.#text = text;
    let bytes = 0;
    for (let at = 0; at <= text.length; at += STEP) {
      this.#steps.push(bytes);
      bytes += utf8Length(text, at, Math.min(at + STEP, text.length));
    }
  }

  document({ docs, package: directive, statements }: Document): Json {
    const { targets } = directive;
    return {
      docs: this.#docs(docs),
      directive: {
        package: this.#packageName(directive.name),
        ...(targets === undefined ? {} : { targets: this.#packagePath(targets) }),
      },
      statements: statements.map((statement) => this.#statement(statement)),
    };
  }

  #statement(statement: Statement): Json {
    const docs = this.#docs(statement.docs);
    switch (statement.kind) {
      case "import": {
        const { id, as } = statement;
        const name = as === undefined ? null : this.#externName(as);
        return { Import: { docs, id: this.#id(id), name, ty: this.#importType(statement) } };
      }
      case "let":
        return { Let: { docs, id: this.#id(statement.id), expr: this.#expression(statement.value) } };
      case "export": {
        const { spread, as } = statement;
        const options: Json =
          spread !== undefined
            ? { spread: this.#span(spread) }
            : as !== undefined
              ? { rename: this.#externName(as) }
              : "none";
        return { Export: { docs, expr: this.#expression(statement.value), options } };
      }
      case "interface": {
        const items = statement.items.map((item) => this.#interfaceItem(item));
        return { Type: { interface: { docs, id: this.#id(statement.id), items } } };
      }
      case "world": {
        const items = statement.items.map((item) => this.#worldItem(item));
        return { Type: { world: { docs, id: this.#id(statement.id), items } } };
      }
      default:
        return { Type: { type: this.#typeDeclaration(statement) } };
    }
  }

  #importType({ type }: ImportStatement): Json {
    switch (type.kind) {
      case "path":
        return { package: this.#packagePath(type) };
      case "func":
        return { func: this.#func(type) };
      case "inline-interface":
        return { interface: this.#inlineInterface(type) };
      case "name":
        return { ident: this.#id(type.id) };
    }
  }

  #expression({ primary, accesses, range }: Expression): Json {
    return {
      span: this.#span(range),
      primary: this.#primary(primary),
      postfix: accesses.map((access): Json => {
        const span = this.#span(access.range);
        return access.name.quoted
          ? { namedAccess: { span, string: this.#string(access.name) } }
          : { access: { span, id: this.#id(access.name) } };
      }),
    };
  }

  #primary(primary: Expression["primary"]): Json {
    const span = this.#span(primary.range);
    switch (primary.kind) {
      case "new": {
        const args = primary.arguments.map((argument) => this.#argument(argument));
        return { new: { span, package: this.#packageName(primary.package), arguments: args } };
      }
      case "nested":
        return { nested: { span, inner: this.#expression(primary.inner) } };
      case "name":
        return { ident: this.#id(primary.id) };
    }
  }

  #argument(argument: Argument): Json {
    switch (argument.kind) {
      case "inferred":
      case "spread":
        return { [argument.kind]: this.#id(argument.id) };
      case "named":
        return {
          named: { name: this.#externName(argument.name), expr: this.#expression(argument.value) },
        };
      case "fill":
        return { fill: this.#span(argument.range) };
    }
  }

  #inlineInterface({ items }: InlineInterface): Json {
    return { items: items.map((item) => this.#interfaceItem(item)) };
  }

  #interfaceItem(item: InterfaceItem): Json {
    switch (item.kind) {
      case "use":
        return { use: this.#use(item) };
      case "function": {
        const ty: Json =
          item.type.kind === "func" ? { func: this.#func(item.type) } : { ident: this.#id(item.type.id) };
        return { export: { docs: this.#docs(item.docs), id: this.#id(item.id), ty } };
      }
      default:
        return { type: this.#itemType(item) };
    }
  }

  #worldItem(item: WorldItem): Json {
    switch (item.kind) {
      case "use":
        return { use: this.#use(item) };
      case "world-extern":
        return {
          [item.direction]: { docs: this.#docs(item.docs), path: this.#worldExtern(item.item) },
        };
      case "include":
        return {
          include: {
            docs: this.#docs(item.docs),
            world: this.#pathOrName(item.world),
            with: item.with.map(({ from, to }) => ({ from: this.#id(from), to: this.#id(to) })),
          },
        };
      default:
        return { type: this.#itemType(item) };
    }
  }

  #worldExtern(item: WorldExtern["item"]): Json {
    if (item.kind !== "named") {
      return this.#pathOrName(item);
    }
    const { id, type } = item;
    const ty: Json =
      type.kind === "func"
        ? { func: this.#func(type) }
        : type.kind === "name"
          ? { ident: this.#id(type.id) }
          : { interface: this.#inlineInterface(type) };
    return { named: { id: this.#id(id), ty } };
  }

  #use({ docs, path, items }: Use): Json {
    return {
      docs: this.#docs(docs),
      path: this.#pathOrName(path),
      items: items.map(({ id, as }) => ({
        id: this.#id(id),
        asId: as === undefined ? null : this.#id(as),
      })),
    };
  }

  #itemType(item: Extract<InterfaceItem, { kind: "resource" | "methods" }> | TypeDeclaration): Json {
    if (item.kind === "methods") {
      throw new Error("Invariant: no text has methods apart from their resource");
    }
    if (item.kind !== "resource") {
      return this.#typeDeclaration(item);
    }
    const methods = item.methods.map((method) => this.#method(method));
    return { resource: { docs: this.#docs(item.docs), id: this.#id(item.id), methods } };
  }

  #method(method: ResourceMethod): Json {
    const docs = this.#docs(method.docs);
    if (method.kind === "constructor") {
      return {
        constructor: { docs, span: this.#span(method.range), params: this.#namedTypes(method.params) },
      };
    }
    const isStatic = method.kind === "static";
    return { method: { docs, id: this.#id(method.id), isStatic, ty: this.#func(method.type) } };
  }

  #typeDeclaration(declaration: TypeDeclaration): Json {
    const common = { docs: this.#docs(declaration.docs), id: this.#id(declaration.id) };
    switch (declaration.kind) {
      case "variant": {
        const cases = declaration.members.map(({ docs, id, type }) => ({
          docs: this.#docs(docs),
          id: this.#id(id),
          ty: type === undefined ? null : this.#type(type),
        }));
        return { variant: { ...common, cases } };
      }
      case "record": {
        const fields = declaration.members.map(({ docs, id, type }) => ({
          docs: this.#docs(docs),
          id: this.#id(id),
          ty: this.#type(type),
        }));
        return { record: { ...common, fields } };
      }
      case "flags":
      case "enum": {
        const members = declaration.members.map(({ docs, id }) => ({
          docs: this.#docs(docs),
          id: this.#id(id),
        }));
        return declaration.kind === "flags"
          ? { flags: { ...common, flags: members } }
          : { enum: { ...common, cases: members } };
      }
      case "alias": {
        const { type } = declaration;
        const kind: Json = type.kind === "func" ? { func: this.#func(type) } : { type: this.#type(type) };
        return { alias: { ...common, kind } };
      }
    }
  }

  #func({ params, result }: FuncType): Json {
    const results: Json = result === undefined ? "empty" : { scalar: this.#type(result) };
    return { params: this.#namedTypes(params), results };
  }

  #namedTypes(nodes: readonly NamedTypeNode[]): Json {
    return nodes.map(({ id, type }) => ({ id: this.#id(id), ty: this.#type(type) }));
  }

  #type(type: TypeNode): Json {
    const span = this.#span(type.range);
    switch (type.kind) {
      case "primitive":
        return { [type.name]: span };
      case "tuple":
        return { tuple: [type.types.map((item) => this.#type(item)), span] };
      case "list":
      case "option":
        return { [type.kind]: [this.#type(type.type), span] };
      case "result": {
        const ok = type.ok === undefined ? null : this.#type(type.ok);
        const err = type.err === undefined ? null : this.#type(type.err);
        return { result: { ok, err, span } };
      }
      case "borrow":
        return { borrow: [this.#id(type.id), span] };
      case "name":
        return { ident: this.#id(type.id) };
    }
  }

  #pathOrName(path: PackagePath | NameReference): Json {
    return path.kind === "path" ? { package: this.#packagePath(path) } : { ident: this.#id(path.id) };
  }

  #packagePath({ package: { name, version }, segments, text, range }: PackagePath): Json {
    return {
      span: this.#span(range),
      string: text,
      name,
      segments: segments.map((segment) => segment.name).join("/"),
      version: version ?? null,
    };
  }

  #packageName({ name, version, range }: PackageName): Json {
    const string = version === undefined ? name : `${name}@${version}`;
    return { string, name, version: version ?? null, span: this.#span(range) };
  }

  #externName(name: ExternName): Json {
    return name.quoted ? { string: this.#string(name) } : { ident: this.#id(name) };
  }

  #string({ name, range }: ExternName): Json {
    return { value: name, span: this.#span(range) };
  }

  #id({ name, range }: Id): Json {
    return { string: name, span: this.#span(range) };
  }

  #docs(docs: readonly DocComment[]): Json {
    return docs.map(({ text, range }) => ({ comment: text, span: this.#span(range) }));
  }

  #span({ start, end }: Range): Json {
    const offset = this.#byteOffset(start);
    return { offset, length: this.#byteOffset(end) - offset };
  }

  #byteOffset(at: number): number {
    const step = Math.floor(at / STEP);
    return (this.#steps[step] ?? 0) + utf8Length(this.#text, step * STEP, at);
  }
}

const STEP = 1024;

/** Bytes of UTF-8 that code units take; a pair of surrogates takes four, two each. */
function utf8Length(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
    bytes += unit < 0x80 ? 1 : unit < 0x800 || isSurrogate ? 2 : 3;
  }
  return bytes;
}
