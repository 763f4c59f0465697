/**
 * Objects in a lidar cloud: points into the vehicle frame, ground away, clusters, boxes, classes by size.
 */
import { LIDAR_POINT_BYTES, lidarCount } from "../../../lib/payloads";
import { Mount } from "../../../lib/mount";
import { Column, ObjectClass, Rows } from "../rows";
import { Box } from "./box-fit";
import { classify, REJECTED } from "./classify";
import { Clusters } from "./clusters";
import { Ground } from "./ground";

export class LidarSettings {
  /** The region that is looked at, vehicle frame, m. */
  behind: f32 = 5;
  ahead: f32 = 100;
  aside: f32 = 20;
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
/** Standard deviation of a box's side near by, m, and its growth with the distance, m per m. */
const SIGMA: f32 = 0.08;
const SIGMA_PER_METRE: f32 = 0.002;

export class LidarDetector {
  settings: LidarSettings = new LidarSettings();
  ground: Ground = new Ground();
  clusters: Clusters = new Clusters();
  private box: Box = new Box();

  /** Adds the objects of a cloud to the rows' current batch. `payload` is `length` bytes of the canonical layout. */
  detect(payload: usize, length: i32, mount: Mount, rows: Rows): void {
    const count = lidarCount(length);
    this.findGround(payload, count, mount);
    this.clusters.reset();
    this.keepObjects(payload, count, mount);
    this.clusters.group();
    for (let k = 0; k < this.clusters.count; k++) this.judge(k, rows);
  }

  private findGround(payload: usize, count: i32, mount: Mount): void {
    const ground = this.ground;
    ground.reset();
    const end = payload + <usize>(count * LIDAR_POINT_BYTES);
    for (let at = payload; at < end; at += LIDAR_POINT_BYTES) {
      const sx = load<f32>(at);
      const sy = load<f32>(at, 4);
      const sz = load<f32>(at, 8);
      const x = mount.xx * sx + mount.xy * sy + mount.xz * sz + mount.x;
      const y = mount.yx * sx + mount.yy * sy + mount.yz * sz + mount.y;
      const z = mount.zx * sx + mount.zy * sy + mount.zz * sz + mount.z;
      if (this.inside(x, y) && z > -4 && z < 4) ground.add(x, y, z);
    }
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

  private judge(k: i32, rows: Rows): void {
    const points = this.clusters.start[k + 1] - this.clusters.start[k];
    if (points < 3) return;
    const box = this.box;
    box.fit(this.clusters, k);
    const range = Mathf.sqrt(box.nearX * box.nearX + box.nearY * box.nearY);
    const kind = classify(box, points, range);
    if (kind == REJECTED) return;
    const score = scoreOf(box, points, range, kind);
    if (score < this.settings.leastScore) return;
    const row = rows.add();
    if (row < 0) return;
    const sigma = SIGMA + SIGMA_PER_METRE * range;
    rows.set(row, Column.Class, kind);
    rows.set(row, Column.Score, score);
    rows.set(row, Column.X, box.nearX);
    rows.set(row, Column.Y, box.nearY);
    rows.set(row, Column.SigmaX, sigma);
    rows.set(row, Column.SigmaY, 1.5 * sigma);
    this.size(row, kind, rows);
    rows.set(row, Column.Height, box.top);
  }

  /** A length that is not seen stays unknown: of a vehicle ahead, usually only the rear is visible. */
  private size(row: i32, kind: f32, rows: Rows): void {
    const box = this.box;
    const alongRoad = box.cos >= box.sin;
    let length = alongRoad ? box.along : box.across;
    let width = alongRoad ? box.across : box.along;
    const vehicle = kind == ObjectClass.Car || kind == ObjectClass.Truck;
    if (vehicle && width > 3) {
      // It stands across the road.
      const swap = length;
      length = width;
      width = swap;
    }
    rows.set(row, Column.Length, vehicle && length < 2.5 ? NaN : length);
    rows.set(row, Column.Width, vehicle && width < 1 ? NaN : width);
  }
}

/** More points and a shape like a box make it surer. */
function scoreOf(box: Box, points: i32, range: f32, kind: f32): f32 {
  const enough: f32 = range < 30 ? 10 : 4;
  const amount = <f32>points / (<f32>points + enough);
  const shape: f32 = 0.5 + 0.5 * box.onSides;
  const certain: f32 = kind == ObjectClass.Unknown ? 0.5 : 1;
  return min<f32>(0.99, (0.3 + 0.7 * amount) * shape * certain);
}
