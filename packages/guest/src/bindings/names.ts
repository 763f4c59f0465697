/** WIT names as AssemblyScript names. */

/** Words that cannot name a variable, function, class or property in AssemblyScript. */
const RESERVED = new Set(
  (
    "abstract as async await bool break case catch class const constructor continue debugger declare default delete do " +
    "else enum export extends f32 f64 false finally for from function get i16 i32 i64 i8 if implements import in " +
    "instanceof interface is isize keyof let module namespace new null of package private protected public readonly " +
    "return set static string super switch symbol this throw true try type typeof u16 u32 u64 u8 undefined usize v128 " +
    "var void while with yield abort"
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
