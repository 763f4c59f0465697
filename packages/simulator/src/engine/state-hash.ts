import { createHash } from "node:crypto";
import { encodePlain } from "../checkpoints/plain-data.ts";
import type { EngineState } from "./engine-state.ts";

/**
 * SHA-256 over everything that decides how a run goes on: instances with their memories, bus, schedule, bridge, WASI, counts, what views
 * show, and the run hash. Equal for equal states, whichever way the run got there.
 *
 * @returns 64 hexadecimal digits
 */
export function stateHash({ instances, ...rest }: EngineState): string {
  const memories = instances.memories.map(({ key }) => key);
  return digest({ ...decisive(rest), instances: { data: instances.data, memories } });
}

/** Where a run is between two events, as hashes: equal for equal parts, in every process. */
export interface StateParts {
  readonly timeUs: number;
  /** Events run up to there: tells places within an instant apart. */
  readonly events: number;
  /** SHA-256 by name: the instances of the composition (`instance <path>`), and then the parts of the host. */
  readonly parts: Readonly<Record<string, string>>;
}

/** @param partsOf what each instance has of what was saved, by its path */
export function stateParts(
  { instances, ...rest }: EngineState,
  partsOf: (saved: EngineState["instances"]) => readonly (readonly [path: string, part: unknown])[],
): StateParts {
  const parts: Record<string, string> = {};
  for (const [path, part] of partsOf(instances)) parts[`instance ${path}`] = digest(part);
  for (const [name, part] of Object.entries(decisive(rest))) parts[name] = digest(part);
  return { timeUs: rest.nowUs, events: rest.events, parts };
}

type HostState = Omit<EngineState, "instances">;

/** Which readings are kept longer than they must be depends on how often the run was looked at. */
function decisive({ bridge, ...rest }: HostState): Omit<HostState, "bridge"> & { readonly bridge: object } {
  const { recent: _, ...counted } = bridge;
  return { ...rest, bridge: counted };
}

function digest(part: unknown): string {
  return createHash("sha256").update(encodePlain(part)).digest("hex");
}
