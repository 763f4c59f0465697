/** A pinhole camera: where points of the vehicle frame appear in its picture. */
import { Mount } from "../../lib/mount";

/** Nearer points do not show, m. */
export const NEAREST: f64 = 0.4;

export class Projection {
  /** px. */
  focalX: f64 = 1;
  focalY: f64 = 1;
  centreX: f64 = 0;
  centreY: f64 = 0;
  readonly mount: Mount = new Mount();
  /** Of the point that was seen last: distance along the optical axis (m), column and row (px). */
  depth: f64 = 0;
  column: f64 = 0;
  row: f64 = 0;

  /** Takes a point, vehicle frame, m; false where it does not lie before the camera. */
  see(x: f64, y: f64, z: f64): bool {
    const m = this.mount;
    const dx = x - <f64>m.x;
    const dy = y - <f64>m.y;
    const dz = z - <f64>m.z;
    this.depth = <f64>m.xx * dx + <f64>m.yx * dy + <f64>m.zx * dz;
    if (!(this.depth >= NEAREST)) return false;
    const left = <f64>m.xy * dx + <f64>m.yy * dy + <f64>m.zy * dz;
    const up = <f64>m.xz * dx + <f64>m.yz * dy + <f64>m.zz * dz;
    this.column = this.centreX - (this.focalX * left) / this.depth;
    this.row = this.centreY - (this.focalY * up) / this.depth;
    return true;
  }

  /** How far along the way from one point to another the first visible one lies: 0 where the start shows; above 1 where nothing does. */
  entry(fromX: f64, fromY: f64, fromZ: f64, toX: f64, toY: f64, toZ: f64): f64 {
    this.see(fromX, fromY, fromZ);
    const from = this.depth;
    this.see(toX, toY, toZ);
    const to = this.depth;
    if (from >= NEAREST) return 0;
    return to > NEAREST ? (NEAREST + 1e-6 - from) / (to - from) : 2;
  }
}
