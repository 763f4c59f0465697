import { unsupported } from "../binary/core-types.ts";
import { hex, type Reader } from "../binary/reader.ts";
import { parseName } from "../names.ts";
import { invalid } from "./scope.ts";

/** The name of an import or export; attributes after it are read and let go. */
export function readExternName(reader: Reader, what: "import" | "export"): string {
  const offset = reader.offset;
  const form = reader.u8();
  if (form > 0x02) throw reader.malformed(`invalid form of a name ${hex(form)}`, offset);
  const name = reader.name();
  if (form === 0x02) readAttributes(reader);
  checkExternName(name, what, offset);
  return name;
}

function checkExternName(name: string, what: string, offset: number): void {
  if (parseName(name) !== undefined) return;
  if (name.startsWith("[async")) throw unsupported(`async functions (${name})`, offset);
  throw invalid(`${JSON.stringify(name)} is not a valid name of an ${what}`, offset);
}

const attributes = ["implements", "version suffix", "external id"];

function readAttributes(reader: Reader): void {
  const seen = new Set<number>();
  reader.vector("attributes", () => {
    const offset = reader.offset;
    const code = reader.u8();
    if (attributes[code] === undefined) throw reader.malformed(`invalid attribute ${hex(code)}`, offset);
    if (seen.has(code)) throw invalid(`attribute ${attributes[code]} given twice`, offset);
    seen.add(code);
    reader.name();
  });
}
