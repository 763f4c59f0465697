import type {
  DefinedType,
  ExternType,
  FuncType,
  InstanceType,
  ResourceType,
} from "@playhead/component-model";
import type {
  FuncType as FuncTypeNode,
  Id,
  InterfaceExport,
  InterfaceItem,
  NameReference,
  PackagePath,
  ResourceDeclaration,
  ResourceMethod,
  ResourceMethods,
  TypeDeclaration,
  Use,
} from "../ast.ts";
import { closest } from "../did-you-mean.ts";
import { Problem } from "../errors.ts";
import { describeKind, listNames } from "./describe.ts";
import { type FoundPath, resolvePath } from "./paths.ts";
import type { State } from "./state.ts";
import { LocalScope, type TypeScope } from "./type-scope.ts";
import { funcTypeOf, memberTypeOf, paramsOf, resultOf, valueTypeOf } from "./value-types.ts";

/** An interface or world while its items are read: its scope, and where its types and functions go. */
export interface Declaring {
  readonly scope: LocalScope;
  /** The exports of an interface, the imports of a world. */
  readonly externs: Map<string, ExternType>;
  /** Resource types that are declared in it. */
  readonly resources: ResourceType[];
  /** The interfaces whose types it uses, also by way of others, by name. */
  readonly uses: Map<string, InstanceType>;
  /** What an extern of it is: for messages. */
  readonly externsAre: "export" | "import";
}

export function declaring(externsAre: "export" | "import"): Declaring {
  return { scope: new LocalScope(), externs: new Map(), resources: [], uses: new Map(), externsAre };
}

/** The type of the instances of an interface that is declared in the text. */
export function interfaceTypeOf(
  state: State,
  name: string | undefined,
  items: readonly InterfaceItem[],
): InstanceType {
  const into = declaring("export");
  for (const item of items) {
    if (item.kind === "function") {
      declareFunction(into, item, name);
    } else if (item.kind === "use") {
      declareUse(state, into, item);
    } else if (item.kind === "methods") {
      declareMethods(into, item);
    } else {
      declareType(into, item);
    }
  }
  const type = { exports: into.externs, resources: into.resources };
  state.interfaceUses.set(type, into.uses);
  return type;
}

function declareFunction(into: Declaring, { id, type }: InterfaceExport, name: string | undefined): void {
  const func = funcTypeOrNamed(into.scope, type);
  if (into.externs.has(id.name)) {
    throw new Problem({
      code: "duplicate-member",
      message: `duplicate interface export \`${id.name}\`${name ? ` for interface \`${name}\`` : ""}`,
      range: id.range,
      label: "duplicate export",
    });
  }
  into.externs.set(id.name, { kind: "func", type: func });
}

/** A function type, written out or by its name. */
function funcTypeOrNamed(scope: TypeScope, type: FuncTypeNode | NameReference): FuncType {
  if (type.kind === "func") {
    return funcTypeOf(scope, type);
  }
  const found = scope.lookUp(type.id);
  const inner = found.kind === "type" ? found.type : found;
  if (inner.kind === "func") {
    return inner.type;
  }
  throw new Problem({
    code: "not-a-type",
    message: `\`${type.id.name}\` (${describeKind(found)}) is not a function type`,
    range: type.range,
    label: "not a function type",
    expected: "a function type",
    found: describeKind(found),
  });
}

/** `use path.{a, b as c};`: the types become types of this interface or world too. */
export function declareUse(state: State, into: Declaring, use: Use): void {
  const used = interfaceAt(state, use.path);
  addUses(into.uses, used);
  const { exports } = used.type;
  const name = use.path.kind === "path" ? use.path.text : use.path.id.name;
  for (const { id, as } of use.items) {
    const type = exports.get(id.name);
    if (type === undefined) {
      const meant = closest(id.name, exports.keys());
      throw new Problem({
        code: "undefined-name",
        message: `a type named \`${id.name}\` is not defined in interface \`${name}\``,
        range: id.range,
        label: "no such type",
        hints: meant === undefined ? [`it has ${listNames(exports.keys())}`] : [`did you mean \`${meant}\`?`],
      });
    }
    if (type.kind !== "type" || (type.type.kind !== "value" && type.type.kind !== "resource")) {
      throw new Problem({
        code: "not-a-type",
        message: `\`${id.name}\` (${describeKind(type)}) is not a value type in interface \`${name}\``,
        range: id.range,
        label: "not a value type",
      });
    }
    const local = as ?? id;
    if (into.externs.has(local.name)) {
      throw new Problem({
        code: "duplicate-member",
        message: `use of type \`${local.name}\` conflicts with an ${into.externsAre} of the same name`,
        range: local.range,
        label: "conflicting name",
        hints: as === undefined ? ["use an `as` clause to use it under another name"] : [],
      });
    }
    into.scope.define(local, type.type);
    into.externs.set(local.name, type);
  }
}

/** An interface of the text or of a package, in the composition's resource types. */
interface FoundInterface {
  readonly type: InstanceType;
  /** With package and version, where it has such a name. */
  readonly name: string;
  /** The interfaces whose types it uses, also by way of others, by name. */
  readonly uses: ReadonlyMap<string, InstanceType>;
}

/** Adds an interface whose types are used, and those that it uses itself. */
export function addUses(uses: Map<string, InstanceType>, used: FoundInterface): void {
  for (const [name, type] of [...used.uses, [used.name, used.type] as const]) {
    uses.set(name, type);
  }
}

/** The interface that a path or a name of the top level stands for. */
export function interfaceAt(state: State, path: PackagePath | NameReference): FoundInterface {
  const found = path.kind === "path" ? resolvePath(state, path) : localPath(state, path);
  const written = path.kind === "path" ? path.text : path.id.name;
  if (found.type.kind !== "type" || found.type.type.kind !== "instance") {
    throw new Problem({
      code: "wrong-kind",
      message: `\`${written}\` (${describeKind(found.type)}) is not an interface`,
      range: path.range,
      label: "not an interface",
      expected: "an interface",
      found: describeKind(found.type),
    });
  }
  const { type } = found.type.type;
  const name = found.interfaceName ?? written;
  const { within } = found;
  if (within === undefined) {
    return { type, name, uses: state.interfaceUses.get(type) ?? new Map() };
  }
  const open = (importName: string, of: InstanceType): InstanceType => {
    const opened = state.graph.resources.open(importName, { kind: "instance", type: of }, within);
    return opened.kind === "instance" ? opened.type : of;
  };
  const uses = new Map<string, InstanceType>();
  for (const [importName, extern] of within.imports) {
    if (extern.kind === "instance") {
      uses.set(importName, open(importName, extern.type));
    }
  }
  return { type: open(name, type), name, uses };
}

function localPath(state: State, { id }: NameReference): FoundPath {
  const { type, interfaceName } = state.lookUp(id);
  return { type, interfaceName, within: undefined };
}

/** A type declaration inside an interface or world. */
export function declareType(into: Declaring, item: TypeDeclaration | ResourceDeclaration): void {
  if (into.externs.has(item.id.name) && into.scope.find(item.id.name) === undefined) {
    throw new Problem({
      code: "duplicate-member",
      message: `type \`${item.id.name}\` conflicts with an ${into.externsAre} of the same name`,
      range: item.id.range,
      label: "conflicting name",
    });
  }
  if (item.kind === "resource") {
    declareResource(into, item);
    return;
  }
  const type = declaredTypeOf(into.scope, item);
  into.scope.define(item.id, type);
  into.externs.set(item.id.name, { kind: "type", type });
}

/** What a declaration of a type of values or functions stands for. */
export function declaredTypeOf(scope: TypeScope, declaration: TypeDeclaration): DefinedType {
  if (declaration.kind !== "alias") {
    return { kind: "value", type: memberTypeOf(scope, declaration) };
  }
  const { type } = declaration;
  if (type.kind === "func") {
    return { kind: "func", type: funcTypeOf(scope, type) };
  }
  if (type.kind !== "name") {
    return { kind: "value", type: valueTypeOf(scope, type) };
  }
  const found = scope.lookUp(type.id);
  const inner = found.kind === "type" ? found.type : found;
  if (inner.kind === "value" || inner.kind === "resource" || inner.kind === "func") {
    return inner;
  }
  throw new Problem({
    code: "not-a-type",
    message: `\`${type.id.name}\` (${describeKind(found)}) cannot be used in a type alias`,
    range: type.range,
    label: "cannot be aliased",
  });
}

function declareResource(into: Declaring, { id, methods }: ResourceDeclaration): void {
  const resource: ResourceType = { kind: "resource", name: id.name };
  into.scope.define(id, { kind: "resource", type: resource });
  into.externs.set(id.name, { kind: "type", type: { kind: "resource", type: resource } });
  into.resources.push(resource);
  addMethods(into, id, resource, methods);
}

/** Methods that stand apart from their resource. */
export function declareMethods(into: Declaring, { id, methods }: ResourceMethods): void {
  const found = into.scope.lookUp(id);
  if (found.kind !== "type" || found.type.kind !== "resource") {
    throw new Error(`Invariant: \`${id.name}\` is declared as a resource`);
  }
  addMethods(into, id, found.type.type, methods);
}

function addMethods(
  into: Declaring,
  id: Id,
  resource: ResourceType,
  methods: readonly ResourceMethod[],
): void {
  const names = new Set<string>();
  for (const method of methods) {
    const name = method.kind === "constructor" ? "" : method.id.name;
    if (names.has(name)) {
      throw duplicateMethod(id.name, method);
    }
    names.add(name);
    const [externName, type] = methodOf(into.scope, resource, method);
    into.externs.set(externName, { kind: "func", type });
  }
}

function methodOf(
  scope: TypeScope,
  resource: ResourceType,
  method: ResourceMethod,
): readonly [string, FuncType] {
  if (method.kind === "constructor") {
    const params = paramsOf(scope, method.params, "constructor");
    return [`[constructor]${resource.name}`, { params, result: { kind: "own", resource } }];
  }
  const isStatic = method.kind === "static";
  const self = isStatic ? [] : [{ name: "self", type: { kind: "borrow", resource } as const }];
  const params = paramsOf(scope, method.type.params, isStatic ? "static function" : "method", self);
  const result = method.type.result === undefined ? undefined : resultOf(scope, method.type.result);
  return [`[${method.kind}]${resource.name}.${method.id.name}`, { params, result }];
}

function duplicateMethod(resource: string, method: ResourceMethod): Problem {
  return method.kind === "constructor"
    ? new Problem({
        code: "duplicate-member",
        message: `duplicate constructor for resource \`${resource}\``,
        range: method.range,
        label: "duplicate constructor",
      })
    : new Problem({
        code: "duplicate-member",
        message: `duplicate method \`${method.id.name}\` for resource \`${resource}\``,
        range: method.id.range,
        label: "duplicate method",
      });
}
