/**
 * Vehicles that the camera has seen in several pictures: what shows up once is not reported, and boxes are smoothed a little. It is no tracker:
 * it forgets within a few pictures, and knows no speed but that of the box in the picture.
 */

const CAPACITY: i32 = 32;
/** Numbers per entry: centre, base, width, their speeds per picture, score, hits, misses, age. */
const FIELDS: i32 = 10;
/** How much of a new measurement is taken over. */
const TAKE: f32 = 0.4;
const TAKE_SPEED: f32 = 0.08;
const MOST_MISSES: f32 = 4;

export class Confirmed {
  /** Seen so often before it is reported, and this score. */
  leastHits: f32 = 3;
  leastScore: f32 = 0.5;
  count: i32 = 0;
  private values: StaticArray<f32> = new StaticArray<f32>(CAPACITY * FIELDS);
  private matched: StaticArray<u8> = new StaticArray<u8>(CAPACITY);
  private covered: StaticArray<bool> = new StaticArray<bool>(CAPACITY);

  centre(i: i32): f32 {
    return this.values[i * FIELDS];
  }

  base(i: i32): f32 {
    return this.values[i * FIELDS + 1];
  }

  width(i: i32): f32 {
    return this.values[i * FIELDS + 2];
  }

  score(i: i32): f32 {
    return this.values[i * FIELDS + 6];
  }

  /** Whether the entry is to be reported for this picture. */
  isReported(i: i32): bool {
    const at = i * FIELDS;
    return this.matched[i] != 0 && this.values[at + 7] >= this.leastHits && this.values[at + 6] >= this.leastScore;
  }

  /** Starts a picture: entries move as they did before. */
  begin(): void {
    for (let i = 0; i < this.count; i++) {
      const at = i * FIELDS;
      this.matched[i] = 0;
      for (let k = 0; k < 3; k++) this.values[at + k] += this.values[at + 3 + k];
      this.values[at + 9] += 1;
    }
  }

  /** Takes a window of this picture: the best ones must come first. */
  take(centre: f32, base: f32, width: f32, score: f32): void {
    const found = this.nearest(centre, base, width);
    if (found < 0) {
      this.open(centre, base, width, score);
      return;
    }
    const at = found * FIELDS;
    this.follow(at, centre);
    this.follow(at + 1, base);
    this.follow(at + 2, width);
    this.values[at + 6] += 0.3 * (score - this.values[at + 6]);
    this.values[at + 7] = min<f32>(this.values[at + 7] + 1, 100);
    this.values[at + 8] = 0;
    this.matched[found] = 1;
  }

  /** Ends a picture: forgets what was missing for too long, and what another one covers. */
  end(): void {
    for (let i = 0; i < this.count; i++) this.covered[i] = this.isCovered(i);
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      const at = i * FIELDS;
      if (this.covered[i]) continue;
      if (this.matched[i] == 0) {
        this.values[at + 8] += 1;
        this.values[at + 6] *= 0.85;
        // What was seen only once or twice must be seen again at once.
        const patience = min<f32>(MOST_MISSES, this.values[at + 7] - 1);
        if (this.values[at + 8] > patience) continue;
      }
      this.matched[kept] = this.matched[i];
      for (let k = 0; k < FIELDS; k++) this.values[kept * FIELDS + k] = this.values[at + k];
      kept++;
    }
    for (let i = kept; i < this.count; i++) this.wipe(i);
    this.count = kept;
  }

  /** Whether a stronger entry has the same place. */
  private isCovered(i: i32): bool {
    for (let j = 0; j < this.count; j++) {
      if (j == i || this.strength(j) < this.strength(i) || (this.strength(j) == this.strength(i) && j > i)) continue;
      const narrow = min<f32>(this.width(i), this.width(j));
      const left = max<f32>(this.centre(i) - this.width(i) / 2, this.centre(j) - this.width(j) / 2);
      const right = min<f32>(this.centre(i) + this.width(i) / 2, this.centre(j) + this.width(j) / 2);
      if (right - left > 0.5 * narrow && abs<f32>(this.base(i) - this.base(j)) < 0.5 * narrow) return true;
    }
    return false;
  }

  private strength(i: i32): f32 {
    return this.score(i) * min<f32>(this.values[i * FIELDS + 7], 10);
  }

  private follow(at: i32, measured: f32): void {
    const off = measured - this.values[at];
    this.values[at] += TAKE * off;
    this.values[at + 3] += TAKE_SPEED * off;
  }

  private nearest(centre: f32, base: f32, width: f32): i32 {
    let best = -1;
    let bestOff: f32 = 1;
    for (let i = 0; i < this.count; i++) {
      if (this.matched[i] != 0) continue;
      const wide = max<f32>(width, this.width(i));
      const offX = abs<f32>(centre - this.centre(i)) / (0.35 * wide + 1);
      const offY = abs<f32>(base - this.base(i)) / (0.2 * wide + 2);
      const offWidth = abs<f32>(width - this.width(i)) / (0.4 * wide + 2);
      const off = max<f32>(offX, max<f32>(offY, offWidth));
      if (off < bestOff) {
        bestOff = off;
        best = i;
      }
    }
    return best;
  }

  private open(centre: f32, base: f32, width: f32, score: f32): void {
    if (this.count >= CAPACITY) return;
    const i = this.count++;
    const at = i * FIELDS;
    this.values[at] = centre;
    this.values[at + 1] = base;
    this.values[at + 2] = width;
    for (let k = 3; k < 6; k++) this.values[at + k] = 0;
    this.values[at + 6] = score;
    this.values[at + 7] = 1;
    this.values[at + 8] = 0;
    this.values[at + 9] = 0;
    this.matched[i] = 1;
  }

  private wipe(i: i32): void {
    this.matched[i] = 0;
    for (let k = 0; k < FIELDS; k++) this.values[i * FIELDS + k] = 0;
  }
}
