import type { Command, Speed } from "../control/command.ts";

/** One thing that is done with a playhead. */
export type Move =
  /** Sent together; the next move waits until all are answered. */
  | { readonly type: "commands"; readonly commands: readonly Command[] }
  /** Plays that long by the wall clock, and pauses wherever it is then. */
  | { readonly type: "play"; readonly speed: Speed; readonly wallMs: number }
  /** Forward to the place right after that many events of the run, and on to the time where no event is left up to it. */
  | { readonly type: "go"; readonly events: number; readonly timeUs?: number };

/** A way through a run from its start: the moves, and then playing to the end at full speed. */
export interface Way {
  /** For people: `plain`, `pattern 3`. */
  readonly name: string;
  readonly moves: readonly Move[];
  /** How dear a stretch may be to replay before a checkpoint is laid, ms; `false` for a run without checkpoints. */
  readonly checkpointCostMs: number | false;
  /** Stops when the moves are made. */
  readonly stopsThere?: boolean;
}

/** Straight from the start to the end. */
export function plainWay(name: string): Way {
  return { name, moves: [], checkpointCostMs: false };
}
