/**
 * The syntax tree of WAC, after the grammar of LANGUAGE.md. Every node knows its range; identifiers are given without
 * their `%`, strings without their quotes. Docs are the documentation comments before an item.
 */
import type { Range } from "./source.ts";

/** `/// text` or `/** text *\/` */
export interface DocComment {
  /** Without the marks, and without white space around it. */
  readonly text: string;
  readonly range: Range;
}

export interface Document {
  readonly file: string;
  readonly text: string;
  readonly docs: readonly DocComment[];
  readonly package: PackageDirective;
  readonly statements: readonly Statement[];
}

/** `package example:composition@1.0.0 targets wasi:http/proxy;` */
export interface PackageDirective {
  readonly name: PackageName;
  /** The world that the composition must fit. */
  readonly targets: PackagePath | undefined;
  readonly range: Range;
}

export interface Id {
  readonly name: string;
  readonly range: Range;
}

/** A name of an import, export or argument: an identifier, or any text in quotes. */
export interface ExternName {
  readonly name: string;
  readonly quoted: boolean;
  readonly range: Range;
}

/** `ns:name@1.0.0` */
export interface PackageName {
  /** Without the version: `ns:name`. */
  readonly name: string;
  /** Without the `@`. */
  readonly version: string | undefined;
  readonly range: Range;
}

/** `ns:name/segment@1.0.0` */
export interface PackagePath {
  readonly kind: "path";
  readonly package: PackageName;
  /** At least one. */
  readonly segments: readonly Id[];
  /** As an import or export is named: `ns:name/segment@1.0.0`. */
  readonly text: string;
  readonly range: Range;
}

/** A name of the composition where a path could stand too. */
export interface NameReference {
  readonly kind: "name";
  readonly id: Id;
  readonly range: Range;
}

export type Statement = ImportStatement | LetStatement | ExportStatement | TypeStatement;

/** `import id as name: type;` */
export interface ImportStatement {
  readonly kind: "import";
  readonly docs: readonly DocComment[];
  readonly id: Id;
  readonly as: ExternName | undefined;
  readonly type: PackagePath | FuncType | InlineInterface | NameReference;
  readonly range: Range;
}

/** `let id = expression;` */
export interface LetStatement {
  readonly kind: "let";
  readonly docs: readonly DocComment[];
  readonly id: Id;
  readonly value: Expression;
  readonly range: Range;
}

/** `export expression;`, `export expression as name;` or `export expression...;` */
export interface ExportStatement {
  readonly kind: "export";
  readonly docs: readonly DocComment[];
  readonly value: Expression;
  readonly as: ExternName | undefined;
  /** The range of `...`. */
  readonly spread: Range | undefined;
  readonly range: Range;
}

/** An expression with the accesses after it, in their order: `(new a:b {}).c["d"]`. */
export interface Expression {
  readonly primary: PrimaryExpression;
  readonly accesses: readonly Access[];
  readonly range: Range;
}

export type PrimaryExpression = NewExpression | NestedExpression | NameReference;

/** `(expression)` */
export interface NestedExpression {
  readonly kind: "nested";
  readonly inner: Expression;
  readonly range: Range;
}

/** `new ns:name { … }` */
export interface NewExpression {
  readonly kind: "new";
  readonly package: PackageName;
  readonly arguments: readonly Argument[];
  readonly range: Range;
}

/** - `inferred`: `a` · `spread`: `...a` · `named`: `a: b` or `"a": b` · `fill`: `...` */
export type Argument =
  | { readonly kind: "inferred"; readonly id: Id; readonly range: Range }
  | { readonly kind: "spread"; readonly id: Id; readonly range: Range }
  | {
      readonly kind: "named";
      readonly name: ExternName;
      readonly value: Expression;
      readonly range: Range;
    }
  | { readonly kind: "fill"; readonly range: Range };

/** `.name`, with the rule that finds an interface by its last segment, or `["name"]`, which is exact. */
export interface Access {
  readonly name: ExternName;
  /** From the `.` or `[` on. */
  readonly range: Range;
}

export type TypeStatement = InterfaceDeclaration | WorldDeclaration | TypeDeclaration;

export interface InterfaceDeclaration {
  readonly kind: "interface";
  readonly docs: readonly DocComment[];
  readonly id: Id;
  readonly items: readonly InterfaceItem[];
  readonly range: Range;
}

/** `interface { … }` as a type. */
export interface InlineInterface {
  readonly kind: "inline-interface";
  readonly items: readonly InterfaceItem[];
  readonly range: Range;
}

export type InterfaceItem = Use | TypeDeclaration | ResourceDeclaration | ResourceMethods | InterfaceExport;

/** `use path.{a, b as c};` */
export interface Use {
  readonly kind: "use";
  readonly docs: readonly DocComment[];
  readonly path: PackagePath | NameReference;
  readonly items: readonly UseItem[];
  readonly range: Range;
}

export interface UseItem {
  readonly id: Id;
  readonly as: Id | undefined;
}

/** `id: func();` or `id: name-of-a-function-type;` */
export interface InterfaceExport {
  readonly kind: "function";
  readonly docs: readonly DocComment[];
  readonly id: Id;
  readonly type: FuncType | NameReference;
  readonly range: Range;
}

export interface WorldDeclaration {
  readonly kind: "world";
  readonly docs: readonly DocComment[];
  readonly id: Id;
  readonly items: readonly WorldItem[];
  readonly range: Range;
}

export type WorldItem = Use | TypeDeclaration | ResourceDeclaration | ResourceMethods | WorldExtern | Include;

/** An import or export of a world: `import a: func();`, `export ns:name/interface;`, `import local-interface;` */
export interface WorldExtern {
  readonly kind: "world-extern";
  readonly direction: "import" | "export";
  readonly docs: readonly DocComment[];
  readonly item: NamedWorldItem | PackagePath | NameReference;
  readonly range: Range;
}

export interface NamedWorldItem {
  readonly kind: "named";
  readonly id: Id;
  readonly type: FuncType | InlineInterface | NameReference;
  readonly range: Range;
}

/** `include path with { a as b };` */
export interface Include {
  readonly kind: "include";
  readonly docs: readonly DocComment[];
  readonly world: PackagePath | NameReference;
  readonly with: readonly { readonly from: Id; readonly to: Id }[];
  readonly range: Range;
}

/** A resource, with its constructor and methods in their order. */
export interface ResourceDeclaration {
  readonly kind: "resource";
  readonly docs: readonly DocComment[];
  readonly id: Id;
  readonly methods: readonly ResourceMethod[];
  readonly range: Range;
}

/** Methods of a resource that is declared before. No text has this: WIT allows types in any order, so they come later. */
export interface ResourceMethods {
  readonly kind: "methods";
  readonly id: Id;
  readonly methods: readonly ResourceMethod[];
  readonly range: Range;
}

export type ResourceMethod =
  | {
      readonly kind: "constructor";
      readonly docs: readonly DocComment[];
      readonly params: readonly NamedTypeNode[];
      /** Of the word `constructor`. */
      readonly range: Range;
    }
  | {
      readonly kind: "method" | "static";
      readonly docs: readonly DocComment[];
      readonly id: Id;
      readonly type: FuncType;
      readonly range: Range;
    };

/** A declaration of a type of values or functions. `members` has at least one element. */
export type TypeDeclaration =
  | {
      readonly kind: "variant";
      readonly docs: readonly DocComment[];
      readonly id: Id;
      readonly members: readonly CaseNode[];
      readonly range: Range;
    }
  | {
      readonly kind: "record";
      readonly docs: readonly DocComment[];
      readonly id: Id;
      readonly members: readonly FieldNode[];
      readonly range: Range;
    }
  | {
      readonly kind: "flags" | "enum";
      readonly docs: readonly DocComment[];
      readonly id: Id;
      readonly members: readonly LabelNode[];
      readonly range: Range;
    }
  | {
      readonly kind: "alias";
      readonly docs: readonly DocComment[];
      readonly id: Id;
      readonly type: FuncType | TypeNode;
      readonly range: Range;
    };

export interface LabelNode {
  readonly docs: readonly DocComment[];
  readonly id: Id;
}

export interface FieldNode extends LabelNode {
  readonly type: TypeNode;
}

export interface CaseNode extends LabelNode {
  readonly type: TypeNode | undefined;
}

export interface NamedTypeNode {
  readonly id: Id;
  readonly type: TypeNode;
}

export interface FuncType {
  readonly kind: "func";
  readonly params: readonly NamedTypeNode[];
  readonly result: TypeNode | undefined;
  readonly range: Range;
}

export type PrimitiveName =
  | "u8"
  | "s8"
  | "u16"
  | "s16"
  | "u32"
  | "s32"
  | "u64"
  | "s64"
  | "f32"
  | "f64"
  | "char"
  | "bool"
  | "string";

export type TypeNode =
  | { readonly kind: "primitive"; readonly name: PrimitiveName; readonly range: Range }
  | { readonly kind: "tuple"; readonly types: readonly TypeNode[]; readonly range: Range }
  | { readonly kind: "list" | "option"; readonly type: TypeNode; readonly range: Range }
  | {
      readonly kind: "result";
      readonly ok: TypeNode | undefined;
      readonly err: TypeNode | undefined;
      readonly range: Range;
    }
  | { readonly kind: "borrow"; readonly id: Id; readonly range: Range }
  | NameReference;
