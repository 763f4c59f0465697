import { checkSubtype, type ExternType, type Mismatch } from "@playhead/component-model";
import type { Range } from "../source.ts";

/** Two components need something of one name in ways that no single import can satisfy. */
export interface MergeConflict {
  readonly kind: "conflict";
  /** The export in which they differ; undefined where the imports differ as a whole. */
  readonly exportName: string | undefined;
  /** `expected` is what the first component needs, `found` what the second does. */
  readonly mismatch: Mismatch;
  /** Where the first component is instantiated. */
  readonly first?: Range | undefined;
}

interface MergedImport {
  readonly kind: "merged";
  readonly type: ExternType;
}

/**
 * The type of an import that does for both: an instance has the exports of both; where both have one, that which is a
 * subtype of the other. Both are given in the composition's resource types.
 */
export function mergeImports(first: ExternType, second: ExternType): MergedImport | MergeConflict {
  if (first.kind !== "instance" || second.kind !== "instance") {
    return narrower(first, second, undefined);
  }
  const exports = new Map(first.type.exports);
  for (const [name, type] of second.type.exports) {
    const existing = exports.get(name);
    const merged: MergedImport | MergeConflict =
      existing === undefined ? { kind: "merged", type } : narrower(existing, type, name);
    if (merged.kind === "conflict") {
      return merged;
    }
    exports.set(name, merged.type);
  }
  return { kind: "merged", type: { kind: "instance", type: { exports } } };
}

function narrower(
  first: ExternType,
  second: ExternType,
  exportName: string | undefined,
): MergedImport | MergeConflict {
  const mismatch = mismatchOf(first, second);
  if (mismatch === undefined) {
    return { kind: "merged", type: first };
  }
  const reverse = mismatchOf(second, first);
  return reverse === undefined
    ? { kind: "merged", type: second }
    : { kind: "conflict", exportName, mismatch: reverse };
}

function mismatchOf(actual: ExternType, expected: ExternType): Mismatch | undefined {
  return checkSubtype(actual, expected, new Map(), () => false);
}
