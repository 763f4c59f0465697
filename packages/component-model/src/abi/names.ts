/**
 * How names of WIT look in JavaScript, after jco's mapping: functions, fields and flags in camelCase, classes in UpperCamelCase.
 * Cases of enums and variants keep their names.
 */

/** `rate-hz` → `rateHz`, `get-HTTP-body` → `getHttpBody`. */
export function camelCase(name: string): string {
  const [first = "", ...rest] = name.split("-");
  return first.toLowerCase() + rest.map(capitalized).join("");
}

/** `sensor-info` → `SensorInfo`. */
export function upperCamelCase(name: string): string {
  return name.split("-").map(capitalized).join("");
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}
