/** Where two values first differ, in the order in which their parts are written. */
export interface ValueDifference {
  /** Such as `tracks[3].position.x`; empty for the values themselves. */
  readonly path: string;
  /** Undefined where that side has nothing there. `…` stands for what lies too deep inside of others to be written as JSON. */
  readonly a: unknown;
  readonly b: unknown;
}

const DEEPEST = 500;
const DEEPEST_SHOWN = 100;

/** The first difference between two values made of objects, lists and plain values; undefined where there is none. */
export function firstDifference(a: unknown, b: unknown, path = "", depth = 0): ValueDifference | undefined {
  if (Object.is(a, b)) return undefined;
  if (depth < DEEPEST) {
    if (isList(a) && isList(b)) return firstInLists(a, b, path, depth + 1);
    if (isObject(a) && isObject(b)) return firstInObjects(a, b, path, depth + 1);
  }
  return { path, a: shown(a), b: shown(b) };
}

function shown(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (depth >= DEEPEST_SHOWN) return "…";
  if (Array.isArray(value)) return value.map((inner) => shown(inner, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(inner, depth + 1)]));
}

type List = ArrayLike<unknown>;

function firstInLists(a: List, b: List, path: string, depth: number): ValueDifference | undefined {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const found = firstDifference(a[at], b[at], `${path}[${at}]`, depth);
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstInObjects(
  a: Record<string, unknown>,
  b: Record<string, unknown>,
  path: string,
  depth: number,
): ValueDifference | undefined {
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = firstDifference(own(a, key), own(b, key), joined(path, key), depth);
    if (found !== undefined) return found;
  }
  return undefined;
}

function own(value: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function joined(path: string, key: string): string {
  if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

function isList(value: unknown): value is List {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !isList(value);
}
