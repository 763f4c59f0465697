import type { RecordedRun } from "./recorded-run.ts";
import type { WayResult } from "./run-way.ts";
import type { Way } from "./way.ts";

/** How the composition is put together, and what runs it. */
export type Variant = "linked" | "encoded" | "other Node";

/** A run that is wanted. */
export interface Trial {
  readonly way: Way;
  readonly variant: Variant;
}

/** A run that was made. */
export interface TrialResult extends WayResult {
  readonly trial: Trial;
  /** Where its outputs were recorded. */
  readonly outputsAt: string;
}

/** Where runs are made, each in a process of its own. */
export interface Laboratory {
  run(trial: Trial): Promise<TrialResult>;
  open(result: TrialResult): Promise<RecordedRun>;
  /** The recorded outputs are not needed any more. */
  discard(result: TrialResult): Promise<void>;
}

/** For people: `pattern 3, other Node`. */
export function nameOf({ way, variant }: Trial): string {
  return variant === "linked" ? way.name : `${way.name}, ${variant}`;
}
