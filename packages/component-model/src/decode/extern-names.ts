import { unsupported } from "../binary/core-types.ts";
import { hex, type Reader } from "../binary/reader.ts";
import { type ParsedName, parseName } from "../names.ts";
import type { ExternType, FuncType, ResourceType, ValueType } from "../types.ts";
import { printExtern } from "../typing/print-type.ts";
import { invalid } from "./invalid.ts";

/** The name of an import or export as it is written. */
export interface ExternName {
  readonly name: string;
  readonly parsed: ParsedName;
  /** The interface that a plainly named instance says it implements. */
  readonly implementing: string | undefined;
  readonly offset: number;
}

/** Reads the name of an import or export with its attributes. */
export function readExternName(reader: Reader, what: "import" | "export"): ExternName {
  const offset = reader.offset;
  const form = reader.u8();
  if (form > 0x02) throw reader.malformed(`invalid form of a name ${hex(form)}`, offset);
  const name = reader.name();
  const implementing = form === 0x02 ? readAttributes(reader) : undefined;
  const parsed = parseName(name);
  if (parsed !== undefined) return { name, parsed, implementing, offset };
  if (name.startsWith("[async")) throw unsupported(`async functions (${name})`, offset);
  throw invalid(`${JSON.stringify(name)} is not a valid name of an ${what}`, offset);
}

const attributes = ["implements", "version suffix", "external id"];

/** Returns the value of `implements`; the others mean nothing to a host. */
function readAttributes(reader: Reader): string | undefined {
  const values = new Map<number, string>();
  reader.vector("attributes", () => {
    const offset = reader.offset;
    const code = reader.u8();
    if (attributes[code] === undefined) throw reader.malformed(`invalid attribute ${hex(code)}`, offset);
    if (values.has(code)) throw invalid(`attribute ${attributes[code]} given twice`, offset);
    values.set(code, reader.name());
  });
  const implementing = values.get(0);
  if (implementing !== undefined && parseName(implementing)?.kind !== "interface") {
    throw invalid(
      `implements ${JSON.stringify(implementing)}: expected the name of an interface`,
      reader.offset,
    );
  }
  return implementing;
}

/**
 * Checks what a name promises about a type: constructors, methods and static functions belong to a resource of the same scope.
 * `named` are the imports, or the exports, of that scope so far.
 */
export function checkPromise(
  { name, parsed, implementing, offset }: ExternName,
  type: ExternType,
  named: ReadonlyMap<string, ExternType>,
): void {
  if (implementing !== undefined && (type.kind !== "instance" || parsed.kind !== "label")) {
    throw invalid(`${name}: only instances with a plain name can say what they implement`, offset);
  }
  if (parsed.kind !== "constructor" && parsed.kind !== "method" && parsed.kind !== "static") return;
  const refuse = (expected: string) =>
    invalid(`${name}: expected ${expected}, found ${printExtern(type)}`, offset);
  if (type.kind !== "func") throw refuse("a function");
  const resource = resourceNamed(parsed.resource, named);
  if (resource === undefined)
    throw invalid(`${name}: no resource ${parsed.resource} is named before it`, offset);
  if (parsed.kind === "constructor" && !constructs(type.type, resource)) {
    throw refuse(`a function that returns ${parsed.resource} or result<${parsed.resource}, …>`);
  }
  if (parsed.kind === "method" && !takesSelf(type.type, resource)) {
    throw refuse(`a function whose first parameter is self: borrow<${parsed.resource}>`);
  }
}

function resourceNamed(name: string, named: ReadonlyMap<string, ExternType>): ResourceType | undefined {
  const found = named.get(name);
  return found?.kind === "type" && found.type.kind === "resource" ? found.type.type : undefined;
}

function constructs({ result }: FuncType, resource: ResourceType): boolean {
  const made: ValueType | undefined = result?.kind === "result" ? result.ok : result;
  return made?.kind === "own" && made.resource === resource;
}

function takesSelf({ params }: FuncType, resource: ResourceType): boolean {
  const [self] = params;
  return self?.name === "self" && self.type.kind === "borrow" && self.type.resource === resource;
}
