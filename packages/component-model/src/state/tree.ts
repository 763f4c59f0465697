import type { Frame } from "../link/frame.ts";
import type { RewriteOptions, StateLayout } from "../rewrite/rewrite-module.ts";
import type { Meter } from "./meter.ts";

/** How all core modules of a component are made. */
export interface TreeOptions {
  readonly meter: Meter | undefined;
  /** Bytes that memories and tables of one component instance may have; undefined: as the modules say. */
  readonly maxMemoryBytes: number | undefined;
  /** Whether modules are rewritten so that their state is in reach. */
  readonly snapshots: boolean;
  /** Whether state from a snapshot takes the place of what start functions and active segments would do. */
  readonly restoring: boolean;
}

/** A core instance whose state is in reach. */
export interface CoreState {
  /** Path of the component instance that it is part of. */
  readonly path: string;
  readonly layout: StateLayout;
  readonly exports: WebAssembly.Exports;
  readonly imports: Readonly<Record<string, Readonly<Record<string, WebAssembly.ExportValue>>>>;
}

/** A component instance with all instances nested inside, in the order in which they were made. */
export class InstanceTree {
  readonly options: TreeOptions;
  readonly frames: Frame[] = [];
  readonly cores: CoreState[] = [];

  /** How core modules are rewritten; undefined when they run as they came. */
  readonly rewrite: RewriteOptions | undefined;

  constructor(options: TreeOptions) {
    this.options = options;
    const { meter, maxMemoryBytes, snapshots } = options;
    const rewrite = { metered: meter !== undefined, capped: maxMemoryBytes !== undefined };
    this.rewrite = snapshots || rewrite.metered || rewrite.capped ? rewrite : undefined;
  }
}
