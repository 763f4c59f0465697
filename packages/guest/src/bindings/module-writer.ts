import type { ValueType } from "@playhead/component-model";
import type { Place, TypeNames } from "./type-names.ts";

/** The text of one generated module: its declarations, and imports of the modules that they use. */
export class ModuleWriter implements Place {
  readonly module: string;
  /** The module that declares the classes of unnamed types that are written here. */
  owner: string;
  readonly #names: TypeNames;
  readonly #lines: string[] = [];
  readonly #used = new Set<string>();
  readonly #imports: string[] = [];

  constructor(name: string, names: TypeNames) {
    this.module = name;
    this.owner = name;
    this.#names = names;
  }

  /** Adds lines as they are. */
  write(...lines: readonly string[]): void {
    this.#lines.push(...lines);
  }

  /** Imports a module that is not generated, under a name. */
  importPath(path: string, name?: string): void {
    this.#imports.push(name === undefined ? `import "${path}";` : `import * as ${name} from "${path}";`);
  }

  /** The name by which this module refers to another generated one. WIT names never start with an underscore. */
  use(module: string): string {
    this.#used.add(module);
    return `_${module.replaceAll("-", "_")}`;
  }

  get runtime(): string {
    return this.use("runtime");
  }

  /** The type of parameters, results and properties. */
  value(type: ValueType): string {
    return this.#names.value(type, this);
  }

  /** The class of a view; the type of a list's elements. */
  element(type: ValueType): string {
    return this.#names.element(type, this);
  }

  get text(): string {
    const used = [...this.#used]
      .sort()
      .map((module) => `import * as ${this.use(module)} from "./${module}";`);
    const imports = [...used, ...this.#imports];
    const head = ["// Generated from the WIT by playhead-guest. Changes are lost.", ...imports, ""];
    return `${[...head, ...this.#lines].join("\n").trimEnd()}\n`;
  }
}
