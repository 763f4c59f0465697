/** WIT names as AssemblyScript names. */

/** Words that cannot name a variable, function or method in AssemblyScript. */
const RESERVED = new Set(
  (
    "async await break case catch class const constructor continue debugger default delete do else enum export " +
    "extends false finally for function if implements import in instanceof interface let new null package private " +
    "protected public return static super switch this throw true try typeof undefined var void while with yield"
  ).split(" "),
);

/** `sensor-info` → `SensorInfo`. Letters that are capitals in WIT (acronyms) stay. */
export function pascalCase(name: string): string {
  return name
    .split("-")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}

/** `list-sensors` → `listSensors`; a reserved word gets an underscore at the end. */
export function camelCase(name: string): string {
  const pascal = pascalCase(name);
  const camel = pascal.slice(0, 1).toLowerCase() + pascal.slice(1);
  return RESERVED.has(camel) ? `${camel}_` : camel;
}

/** A function's name in the component model, taken apart. */
export type FunctionName =
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "constructor"; readonly resource: string }
  | { readonly kind: "method" | "static"; readonly resource: string; readonly name: string };

/** `[method]subscriber.read` → method `read` of `subscriber`. */
export function parseFunctionName(text: string): FunctionName {
  const match = /^\[(constructor|method|static)\]([^.]+)(?:\.(.+))?$/.exec(text);
  const resource = match?.[2];
  if (match === null || resource === undefined) return { kind: "function", name: text };
  if (match[1] === "constructor") return { kind: "constructor", resource };
  return { kind: match[1] === "method" ? "method" : "static", resource, name: match[3] ?? "" };
}

/** `playhead:sim/bus@0.1.0` → namespace, package, interface and version. `undefined` for a plain name. */
export function parseInterfaceName(
  text: string,
): { namespace: string; package: string; interface: string; version: string | undefined } | undefined {
  const match = /^([^:/@]+):([^:/@]+)\/([^:/@]+)(?:@(.+))?$/.exec(text);
  if (match === null) return undefined;
  return {
    namespace: match[1] ?? "",
    package: match[2] ?? "",
    interface: match[3] ?? "",
    version: match[4],
  };
}
