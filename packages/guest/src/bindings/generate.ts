/** Generates the AssemblyScript bindings of a world. */

import type { ComponentType, ExternType, FuncType, InstanceType, ValueType } from "@playhead/component-model";
import { GuestError } from "../errors.ts";
import { writeType } from "./classes.ts";
import { parameterList, resultType, writeExport, writeImport } from "./functions.ts";
import type { FlatType } from "./layout.ts";
import { ModuleWriter } from "./module-writer.ts";
import { camelCase, parseFunctionName, parseInterfaceName, pascalCase } from "./names.ts";
import { lookOf, TypeNames } from "./type-names.ts";

export interface Bindings {
  /** Text by file name, such as `sensors.ts`; all lie in one folder, with the runtime in the folder `runtime`. */
  readonly files: ReadonlyMap<string, string>;
  /** What the glue module exports, and the names under which the component's core module has to export it. */
  readonly coreExports: ReadonlyMap<string, readonly string[]>;
  /** The source files that the guest must have, by what they implement: `component.ts` for an interface of that name. */
  readonly sources: ReadonlyMap<string, string>;
}

/** The module that glues exports to the guest's sources; the entry of the compilation. */
export const GLUE = "glue.ts";

/**
 * @param sourcePath how the glue module reaches the guest's sources: `../../video-decoder/src`
 */
export function generateBindings(world: ComponentType, sourcePath: string): Bindings {
  const generator = new Generator(world, sourcePath);
  return generator.generate();
}

class Generator {
  readonly #world: ComponentType;
  readonly #sourcePath: string;
  readonly #names = new TypeNames();
  readonly #modules = new Map<string, ModuleWriter>();
  readonly #glue: ModuleWriter;
  readonly #coreExports = new Map<string, string[]>();
  readonly #sources = new Map<string, string>();
  readonly #posts = new Map<string, FlatType | undefined>();

  constructor(world: ComponentType, sourcePath: string) {
    this.#world = world;
    this.#sourcePath = sourcePath;
    this.#glue = new ModuleWriter("glue", this.#names);
  }

  generate(): Bindings {
    for (const [name, item] of this.#world.imports) this.#import(name, item);
    for (const [name, item] of this.#world.exports) this.#export(name, item);
    this.#writePosts();
    this.#writeAbort();
    const files = new Map<string, string>();
    for (const writer of this.#modules.values()) files.set(`${writer.module}.ts`, writer.text);
    files.set(GLUE, this.#glue.text);
    return { files, coreExports: this.#coreExports, sources: this.#sources };
  }

  #import(name: string, item: ExternType): void {
    const writer = this.#module(name, item, "import");
    if (item.kind === "instance") {
      this.#writeTypes(writer, item.type, name);
      for (const [member, each] of item.type.exports) {
        if (each.kind === "func") this.#writeImportedFunction(writer, name, member, each.type);
      }
    } else if (item.kind === "func") this.#writeImportedFunction(writer, "$root", name, item.type);
    else if (item.kind === "type") this.#writeTypes(writer, { exports: new Map([[name, item]]) }, "$root");
    else throw new GuestError("unsupported-type", `The world imports the ${item.kind} ${name}.`);
    this.#writeUnnamed(writer);
  }

  #export(name: string, item: ExternType): void {
    const writer = this.#module(name, item, "export");
    const file = item.kind === "instance" ? (parseInterfaceName(name)?.interface ?? name) : "world";
    if (item.kind === "instance") {
      this.#writeTypes(writer, item.type, undefined);
      for (const [member, each] of item.type.exports) {
        if (each.kind === "func")
          this.#writeExportedFunction(writer, file, `${name}#${member}`, member, each.type);
      }
    } else if (item.kind === "func") this.#writeExportedFunction(writer, file, name, name, item.type);
    else if (item.kind === "type") this.#writeTypes(writer, { exports: new Map([[name, item]]) }, undefined);
    else throw new GuestError("unsupported-type", `The world exports the ${item.kind} ${name}.`);
    this.#writeUnnamed(writer);
  }

  /** The module of an interface: its short name, or its whole name where another interface has the same. */
  #module(name: string, item: ExternType, direction: "import" | "export"): ModuleWriter {
    const module = item.kind === "instance" ? this.#moduleName(name, direction) : "world";
    const writer = this.#modules.get(module) ?? new ModuleWriter(module, this.#names);
    this.#modules.set(module, writer);
    return writer;
  }

  #moduleName(name: string, direction: "import" | "export"): string {
    const parsed = parseInterfaceName(name);
    const short = parsed?.interface ?? name;
    const all = [...new Set([...this.#world.imports.keys(), ...this.#world.exports.keys()])];
    const ambiguous =
      all.filter((each) => (parseInterfaceName(each)?.interface ?? each) === short).length > 1;
    const reserved = short === "runtime" || short === "glue" || short === "world";
    const base =
      (ambiguous || reserved) && parsed !== undefined
        ? `${parsed.namespace}-${parsed.package}-${short}`
        : short;
    const both = this.#world.imports.has(name) && this.#world.exports.has(name);
    return both && direction === "export" ? `export-${base}` : base;
  }

  /** All names are declared before anything is written: resources come first in an instance and use what follows. */
  #writeTypes(writer: ModuleWriter, instance: InstanceType, importedAs: string | undefined): void {
    const writes: (() => void)[] = [];
    for (const [name, item] of instance.exports) {
      if (item.kind !== "type" || (item.type.kind !== "resource" && item.type.kind !== "value")) continue;
      const type = item.type.type;
      const known =
        type.kind === "resource" || isCompound(type)
          ? this.#names.declare(writer.module, name, type)
          : undefined;
      writes.push(() => {
        if (known !== undefined) writeAlias(writer, pascalCase(name), known);
        else if (type.kind === "resource") this.#writeResource(writer, instance, name, importedAs);
        else writeType(writer, pascalCase(name), type);
      });
    }
    for (const write of writes) write();
    this.#writeUnnamed(writer);
  }

  #writeUnnamed(writer: ModuleWriter): void {
    // Writing a class may name further types.
    for (let found = this.#names.takeUnnamed(writer.module); found.length > 0; ) {
      for (const each of found) writeType(writer, each.name, each.type);
      found = this.#names.takeUnnamed(writer.module);
    }
  }

  #writeResource(
    writer: ModuleWriter,
    instance: InstanceType,
    name: string,
    importedAs: string | undefined,
  ): void {
    if (importedAs === undefined) {
      throw new GuestError(
        "unsupported-type",
        `The world exports the resource ${name}: guests cannot define resources.`,
      );
    }
    const drop = `drop_${identifier(name)}`;
    const members: string[] = [];
    for (const [member, item] of instance.exports) {
      const parsed = parseFunctionName(member);
      if (item.kind !== "func" || parsed.kind === "function" || parsed.resource !== name) continue;
      const raw = `raw_${identifier(member)}`;
      const self = parsed.kind === "method" ? item.type.params[0]?.name : undefined;
      const lines = writeImport(writer, { module: importedAs, name: member, raw }, item.type, self);
      const params = parsed.kind === "method" ? item.type.params.slice(1) : item.type.params;
      const method = parsed.kind === "constructor" ? "create" : camelCase(parsed.name);
      const head = `${parsed.kind === "method" ? "" : "static "}${method}(${parameterList(writer, params)})`;
      members.push(
        `${head}: ${resultType(writer, item.type.result)} {`,
        ...lines.map((line) => `  ${line}`),
        "}",
      );
    }
    writer.write(
      `@external("${importedAs}", "[resource-drop]${name}")`,
      `declare function ${drop}(p0: i32): void;`,
      "",
      "/** A handle. It may be kept for as long as it is not dropped. */",
      "@unmanaged",
      `export class ${pascalCase(name)} {`,
      "  private constructor() {}",
      ...members.map((line) => `  ${line}`),
      "  /** Gives the handle back. */",
      `  drop(): void { ${drop}(<i32>changetype<usize>(this)); }`,
      "}",
      "",
    );
  }

  #writeImportedFunction(writer: ModuleWriter, module: string, name: string, type: FuncType): void {
    if (parseFunctionName(name).kind !== "function") return;
    const raw = `raw_${identifier(name)}`;
    const lines = writeImport(writer, { module, name, raw }, type, undefined);
    writer.write(
      `export function ${camelCase(name)}(${parameterList(writer, type.params)}): ${resultType(writer, type.result)} {`,
      ...lines.map((line) => `  ${line}`),
      "}",
      "",
    );
  }

  #writeExportedFunction(
    writer: ModuleWriter,
    file: string,
    coreName: string,
    name: string,
    type: FuncType,
  ): void {
    if (!this.#sources.has(file)) {
      this.#sources.set(file, coreName.split("#")[0] ?? coreName);
      this.#glue.importPath(`${this.#sourcePath}/${file}`, `impl_${identifier(file)}`);
    }
    const glueName = `export_${this.#coreExports.size}`;
    const signature = `${camelCase(name)}(${parameterList(writer, type.params)}): ${resultType(writer, type.result)}`;
    const expected = `export function ${signature.replace(/\b_\w+\./g, "")}`;
    this.#glue.owner = writer.module;
    const result = writeExport(
      this.#glue,
      glueName,
      { call: `impl_${identifier(file)}.${camelCase(name)}`, hint: `// ${file}.ts: ${expected}` },
      type,
    );
    this.#coreExports.set(glueName, [coreName]);
    const post = `post_${result ?? "none"}`;
    this.#posts.set(post, result);
    this.#coreExports.set(post, [...(this.#coreExports.get(post) ?? []), `cabi_post_${coreName}`]);
  }

  #writePosts(): void {
    for (const [post, result] of this.#posts) {
      const parameter = result === undefined ? "" : `p0: ${result}`;
      this.#glue.write(
        `export function ${post}(${parameter}): void { ${this.#glue.runtime}.endCall(); }`,
        "",
      );
    }
    this.#glue.write(`export { reallocate } from "./runtime";`);
    this.#coreExports.set("reallocate", ["cabi_realloc"]);
  }

  /** What the compiler calls for failed assertions and the like: tells why, if the world has diagnostics, and traps. */
  #writeAbort(): void {
    const writer = new ModuleWriter("abort", this.#names);
    const diagnostics = [...this.#world.imports.keys()].find((name) =>
      name.startsWith("playhead:sim/diagnostics@"),
    );
    const log =
      diagnostics === undefined
        ? ""
        : `${writer.use(this.#moduleName(diagnostics, "import"))}.log(3, ${writer.runtime}.abortText(message, file, line, column));`;
    writer.write(
      "export function abort(message: string | null, file: string | null, line: u32, column: u32): void {",
      `  ${log}`,
      "  unreachable();",
      "}",
    );
    this.#modules.set("abort", writer);
    this.#glue.importPath("./abort");
  }
}

function writeAlias(writer: ModuleWriter, name: string, known: { module: string; name: string }): void {
  if (known.module === writer.module) {
    if (known.name !== name) writer.write(`export type ${name} = ${known.name};`, "");
    return;
  }
  const as = known.name === name ? name : `${known.name} as ${name}`;
  writer.write(`export { ${as} } from "./${known.module}";`, "");
}

/** Whether a name for the type is more than an alias. */
function isCompound(type: ValueType): boolean {
  const look = lookOf(type);
  return look === "enum" || (look === "view" && type.kind !== "list") || type.kind === "option";
}

function identifier(name: string): string {
  return name.replace(/[^A-Za-z0-9]+/g, "_");
}
