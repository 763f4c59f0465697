import type { TrapCode } from "../errors.ts";
import type { SavedReference } from "./references.ts";
import type { SavedHandles } from "./saved-handles.ts";

/**
 * The state of a component instance with all instances nested inside, between two calls, but for the contents of its memories: plain
 * data, which can be sent to another thread or written down.
 */
export interface SavedState {
  readonly format: 1;
  /** SHA-256 of the component's bytes. */
  readonly component: string;
  /** Component instances, in the order in which they are made. */
  readonly instances: readonly SavedInstance[];
  /** Core instances, in that order. */
  readonly cores: readonly SavedCore[];
  /** Tables that code may change; all others are as they were made. */
  readonly tables: readonly (readonly SavedReference[])[];
  /** What host classes say of their objects that guests hold handles to. */
  readonly objects: readonly unknown[];
  /** Handles to resources of guests that the host holds, in the order in which it gave them. */
  readonly held: readonly SavedHeld[];
}

/** A state whose memories' contents are in a `PageStore`, which `release` gives them back to. */
export interface Snapshot extends SavedState {
  readonly cores: readonly (SavedCore & { readonly memories: readonly StoredMemory[] })[];
}

export interface SavedInstance {
  readonly handles: SavedHandles;
  readonly trapped: SavedTrap | null;
}

export interface SavedTrap {
  readonly code: TrapCode;
  readonly message: string;
  readonly instance: string;
  readonly where: string;
}

interface SavedCore {
  readonly memories: readonly SavedMemory[];
  /** Mutable numbers, as signed words of 32 bits. */
  readonly words: readonly number[];
  readonly references: readonly SavedReference[];
}

interface SavedMemory {
  /** Of 4096 bytes. */
  readonly pages: number;
}

interface StoredMemory extends SavedMemory {
  /** Key of the list of its blocks. */
  readonly key: string;
}

export interface SavedHeld {
  /** The instance that defines the resource, and which of its resources it is. */
  readonly instance: number;
  readonly resource: number;
  readonly rep: number;
}
