/**
 * Remembers the radar's objects from scan to scan, just long enough to tell what stays from what flashes up once: reflections
 * of reflections, noise. It is no tracker: positions are passed on as measured.
 */

const CAPACITY: i32 = 64;
/** An object may be missing this long, µs. */
const PATIENCE_US: i64 = 160_000;
/** How far a measurement may lie from where the object should be, m, m (sideways, more with the distance), m/s. */
const GATE_X: f32 = 2.0;
const GATE_Y: f32 = 1.2;
const GATE_Y_PER_METRE: f32 = 0.025;
const GATE_RATE: f32 = 2.0;
const MOST_HITS: u8 = 20;

export class Persistence {
  private x: StaticArray<f32> = new StaticArray<f32>(CAPACITY);
  private y: StaticArray<f32> = new StaticArray<f32>(CAPACITY);
  private rate: StaticArray<f32> = new StaticArray<f32>(CAPACITY);
  private time: StaticArray<i64> = new StaticArray<i64>(CAPACITY);
  private hits: StaticArray<u8> = new StaticArray<u8>(CAPACITY);
  /** Whether this scan has claimed the object already. */
  private claimed: StaticArray<u8> = new StaticArray<u8>(CAPACITY);
  private count: i32 = 0;

  /** Starts a scan: forgets what was missing for too long. */
  begin(timeUs: i64): void {
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      const age = timeUs - this.time[i];
      if (age < 0 || age > PATIENCE_US) continue;
      this.move(i, kept++);
    }
    for (let i = kept; i < this.count; i++) this.wipe(i);
    this.count = kept;
    for (let i = 0; i < kept; i++) this.claimed[i] = 0;
  }

  /** Tells in how many scans, this one included, the object was seen. */
  seen(timeUs: i64, x: f32, y: f32, rate: f32): i32 {
    let best = -1;
    let bestOff: f32 = 1;
    for (let i = 0; i < this.count; i++) {
      if (this.claimed[i] != 0) continue;
      const elapsed = <f32>(<f64>(timeUs - this.time[i]) * 1e-6);
      const offX = abs<f32>(this.x[i] + this.rate[i] * elapsed - x) / GATE_X;
      const offY = abs<f32>(this.y[i] - y) / (GATE_Y + GATE_Y_PER_METRE * x);
      const offRate = abs<f32>(this.rate[i] - rate) / GATE_RATE;
      const off = max<f32>(offX, max<f32>(offY, offRate));
      if (off < bestOff) {
        bestOff = off;
        best = i;
      }
    }
    if (best < 0) {
      if (this.count >= CAPACITY) return 1;
      best = this.count++;
      this.hits[best] = 0;
    }
    this.x[best] = x;
    this.y[best] = y;
    this.rate[best] = rate;
    this.time[best] = timeUs;
    this.claimed[best] = 1;
    if (this.hits[best] < MOST_HITS) this.hits[best]++;
    return this.hits[best];
  }

  private move(from: i32, to: i32): void {
    this.x[to] = this.x[from];
    this.y[to] = this.y[from];
    this.rate[to] = this.rate[from];
    this.time[to] = this.time[from];
    this.hits[to] = this.hits[from];
  }

  private wipe(i: i32): void {
    this.x[i] = 0;
    this.y[i] = 0;
    this.rate[i] = 0;
    this.time[i] = 0;
    this.hits[i] = 0;
    this.claimed[i] = 0;
  }
}
