import type { Reader } from "../binary/reader.ts";
import type { ExternType } from "../types.ts";
import { checkSubtype } from "../typing/subtype.ts";
import { readExternName } from "./extern-names.ts";
import { readRef } from "./instances.ts";
import { invalid } from "./invalid.ts";
import type { Scope } from "./scope.ts";
import { readExternType } from "./types.ts";
import { readOptional } from "./value-types.ts";

/** One entry of an import section. */
export function readImport(reader: Reader, scope: Scope): void {
  const name = readExternName(reader, "import");
  const type = scope.addImport(name, readExternType(reader, scope, name.name, "import"));
  scope.steps.push({ op: "import", name: name.name, type });
}

/** One entry of an export section: a definition, and the type under which it is shown if that is to be another one. */
export function readExport(reader: Reader, scope: Scope): void {
  const externName = readExternName(reader, "export");
  const { name, offset } = externName;
  const { ref, type } = readRef(reader, scope);
  const ascribed = readOptional(reader, () => readExternType(reader, scope, name, "other"));
  if (ascribed !== undefined) checkAscription(name, type, ascribed, scope, offset);
  if (type.kind === "type" && type.type.kind === "resource") scope.nameResource(type.type.type, name);
  const shown = scope.addExport(externName, ascribed ?? type);
  scope.steps.push({ op: "export", name, ref, type: shown });
}

function checkAscription(
  name: string,
  actual: ExternType,
  shown: ExternType,
  scope: Scope,
  offset: number,
): void {
  const fresh = new Set(scope.ownResources);
  const mismatch = checkSubtype(actual, shown, new Map(), (resource) => fresh.has(resource));
  if (mismatch === undefined) return;
  const place = [name, ...mismatch.path].join(" / ");
  throw invalid(`export ${place}: declared as ${mismatch.expected}, but it is ${mismatch.found}`, offset);
}
