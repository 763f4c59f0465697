import { unsupported } from "../binary/core-types.ts";
import { hex, type Reader } from "../binary/reader.ts";
import { explainName, type ParsedName, parseName, takesVersionSuffix } from "../names.ts";
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
  const attributes = form === 0x02 ? readAttributes(reader) : undefined;
  const parsed = parseName(name);
  if (parsed === undefined) {
    if (name.startsWith("[async")) throw unsupported(`async functions (${name})`, offset);
    const quoted = JSON.stringify(name);
    throw invalid(`${quoted} is not a valid name of an ${what}: ${explainName(name)}`, offset);
  }
  if (parsed.kind === "dependency" && what === "export") {
    throw invalid(`${JSON.stringify(name)} cannot name an export`, offset);
  }
  const suffix = attributes?.get("version suffix");
  if (suffix !== undefined && !takesVersionSuffix(parsed, suffix)) {
    throw invalid(`version suffix ${JSON.stringify(suffix)} does not fit the name ${name}`, offset);
  }
  return { name, parsed, implementing: attributes?.get("implements"), offset };
}

const attributeNames = ["implements", "version suffix", "external id"];

function readAttributes(reader: Reader): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  reader.vector("attributes", () => {
    const offset = reader.offset;
    const code = reader.u8();
    const attribute = attributeNames[code];
    if (attribute === undefined) throw reader.malformed(`invalid attribute ${hex(code)}`, offset);
    if (values.has(attribute)) throw invalid(`attribute ${attribute} given twice`, offset);
    values.set(attribute, reader.name());
  });
  const interfaceName = values.get("implements");
  if (interfaceName !== undefined && parseName(interfaceName)?.kind !== "interface") {
    const quoted = JSON.stringify(interfaceName);
    throw invalid(`implements ${quoted}: expected the name of an interface`, reader.offset);
  }
  return values;
}
