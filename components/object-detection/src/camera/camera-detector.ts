/**
 * Vehicles in the pictures of one camera. Positions come from where a vehicle touches the road, on flat ground: far
 * away they are rough, and their standard deviations say so.
 */
import { CLASS_CAR, CLASS_TRUCK, DetectionAt } from "../../../lib/perception-rows";
import { Mount } from "../../../lib/mount";
import { Rows } from "../rows";
import { Confirmed } from "./confirm";
import { Geometry } from "./geometry";
import { Horizon } from "./horizon";
import { Picture } from "./picture";
import { Windows } from "./windows";

export class CameraSettings {
  /** Used where the recording says nothing about the camera: horizontal field of view, rad, and height above the ground, m. */
  fieldOfView: f32 = 1.0472;
  height: f32 = 1.3;
  /** Windows need this score to be considered, vehicles this score to be reported. */
  windowScore: f32 = 0.45;
  leastScore: f32 = 0.5;
  /** A vehicle is reported when it was seen in so many pictures. */
  leastHits: f32 = 3;
}

/** How far a calibrated camera may nod, rad, and how far one of unknown mounting may point up or down. */
const NODDING: f32 = 0.02;
const UNKNOWN_PITCH: f32 = 0.14;
/** So far ahead roads are straight, m. */
const STRAIGHT: f32 = 30;
/** A picture this much later than the one before shows another scene, µs. */
const NEW_SCENE_US: i64 = 500_000;
/** Wider than this is a truck, m: widths come out a little large. */
const TRUCK_WIDTH: f32 = 2.8;
/** Standard deviation of a base line's row, pixels of the smaller picture. */
const ROW_SIGMA: f32 = 1.2;

export class CameraDetector {
  settings: CameraSettings;
  horizon: Horizon = new Horizon();
  geometry: Geometry = new Geometry();
  private confirmed: Confirmed = new Confirmed();
  private mount: Mount;
  /** From the recording, camera's pixels; NaN where it does not say. */
  private focalX: f32 = NaN;
  private focalY: f32 = NaN;
  private centreX: f32 = NaN;
  private centreY: f32 = NaN;
  private mounted: bool = false;
  private lastUs: i64 = 0;

  constructor(settings: CameraSettings, mount: Mount) {
    this.settings = settings;
    this.mount = mount;
  }

  /** What the recording says about the camera: intrinsics in pixels (NaN for unknown), and whether it knows the mounting. */
  calibrate(focalX: f32, focalY: f32, centreX: f32, centreY: f32, mounted: bool): void {
    this.focalX = focalX;
    this.focalY = isNaN(focalY) ? focalX : focalY;
    this.centreX = centreX;
    this.centreY = centreY;
    this.mounted = mounted;
  }

  /**
   * Adds the vehicles of a picture to the rows' current batch. `pixels`: `width` × `height` of luminance; `colours`: address of the planes Cb and
   * Cr of half the size, or 0. `picture` and `windows` are memory to work in.
   */
  detect(pixels: usize, width: i32, height: i32, colours: usize, timeUs: i64, picture: Picture, windows: Windows, rows: Rows): void {
    if (!picture.shrink(pixels, width, height)) return;
    picture.setColours(colours, (width + 1) >> 1, (height + 1) >> 1);
    if (timeUs - this.lastUs > NEW_SCENE_US || timeUs < this.lastUs) this.confirmed = new Confirmed();
    this.lastUs = timeUs;
    this.look(picture, width, height);
    picture.sum(<i32>(this.geometry.horizon - 0.12 * <f32>picture.height));
    windows.leastScore = this.settings.windowScore;
    windows.search(picture, this.geometry);
    this.confirm(windows);
    for (let i = 0; i < this.confirmed.count; i++) {
      if (this.confirmed.isReported(i)) this.emit(i, picture, rows);
    }
    picture.clear();
  }

  /** Finds out how the picture lies on the ground. */
  private look(picture: Picture, width: i32, height: i32): void {
    const g = this.geometry;
    const scale: f32 = 1 / <f32>picture.scale;
    const known = isFinite(this.focalX);
    const focal = known ? this.focalX : <f32>width / (2 * Mathf.tan(this.settings.fieldOfView / 2));
    const focalY = isFinite(this.focalY) ? this.focalY : focal;
    const centreX = isFinite(this.centreX) ? this.centreX : <f32>width / 2;
    const centreY = isFinite(this.centreY) ? this.centreY : <f32>height / 2;
    // The direction straight ahead and level, seen by the turned camera: the first column of the inverse rotation.
    const m = this.mount;
    const forward = m.xx > 0.2 ? m.xx : 0.2;
    const x = centreX - (focal * m.xy) / forward;
    const y = centreY - (focalY * m.xz) / forward;
    const calibrated = known && this.mounted;
    g.focal = focal * scale;
    g.height = this.mounted && m.z > 0.3 ? m.z : this.settings.height;
    const room = (calibrated ? NODDING : UNKNOWN_PITCH) * focalY * scale;
    this.horizon.follow(picture, x * scale, y * scale, room, (g.focal * g.height) / STRAIGHT);
    g.mountX = m.x;
    g.mountY = m.y;
    g.horizon = this.horizon.y;
    g.ahead = this.mounted ? x * scale : this.horizon.x;
    g.sigma = this.horizon.sigma;
  }

  private confirm(windows: Windows): void {
    const confirmed = this.confirmed;
    confirmed.leastHits = this.settings.leastHits;
    confirmed.leastScore = this.settings.leastScore;
    confirmed.begin();
    for (let i = 0; i < windows.count; i++) {
      if (windows.kept[i] == 0) continue;
      const centre = (windows.left[i] + windows.right[i]) / 2;
      confirmed.take(centre, windows.base[i], windows.right[i] - windows.left[i], windows.score[i]);
    }
    confirmed.end();
  }

  private emit(i: i32, picture: Picture, rows: Rows): void {
    const g = this.geometry;
    const base = this.confirmed.base(i);
    const width = this.confirmed.width(i);
    const centre = this.confirmed.centre(i);
    const unit = g.pixelsPerMetre(base);
    if (unit < 1) return;
    const row = rows.add();
    if (row < 0) return;
    const x = g.xAt(base);
    const sigmaX = g.sigmaX(base, ROW_SIGMA);
    const y = g.yAt(centre, base);
    const scale = <f32>picture.scale;
    const metres = width / unit;
    rows.set(row, DetectionAt.CLASS, <f32>(metres > TRUCK_WIDTH ? CLASS_TRUCK : CLASS_CAR));
    rows.set(row, DetectionAt.SCORE, min<f32>(0.95, this.confirmed.score(i)));
    rows.set(row, DetectionAt.X, x);
    rows.set(row, DetectionAt.Y, y);
    rows.set(row, DetectionAt.X_DEVIATION, 0.5 + sigmaX);
    rows.set(row, DetectionAt.Y_DEVIATION, 0.25 + (0.1 * width) / unit + (abs<f32>(y) / max<f32>(x, 1)) * sigmaX);
    rows.set(row, DetectionAt.WIDTH, metres);
    rows.set(row, DetectionAt.LEFT, (centre - width / 2) * scale);
    rows.set(row, DetectionAt.RIGHT, (centre + width / 2) * scale);
    rows.set(row, DetectionAt.TOP, (base - 0.8 * width) * scale);
    rows.set(row, DetectionAt.BOTTOM, base * scale);
  }
}
