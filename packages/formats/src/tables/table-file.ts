import type { Cell } from "@playhead/recording";
import type { TableColumn } from "./columns.ts";

/** Takes bytes of a file, in order. */
export type Append = (bytes: Uint8Array) => Promise<void>;

/** A file that takes rows. Holds a bounded number of them. */
export interface TableFile {
  /** A promise where it has to be waited for. */
  row(cells: readonly Cell[]): Promise<void> | undefined;
  /** Writes what is left. */
  close(): Promise<void>;
}

export type OpenTable = (columns: readonly TableColumn[], append: Append) => TableFile;
