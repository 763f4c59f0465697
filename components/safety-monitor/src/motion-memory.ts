/**
 * Which tracks were ever seen moving. A thing that only radar sees and that never moved is a sign, a bridge or a drain cover more often than an
 * obstacle, so it raises no warning.
 */

const CAPACITY: i32 = 128;
/** m/s over ground, beyond three standard deviations. */
const MOVING: f64 = 2.0;

export class MotionMemory {
  private ids: StaticArray<u32> = new StaticArray<u32>(CAPACITY);
  private moved: StaticArray<bool> = new StaticArray<bool>(CAPACITY);
  /** The place that is overwritten next. */
  private next: i32 = 0;

  /** Notes a track's speed over ground with its standard deviation, m/s; returns whether it ever moved. */
  note(id: u32, speed: f64, deviation: f64): bool {
    const place = this.placeOf(id);
    if (speed - 3 * deviation > MOVING) unchecked(this.moved[place] = true);
    return unchecked(this.moved[place]);
  }

  private placeOf(id: u32): i32 {
    for (let i = 0; i < CAPACITY; i++) if (unchecked(this.ids[i]) == id) return i;
    const place = this.next;
    this.next = (place + 1) % CAPACITY;
    unchecked(this.ids[place] = id);
    unchecked(this.moved[place] = false);
    return place;
  }
}
