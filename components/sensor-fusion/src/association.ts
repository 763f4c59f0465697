/**
 * Which detection is which track: global nearest neighbour, taken greedily from the likeliest pair on. Ties go to the pair that was
 * added first.
 */

/** More pairs than this within one batch are not looked at. */
const CAPACITY: i32 = 4096;

export class Association {
  private count: i32 = 0;
  private costs: StaticArray<f64> = new StaticArray<f64>(CAPACITY);
  private tracks: StaticArray<i32> = new StaticArray<i32>(CAPACITY);
  private rows: StaticArray<i32> = new StaticArray<i32>(CAPACITY);
  /** By track, the row that it got; −1 for none. */
  readonly rowOf: StaticArray<i32>;
  /** By row, the track that got it; −1 for none. */
  readonly trackOf: StaticArray<i32>;

  constructor(maxTracks: i32, maxRows: i32) {
    this.rowOf = new StaticArray<i32>(maxTracks);
    this.trackOf = new StaticArray<i32>(maxRows);
  }

  /** Forgets all pairs. */
  reset(): void {
    this.count = 0;
    for (let i = 0; i < this.rowOf.length; i++) unchecked(this.rowOf[i] = -1);
    for (let i = 0; i < this.trackOf.length; i++) unchecked(this.trackOf[i] = -1);
  }

  /** Adds a possible pair; a lower cost is likelier. */
  add(track: i32, row: i32, cost: f64): void {
    if (this.count == CAPACITY || !isFinite(cost)) return;
    unchecked(this.costs[this.count] = cost);
    unchecked(this.tracks[this.count] = track);
    unchecked(this.rows[this.count] = row);
    this.count++;
  }

  /** Fills `rowOf` and `trackOf`. */
  assign(): void {
    while (true) {
      let best = -1;
      let least: f64 = Infinity;
      for (let i = 0; i < this.count; i++) {
        const free = unchecked(this.rowOf[this.tracks[i]]) < 0 && unchecked(this.trackOf[this.rows[i]]) < 0;
        if (free && unchecked(this.costs[i]) < least) {
          best = i;
          least = unchecked(this.costs[i]);
        }
      }
      if (best < 0) return;
      const track = unchecked(this.tracks[best]);
      const row = unchecked(this.rows[best]);
      unchecked(this.rowOf[track] = row);
      unchecked(this.trackOf[row] = track);
    }
  }
}
