/**
 * Objects in a lidar cloud: points into the vehicle frame, ground away, clusters, boxes, classes by size.
 */
import { CLASS_UNKNOWN, CLASS_CAR, CLASS_TRUCK, CLASS_PEDESTRIAN, DetectionAt } from "../../../lib/perception-rows";
import { LIDAR_POINT_BYTES, lidarCount } from "../../../lib/payloads";
import { Mount } from "../../../lib/mount";
import { Rows } from "../rows";
import { Assembly } from "./assembly";
import { Box } from "./box-fit";
import { classify, REJECTED } from "./classify";
import { Clusters } from "./clusters";
import { Ground } from "./ground";
import { Occlusion } from "./occlusion";
import { RoadsideLines } from "./roadside-lines";

export class LidarSettings {
  /** The region that is looked at, vehicle frame, m. */
  behind: f32 = 5;
  ahead: f32 = 100;
  aside: f32 = 12;
  /** Points up to this height above the ground are ground, m; more with the distance, m per m. */
  groundMargin: f32 = 0.22;
  groundMarginPerMetre: f32 = 0.003;
  /** Points above this height are left out, m. */
  ceiling: f32 = 4.6;
  /** Objects with a lower score are left out. */
  leastScore: f32 = 0.25;
}

/** The vehicle itself, as far as a lidar on it can see it: this far to the sides and behind the front bumper, m. */
const OWN_HALF_WIDTH: f32 = 1.2;
const OWN_LENGTH: f32 = 5.5;
/** Usual cars are lower, m. */
const TALLEST_CAR: f32 = 1.6;
/** What stands further aside than this may be a house, m. */
const FACADE_ASIDE: f32 = 6;
/** Clusters with fewer points are not looked at, and not more clusters than this. */
const LEAST_POINTS: i32 = 3;
const MAX_BOXES: i32 = 384;
/** Standard deviation of a box's side near by, m, and its growth with the distance, m per m. */
const SIGMA: f32 = 0.08;
const SIGMA_PER_METRE: f32 = 0.002;

export class LidarDetector {
  settings: LidarSettings = new LidarSettings();
  ground: Ground = new Ground();
  clusters: Clusters = new Clusters();
  private boxes: StaticArray<Box> = new StaticArray<Box>(MAX_BOXES);
  private count: i32 = 0;
  private assembly: Assembly = new Assembly();
  private taken: StaticArray<bool> = new StaticArray<bool>(MAX_BOXES);
  private lines: RoadsideLines = new RoadsideLines();
  private occlusion: Occlusion = new Occlusion();
  /** Tangent of the steepest ray, sensor frame, and the lidar's place: how high up it sees. */
  private steepest: f32 = 0;
  private mountX: f32 = 0;
  private mountY: f32 = 0;
  private mountZ: f32 = 0;

  constructor() {
    for (let i = 0; i < MAX_BOXES; i++) this.boxes[i] = new Box();
  }

  /** Adds the objects of a cloud to the rows' current batch. `payload` is `length` bytes of the canonical layout. */
  detect(payload: usize, length: i32, mount: Mount, rows: Rows): void {
    const count = lidarCount(length);
    this.findGround(payload, count, mount);
    this.keepObjects(payload, count, mount);
    this.clusters.group();
    this.fitBoxes();
    this.lines.find(this.boxes, this.count);
    for (let i = 0; i < this.count; i++) this.taken[i] = this.lines.holds(i);
    this.assembly.find(this.boxes, this.count, this.taken);
    this.occlusion.observe(this.boxes, this.count, mount.x, mount.y);
    for (let i = 0; i < this.count; i++) {
      if (!this.assembly.holds(i)) this.judge(i, rows);
    }
    this.clusters.clear();
  }

  private findGround(payload: usize, count: i32, mount: Mount): void {
    const ground = this.ground;
    ground.reset();
    const end = payload + <usize>(count * LIDAR_POINT_BYTES);
    let steepest: f32 = 0;
    this.mountX = mount.x;
    this.mountY = mount.y;
    this.mountZ = mount.z;
    for (let at = payload; at < end; at += LIDAR_POINT_BYTES) {
      const sx = load<f32>(at);
      const sy = load<f32>(at, 4);
      const sz = load<f32>(at, 8);
      const x = mount.xx * sx + mount.xy * sy + mount.xz * sz + mount.x;
      const y = mount.yx * sx + mount.yy * sy + mount.yz * sz + mount.y;
      const z = mount.zx * sx + mount.zy * sy + mount.zz * sz + mount.z;
      if (!this.inside(x, y)) continue;
      if (z > -4 && z < 4) ground.add(x, y, z);
      const level = sx * sx + sy * sy;
      if (sz > 0 && level > 9 && sz * sz > steepest * level) steepest = (sz * sz) / level;
    }
    this.steepest = Mathf.sqrt(steepest);
    ground.fit();
  }

  private keepObjects(payload: usize, count: i32, mount: Mount): void {
    const ground = this.ground;
    const clusters = this.clusters;
    const margin = this.settings.groundMargin;
    const perMetre = this.settings.groundMarginPerMetre;
    const ceiling = this.settings.ceiling;
    const end = payload + <usize>(count * LIDAR_POINT_BYTES);
    for (let at = payload; at < end; at += LIDAR_POINT_BYTES) {
      const sx = load<f32>(at);
      const sy = load<f32>(at, 4);
      const sz = load<f32>(at, 8);
      const x = mount.xx * sx + mount.xy * sy + mount.xz * sz + mount.x;
      const y = mount.yx * sx + mount.yy * sy + mount.yz * sz + mount.y;
      const z = mount.zx * sx + mount.zy * sy + mount.zz * sz + mount.z;
      if (!this.inside(x, y)) continue;
      const height = z - ground.heightAt(x, y);
      if (height > margin + perMetre * abs<f32>(x) && height < ceiling) clusters.add(x, y, height);
    }
  }

  /** Whether a point lies in the region and not on the vehicle itself. False for NaN. */
  // @ts-ignore: decorator
  @inline
  private inside(x: f32, y: f32): bool {
    const s = this.settings;
    if (!(x >= -s.behind && x <= s.ahead && abs<f32>(y) <= s.aside)) return false;
    return x > 0.02 || x < -OWN_LENGTH || abs<f32>(y) > OWN_HALF_WIDTH;
  }

  private fitBoxes(): void {
    const clusters = this.clusters;
    this.count = 0;
    for (let k = 0; k < clusters.count && this.count < MAX_BOXES; k++) {
      if (clusters.start[k + 1] - clusters.start[k] < LEAST_POINTS) continue;
      this.boxes[this.count++].fit(clusters, k);
    }
  }

  private judge(i: i32, rows: Rows): void {
    const box = this.boxes[i];
    const range = Mathf.sqrt(box.nearX * box.nearX + box.nearY * box.nearY);
    let kind = classify(box, range);
    if (kind == REJECTED || (kind == CLASS_TRUCK && this.isFacade(box))) return;
    let certain: f32 = kind == CLASS_UNKNOWN ? 0.5 : 1;
    if (kind == CLASS_PEDESTRIAN || kind == CLASS_UNKNOWN) {
      if (this.occlusion.isTrunk(this.boxes, i)) return;
      // What a car in front leaves to be seen of another one may have the size of a person.
      if (box.top < TALLEST_CAR && this.occlusion.isCut(this.boxes, i)) {
        kind = CLASS_CAR;
        certain = 0.6;
      }
    }
    const score = certain * scoreOf(box, range);
    if (score < this.settings.leastScore) return;
    const row = rows.add();
    if (row < 0) return;
    const sigma = SIGMA + SIGMA_PER_METRE * range;
    rows.set(row, DetectionAt.CLASS, <f32>kind);
    rows.set(row, DetectionAt.SCORE, score);
    rows.set(row, DetectionAt.X, box.nearX);
    rows.set(row, DetectionAt.Y, box.nearY);
    rows.set(row, DetectionAt.X_DEVIATION, sigma);
    rows.set(row, DetectionAt.Y_DEVIATION, 1.5 * sigma);
    setSize(box, row, kind, rows);
    rows.set(row, DetectionAt.HEIGHT, box.top);
  }

  /** A wall beside the road that reaches as high as the lidar sees. */
  private isFacade(box: Box): bool {
    if (abs<f32>(box.nearY) < FACADE_ASIDE) return false;
    const dx = box.nearX - this.mountX;
    const dy = box.nearY - this.mountY;
    const limit = this.mountZ + this.steepest * Mathf.sqrt(dx * dx + dy * dy) - this.ground.heightAt(box.nearX, box.nearY);
    return box.top > min<f32>(limit, this.settings.ceiling) - 0.5;
  }
}

/** A length that is not seen stays unknown: of a vehicle ahead, usually only the rear is visible. */
function setSize(box: Box, row: i32, kind: i32, rows: Rows): void {
  const alongRoad = box.cos >= box.sin;
  let length = alongRoad ? box.along : box.across;
  let width = alongRoad ? box.across : box.along;
  const vehicle = kind == CLASS_CAR || kind == CLASS_TRUCK;
  if (vehicle && width > 3) {
    // It stands across the road.
    const swap = length;
    length = width;
    width = swap;
  }
  rows.set(row, DetectionAt.LENGTH, vehicle && length < 2.5 ? NaN : length);
  rows.set(row, DetectionAt.WIDTH, vehicle && width < 1 ? NaN : width);
}

/** More points and a shape like a box make it surer. */
function scoreOf(box: Box, range: f32): f32 {
  const enough: f32 = range < 30 ? 10 : 4;
  const amount = <f32>box.points / (<f32>box.points + enough);
  const shape: f32 = 0.5 + 0.5 * box.onSides;
  return min<f32>(0.99, (0.3 + 0.7 * amount) * shape);
}
