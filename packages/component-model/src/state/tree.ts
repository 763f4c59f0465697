import { MAX_HANDLE_INDEX } from "../abi/limits.ts";
import type { Frame } from "../link/frame.ts";
import type { Observation } from "../link/observe.ts";
import type { RewriteOptions } from "../rewrite/rewrite-module.ts";
import type { CoreState } from "./core-state.ts";
import type { Meter } from "./meter.ts";

/** What a handle takes of the host's memory, about. */
const HANDLE_BYTES = 128;

/** How all core modules of a component are made. */
export interface TreeOptions {
  readonly meter: Meter | undefined;
  /** Bytes that memories and tables of one component instance may have; undefined: as the modules say. */
  readonly maxMemoryBytes: number | undefined;
  /** Whether modules are rewritten so that their state is in reach. */
  readonly snapshots: boolean;
  /** Whether state from a snapshot takes the place of what start functions and active segments would do. */
  readonly restoring: boolean;
  readonly observation: Observation | undefined;
}

/** A component instance with all instances nested inside, in the order in which they were made. */
export class InstanceTree {
  readonly options: TreeOptions;
  readonly frames: Frame[] = [];
  readonly cores: CoreState[] = [];
  /** SHA-256 of the component's bytes. */
  readonly component: () => string;

  /** Handles that one component instance may have: the host's memory for them counts against the limit on its own. */
  readonly maxHandles: number;
  /** How core modules are rewritten; undefined when they run as they came. */
  readonly rewrite: RewriteOptions | undefined;

  constructor(options: TreeOptions, component: () => string) {
    this.options = options;
    this.component = component;
    const { meter, maxMemoryBytes, snapshots } = options;
    this.maxHandles = Math.min(Math.floor((maxMemoryBytes ?? Infinity) / HANDLE_BYTES), MAX_HANDLE_INDEX);
    const rewrite = { metered: meter !== undefined, capped: maxMemoryBytes !== undefined };
    this.rewrite = snapshots || rewrite.metered || rewrite.capped ? rewrite : undefined;
  }
}
