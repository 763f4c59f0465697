/**
 * A JavaScript value that does not fit the type at the boundary. Lowering throws it without knowing the place; whoever called
 * adds the place and throws a `ComponentModelError`.
 */
export class BadValue extends Error {
  override readonly name = "BadValue";

  constructor(expected: string, found: unknown) {
    super(`expected ${expected}, found ${describe(found)}`);
  }
}

export function bad(expected: string, found: unknown): never {
  throw new BadValue(expected, found);
}

const LONGEST = 40;

function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `the string ${JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value)}`;
    case "bigint":
      return `the bigint ${value}n`;
    case "number":
    case "boolean":
      return `the ${typeof value} ${value}`;
    case "object":
      return value === null ? "null" : describeObject(value);
    default:
      return typeof value === "undefined" ? "undefined" : `a ${typeof value}`;
  }
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  const name = value.constructor?.name;
  return name === undefined || name === "Object" ? "an object" : `an instance of ${name}`;
}
