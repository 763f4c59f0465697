import { camelCase, upperCamelCase } from "../abi/names.ts";
import type { ParsedName } from "../names.ts";
import { GuestHandle, Holding } from "./guest-handle.ts";

type Callable = (...args: unknown[]) => unknown;
type Annotated = Extract<ParsedName, { kind: "constructor" | "method" | "static" }>;
type HandleClass = new (...args: unknown[]) => GuestHandle;

/** Names that a class has of its own and cannot be taken from it. */
const reserved = new Set(["constructor", "prototype"]);

/** The JavaScript class of a resource that a guest exports, in jco's mapping: constructor, methods and static functions. */
export class GuestClass {
  readonly jsClass: HandleClass;
  readonly #members = new Map<string, Callable>();
  #construct: Callable | undefined;
  #isNamed = false;

  constructor(resourceName: string) {
    const name = upperCamelCase(resourceName);
    const construct = (args: unknown[]): Holding => this.#holdNew(args);
    this.jsClass = {
      [name]: class extends GuestHandle {
        constructor(...args: unknown[]) {
          const [first] = args;
          super(first instanceof Holding ? first : construct(args));
        }
      },
    }[name] as HandleClass;
  }

  /** The class, for an export of that name. The first name stays. */
  exportedAs(name: string): HandleClass {
    if (!this.#isNamed) Object.defineProperty(this.jsClass, "name", { value: upperCamelCase(name) });
    this.#isNamed = true;
    return this.jsClass;
  }

  make(holding: Holding): GuestHandle {
    return new this.jsClass(holding);
  }

  /**
   * Adds a function that the guest exports for the resource. False when the class cannot have it: its name is reserved, or
   * another instance exports something else under it.
   */
  add(name: Annotated, call: Callable): boolean {
    const key = name.kind === "constructor" ? "constructor" : `${name.kind} ${name.label}`;
    const known = this.#members.get(key);
    if (known !== undefined) return known === call;
    if (name.kind === "constructor") this.#construct = call;
    else {
      const label = camelCase(name.label);
      if (reserved.has(label)) return false;
      const method = function (this: unknown, ...args: unknown[]): unknown {
        return call(this, ...args);
      };
      const [holder, value] =
        name.kind === "method" ? [this.jsClass.prototype, method] : [this.jsClass, call];
      Object.defineProperty(holder, label, { value, writable: true, configurable: true });
    }
    this.#members.set(key, call);
    return true;
  }

  /** Has the guest make a new resource; the object that `new` is making takes it from the handle that comes back. */
  #holdNew(args: unknown[]): Holding {
    if (this.#construct === undefined) {
      throw new TypeError(`the resource ${this.jsClass.name} has no constructor`);
    }
    const holding = GuestHandle.holdingOf(this.#construct(...args));
    if (holding === undefined) throw new Error("Invariant: constructors return handles");
    return holding;
  }
}
