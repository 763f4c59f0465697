import { join } from "node:path";

/** Where capsules of faults go: where they are wanted, otherwise beside the outputs, otherwise with the state that is kept; nowhere without all of these. */
export function capsulesFolder({
  capsules,
  out,
  state,
}: Readonly<Record<"capsules" | "out" | "state", string | undefined>>): string | undefined {
  if (capsules !== undefined) return capsules;
  if (out !== undefined) return `${out}.faults`;
  return state === undefined ? undefined : join(state, "faults");
}
