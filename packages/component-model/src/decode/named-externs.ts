import { uniquenessKey } from "../names.ts";
import type { ExternType } from "../types.ts";
import { checkPromise, type ExternName } from "./extern-names.ts";
import { invalid } from "./invalid.ts";

/** The imports, or the exports, of one scope while they are read. Names are unique, and types keep what names promise. */
export class NamedExterns {
  readonly types = new Map<string, ExternType>();
  readonly #keys = new Set<string>();
  readonly #what: "import" | "export";

  constructor(what: "import" | "export") {
    this.#what = what;
  }

  add(name: ExternName, type: ExternType): void {
    const key = uniquenessKey(name.name);
    if (this.#keys.has(key)) {
      throw invalid(
        `${this.#what} name ${JSON.stringify(name.name)} conflicts with an earlier one`,
        name.offset,
      );
    }
    checkPromise(name, type, this.types);
    this.#keys.add(key);
    this.types.set(name.name, type);
  }
}
