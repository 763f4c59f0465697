/** The confirmed tracks as rows of `adas:perception/tracks`, predicted to a time. */
import { ROW_VALUES, TrackAt } from "../../lib/perception-rows";
import { EgoMotion } from "./ego-motion";
import { motionModel } from "./motion-models";
import { ObjectFilter } from "./object-filter";
import { Track } from "./track";
import { MAX_TRACKS, Tracker } from "./tracker";

export class TrackRows {
  readonly values: StaticArray<f32> = new StaticArray<f32>(MAX_TRACKS * ROW_VALUES);
  count: i32 = 0;
  private ahead: ObjectFilter = new ObjectFilter();

  /** In the order of the tracks' ids. */
  fill(tracker: Tracker, nowUs: i64, ego: EgoMotion): void {
    this.count = 0;
    const seconds = tracker.secondsUntil(nowUs);
    let last: u32 = 0;
    while (true) {
      const track = nextAfter(tracker, last);
      if (track === null) return;
      last = track.id;
      this.ahead.copyFrom(track.filter);
      this.ahead.predict(seconds, ego, motionModel(track.kind));
      this.write(this.count++, track, nowUs, ego);
    }
  }

  private write(row: i32, track: Track, nowUs: i64, ego: EgoMotion): void {
    const state = this.ahead.state;
    const own = isNaN(ego.acceleration) ? 0 : ego.acceleration;
    this.set(row, TrackAt.ID, <f64>track.id);
    this.set(row, TrackAt.CLASS, <f64>track.kind);
    this.set(row, TrackAt.CONFIDENCE, track.existence);
    this.set(row, TrackAt.AGE, <f64>(nowUs - track.bornUs) * 1e-6);
    this.set(row, TrackAt.X, unchecked(state[0]));
    this.set(row, TrackAt.Y, unchecked(state[1]));
    this.set(row, TrackAt.VX, unchecked(state[2]) - ego.forwardSpeed());
    this.set(row, TrackAt.VY, unchecked(state[3]));
    this.set(row, TrackAt.AX, unchecked(state[4]) - own);
    this.set(row, TrackAt.X_DEVIATION, this.deviation(0));
    this.set(row, TrackAt.Y_DEVIATION, this.deviation(1));
    this.set(row, TrackAt.VX_DEVIATION, this.deviation(2));
    this.set(row, TrackAt.VY_DEVIATION, this.deviation(3));
    this.set(row, TrackAt.LENGTH, track.size(0));
    this.set(row, TrackAt.WIDTH, track.size(1));
    this.set(row, TrackAt.HEIGHT, track.size(2));
  }

  private set(row: i32, at: i32, value: f64): void {
    unchecked(this.values[row * ROW_VALUES + at] = <f32>value);
  }

  private deviation(i: i32): f64 {
    return Math.sqrt(max<f64>(this.ahead.variance(i), 0));
  }
}

/** The confirmed track with the least id above one. */
function nextAfter(tracker: Tracker, id: u32): Track | null {
  let next: Track | null = null;
  for (let i = 0; i < MAX_TRACKS; i++) {
    const track = unchecked(tracker.tracks[i]);
    if (!track.active || !track.confirmed || track.id <= id) continue;
    if (next === null || track.id < next.id) next = track;
  }
  return next;
}
