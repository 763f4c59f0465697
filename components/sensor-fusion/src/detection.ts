/** One row of a batch of detections, made ready for the filter. */
import { DetectionAt, rowClass, rowValue } from "../../lib/perception-rows";
import { Measurement } from "./object-filter";
import { CAMERA, LIDAR, RADAR, usualDepthDeviation, usualSideDeviation } from "./source";

/** No measurement of an object is surer than this: where its nearest point is depends on the view, m. */
const LEAST_DEVIATION: f64 = 0.1;
/** m/s. */
const LEAST_RATE_DEVIATION: f64 = 0.1;
const USUAL_RATE_DEVIATION: f64 = 0.3;
/** A nearest point that lies further to the side than this is a corner, m. */
const CORNER: f64 = 0.5;
/** A nearest point this close to abreast of the front bumper lies on a flank, m. */
const ABREAST: f64 = 0.6;
/** Half the width of a thing that tells none, m. */
const GUESSED_HALF: f64 = 0.4;
/** Standard deviation of where the middle is, from a corner, and as a share of half the width from elsewhere. */
const CORNER_DEVIATION: f64 = 0.15;
const MIDDLE_SHARE: f64 = 0.6;

export class Detection {
  measurement: Measurement = new Measurement();
  kind: i32 = 0;
  score: f64 = 0;
  length: f64 = NaN;
  width: f64 = NaN;
  height: f64 = NaN;
  private x: f64 = 0;
  private y: f64 = 0;
  private along: f64 = 0;
  private across: f64 = 0;
  /** Whether the position is the nearest point of the object's outline rather than the middle of its near side. */
  private nearest: bool = false;

  /** Reads a row; false where it tells no position. */
  read(values: usize, row: i32, source: i32): bool {
    const x = rowValue(values, row, DetectionAt.X);
    const y = rowValue(values, row, DetectionAt.Y);
    if (!isFinite(x) || !isFinite(y)) return false;
    const score = rowValue(values, row, DetectionAt.SCORE);
    this.score = isFinite(score) ? min<f64>(max<f64>(score, 0), 1) : 0.5;
    this.kind = rowClass(values, row, DetectionAt.CLASS);
    this.length = rowValue(values, row, DetectionAt.LENGTH);
    this.width = rowValue(values, row, DetectionAt.WIDTH);
    this.height = rowValue(values, row, DetectionAt.HEIGHT);
    const measurement = this.measurement;
    measurement.x = x;
    measurement.y = y;
    const range = Math.sqrt(x * x + y * y);
    const depth = deviation(rowValue(values, row, DetectionAt.X_DEVIATION), usualDepthDeviation(source, range));
    const side = deviation(rowValue(values, row, DetectionAt.Y_DEVIATION), usualSideDeviation(source, range));
    measurement.axisX = 1;
    measurement.axisY = 0;
    measurement.along = depth;
    measurement.across = side;
    if (source == CAMERA || source == RADAR) alignWithSight(measurement, range);
    this.x = x;
    this.y = y;
    this.along = measurement.along;
    this.across = measurement.across;
    this.nearest = source == LIDAR;
    const rate = rowValue(values, row, DetectionAt.RANGE_RATE);
    measurement.rangeRate = isFinite(rate) ? rate : NaN;
    const rateDeviation = rowValue(values, row, DetectionAt.RANGE_RATE_DEVIATION);
    measurement.rangeRateDeviation = max<f64>(isFinite(rateDeviation) ? rateDeviation : USUAL_RATE_DEVIATION, LEAST_RATE_DEVIATION);
    return true;
  }

  /** Whether it is seen from its side, beside us: where it begins and ends is not known then. */
  get isFlank(): bool {
    return this.nearest && abs<f64>(this.x) < ABREAST && abs<f64>(this.y) > CORNER;
  }

  /**
   * Makes the measurement that a track would have got: moved by a way (m), and of the middle of the near side. `trackX`, `trackY`: where the
   * track expects that middle (NaN for a new one); `length`, `width`: the size of its object (NaN where unknown), m.
   */
  aim(shiftX: f64, shiftY: f64, trackX: f64, trackY: f64, length: f64, width: f64): void {
    const measurement = this.measurement;
    measurement.x = this.x + shiftX;
    measurement.y = this.y + shiftY;
    if (!this.nearest) return;
    measurement.along = this.along;
    // The track's width is steadier than what one view shows.
    const wide = width > 0 ? width : this.width;
    const half = wide > 0.05 ? wide * 0.5 : GUESSED_HALF;
    this.aimSideways(half, trackY);
    if (this.isFlank) this.aimAlong(length > 0 ? length : this.length > 0 ? this.length : 2 * half, trackX);
  }

  /** Straight ahead, the nearest point may be anywhere on the near side and only bounds where the middle is; else it is a corner. */
  private aimSideways(half: f64, middle: f64): void {
    const measurement = this.measurement;
    const y = measurement.y;
    if (abs<f64>(y) > CORNER) {
      measurement.y = y > 0 ? y + half : y - half;
      measurement.across = Math.sqrt(this.across * this.across + CORNER_DEVIATION * CORNER_DEVIATION);
    } else {
      if (!isNaN(middle)) measurement.y = min<f64>(max<f64>(middle, y - half), y + half);
      measurement.across = this.across + MIDDLE_SHARE * half;
    }
  }

  /** A flank beside us only bounds where the near end is. */
  private aimAlong(length: f64, end: f64): void {
    const measurement = this.measurement;
    if (!isNaN(end)) measurement.x = min<f64>(max<f64>(end, measurement.x - length), measurement.x + length);
    measurement.along = this.along + MIDDLE_SHARE * length;
  }
}

function deviation(told: f64, usual: f64): f64 {
  return max<f64>(isFinite(told) && told > 0 ? told : usual, LEAST_DEVIATION);
}

/**
 * Sensors that measure distance and direction err along the line of sight and across it, and the deviations of x and y are what the
 * axes see of that ellipse. Turns them back where they tell enough.
 */
function alignWithSight(measurement: Measurement, range: f64): void {
  if (!(range > 1)) return;
  const c = measurement.x / range;
  const s = measurement.y / range;
  const turned = c * c - s * s;
  if (!(turned > 0.3)) return;
  const xx = measurement.along * measurement.along;
  const yy = measurement.across * measurement.across;
  const along = (c * c * xx - s * s * yy) / turned;
  const across = (c * c * yy - s * s * xx) / turned;
  if (!(across > 0.1 * yy) || !(along > 0)) return;
  measurement.axisX = c;
  measurement.axisY = s;
  measurement.along = Math.sqrt(along);
  measurement.across = max<f64>(Math.sqrt(across), LEAST_DEVIATION);
}
