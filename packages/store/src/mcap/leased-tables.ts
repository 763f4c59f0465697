import type { PlacedSegment } from "./groups.ts";
import type { MessageTable } from "./message-table.ts";
import { BufferRoom, type Lease, type SegmentLoader } from "./segment-loader.ts";

/** So many tables stay: those around the place that is looked at. */
const MOST_TABLES = 6;

/**
 * Tables of which a few messages are copied: their buffers are used again, so that looking here and there does not turn over memory by the megabyte. One
 * caller at a time; a table is valid until the next is asked for.
 */
export class LeasedTables {
  readonly #loader: SegmentLoader;
  readonly #room = new BufferRoom();
  /** By place, least recently used first. */
  readonly #leases = new Map<number, Lease>();

  constructor(loader: SegmentLoader) {
    this.#loader = loader;
  }

  async load(placed: PlacedSegment): Promise<MessageTable> {
    const { place } = placed;
    const known = this.#leases.get(place);
    this.#leases.delete(place);
    if (known === undefined) this.#makeRoom();
    const lease = known ?? (await this.#loader.lease(placed, this.#room));
    this.#leases.set(place, lease);
    return lease.table;
  }

  clear(): void {
    this.#leases.clear();
  }

  #makeRoom(): void {
    for (const [place, lease] of this.#leases) {
      if (this.#leases.size < MOST_TABLES) return;
      this.#leases.delete(place);
      lease.giveBack();
    }
  }
}
