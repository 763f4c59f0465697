import type { Problem } from "@playhead/recording";
import type { CheckpointHead, Place } from "./checkpoint-index.ts";

/**
 * A state in the form in which it travels and is kept: bytes, and tables of pages. A page is named by a number that holds between a simulation
 * and its keeper, as long as the page is part of the state that was sent or loaded last; 0 is the page of zeros.
 */
export interface PackedState {
  /** Everything but the tables' contents, as `encodePlain` wrote it. */
  readonly body: Uint8Array;
  /** Bytes of each table: memories first, then large arrays of bytes. */
  readonly sizes: Float64Array;
  /** How many of the tables are memories. */
  readonly memories: number;
  /** Numbers of the pages of all tables, one table after the other. */
  readonly numbers: Float64Array;
  /** Numbers of pages that the other side does not have, and their bytes one after the other. */
  readonly fresh: Float64Array;
  readonly pages: Uint8Array;
}

/** How much is kept, and where. */
export interface CheckpointUsage {
  readonly checkpoints: number;
  /** Different pages. */
  readonly pages: number;
  readonly ramBytes: number;
  readonly diskBytes: number;
  /** Checkpoints that were let go of to stay within the budgets. */
  readonly thinned: number;
  /** What went wrong with the disk, and what was done about it. */
  readonly problems: readonly Problem[];
}

/** From a simulation. */
export type KeeperRequest =
  /** First of all. @see vaultKey */
  | { readonly type: "open"; readonly key: string }
  | { readonly type: "add"; readonly head: CheckpointHead; readonly state: PackedState }
  /** Others are let go of before the one at this place. */
  | { readonly type: "pin"; readonly place: Place }
  | { readonly type: "load"; readonly request: number; readonly head: CheckpointHead }
  /** Answered when all that was sent before is where it shall stay. */
  | { readonly type: "settle"; readonly request: number }
  | { readonly type: "remove"; readonly heads: readonly CheckpointHead[] };

export type KeeperReply =
  /** What there is of the run. */
  | { readonly type: "opened"; readonly heads: readonly CheckpointHead[]; readonly usage: CheckpointUsage }
  | {
      readonly type: "changed";
      /** Whether the next state that was sent has been taken in. */
      readonly taken: boolean;
      readonly removed: readonly CheckpointHead[];
      readonly usage: CheckpointUsage;
    }
  /** Without a state where it is not there any more, or cannot be read. */
  | { readonly type: "loaded"; readonly request: number; readonly state: PackedState | undefined }
  | { readonly type: "settled"; readonly request: number };

/** The way to a keeper of checkpoints, wherever it is. Messages keep their order. */
export interface KeeperLink {
  send(request: KeeperRequest): void;
  /** Set once, before anything is sent. */
  receive(onReply: (reply: KeeperReply) => void): void;
  close(): void;
}
