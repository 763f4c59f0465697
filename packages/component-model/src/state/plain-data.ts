import { ComponentModelError } from "../errors.ts";

/**
 * A text that is the same for equal plain data, whatever the order of keys, and differs for others.
 *
 * @throws ComponentModelError `not-saveable` for anything else than null, booleans, numbers, bigints, strings, bytes, and arrays and
 * objects of such
 */
export function canonicalText(data: unknown): string {
  const parts: string[] = [];
  write(data, parts);
  return parts.join("");
}

function write(data: unknown, parts: string[]): void {
  switch (typeof data) {
    case "undefined":
    case "boolean":
      parts.push(String(data), ";");
      return;
    case "number":
      parts.push(Object.is(data, -0) ? "-0" : String(data), ";");
      return;
    case "bigint":
      parts.push(`${data}n;`);
      return;
    case "string":
      parts.push(JSON.stringify(data), ";");
      return;
    case "object":
      writeObject(data, parts);
      return;
    default:
      throw refused(`a ${typeof data}`);
  }
}

function writeObject(data: object | null, parts: string[]): void {
  if (data === null) {
    parts.push("null;");
  } else if (Array.isArray(data)) {
    parts.push("[");
    for (const item of data) write(item, parts);
    parts.push("]");
  } else if (data instanceof Uint8Array) {
    parts.push("<", Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join(""), ">");
  } else if (isPlain(data)) {
    parts.push("{");
    for (const key of Object.keys(data).sort()) {
      parts.push(JSON.stringify(key), ":");
      write((data as Record<string, unknown>)[key], parts);
    }
    parts.push("}");
  } else {
    throw refused(`an object of class ${data.constructor?.name ?? "?"}`);
  }
}

function isPlain(data: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(data);
  return prototype === Object.prototype || prototype === null;
}

function refused(found: string): ComponentModelError {
  return new ComponentModelError(
    "not-saveable",
    `the state of a host resource: expected plain data, found ${found}`,
  );
}
