import { hexOf } from "./hex.ts";

/** A single value inside of a message; undefined where it is not known. */
export type Cell = string | number | bigint | boolean | undefined;

export interface FlattenVisitor {
  /** Whether a list of this length becomes a cell for each element. */
  isSplit(name: string, length: number): boolean;
  /** Whether a list that is not split, and what lies deep inside, become a cell with their JSON: true without; otherwise they have none. */
  readonly hasTexts?: boolean;
  cell(name: string, cell: Cell): void;
}

const MOST_DEPTH = 32;
/** Longer bytes are no figures: only how many they are is told. */
const MOST_SHOWN_BYTES = 64;
const MOST_SHOWN_NAME = 64;

/** What `flatten` throws for values that lie too deep inside of others to be written as JSON. */
export class TooDeepError extends Error {}

/**
 * Goes through the values inside of a value, by names such as `pose.position.x` and `ranges[3]`. What is not known (NaN, null) is an empty cell.
 * @throws TooDeepError, when some of the cells are given already
 */
export function flatten(value: unknown, name: string, visitor: FlattenVisitor, depth = 0): void {
  if (value === undefined || value === null) return;
  if (typeof value === "number") {
    visitor.cell(name, Number.isNaN(value) ? undefined : value);
  } else if (typeof value === "string" || typeof value === "bigint" || typeof value === "boolean") {
    visitor.cell(name, value);
  } else if (value instanceof Uint8Array) flattenBytes(value, name, visitor);
  else if (isList(value)) flattenList(value, name, visitor, depth);
  else if (depth >= MOST_DEPTH) addText(value, name, visitor);
  else {
    for (const [key, inner] of Object.entries(value))
      flatten(inner, name === "" ? key : `${name}.${key}`, visitor, depth + 1);
  }
}

function flattenBytes(bytes: Uint8Array, name: string, visitor: FlattenVisitor): void {
  if (bytes.length <= MOST_SHOWN_BYTES) visitor.cell(name, hexOf(bytes));
  visitor.cell(`${name}.length`, bytes.length);
}

function flattenList(list: ArrayLike<unknown>, name: string, visitor: FlattenVisitor, depth: number): void {
  const isSplit = visitor.isSplit(name, list.length) && depth < MOST_DEPTH;
  if (!isSplit) {
    addText(list, name, visitor);
    return;
  }
  for (let index = 0; index < list.length; index++)
    flatten(list[index], `${name}[${index}]`, visitor, depth + 1);
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function addText(value: unknown, name: string, visitor: FlattenVisitor): void {
  if (visitor.hasTexts !== false) visitor.cell(name, asText(value, name));
}

function asText(value: unknown, name: string): string {
  try {
    return JSON.stringify(value, (_, inner: unknown) => {
      if (typeof inner === "bigint") return inner.toString();
      return ArrayBuffer.isView(inner) && isList(inner) ? Array.from(inner) : inner;
    });
  } catch (cause) {
    // The call stack is full.
    if (!(cause instanceof RangeError)) throw cause;
    const where = name.length > MOST_SHOWN_NAME ? `${name.slice(0, MOST_SHOWN_NAME)}…` : name;
    throw new TooDeepError(
      `${where}: expected values that can be written as JSON, found some too deep inside`,
      {
        cause,
      },
    );
  }
}
