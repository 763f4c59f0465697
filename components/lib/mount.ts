/**
 * Where a sensor sits: turns its points into the vehicle frame (x forward, y left, z up; origin on the ground below
 * the centre of the front bumper).
 */
import { numberIn } from "./settings";

export class Mount {
  x: f32 = 0;
  y: f32 = 0;
  z: f32 = 0;
  /** Positive to the left, rad. */
  yaw: f32 = 0;
  /** Rows of the rotation, sensor → vehicle. */
  xx: f32 = 1;
  xy: f32 = 0;
  xz: f32 = 0;
  yx: f32 = 0;
  yy: f32 = 1;
  yz: f32 = 0;
  zx: f32 = 0;
  zy: f32 = 0;
  zz: f32 = 1;

  /** m and rad: roll about x, then pitch about y (positive nose down), then yaw about z. */
  set(x: f64, y: f64, z: f64, roll: f64, pitch: f64, yaw: f64): void {
    const cr = Math.cos(roll);
    const sr = Math.sin(roll);
    const cp = Math.cos(pitch);
    const sp = Math.sin(pitch);
    const cy = Math.cos(yaw);
    const sy = Math.sin(yaw);
    this.x = <f32>x;
    this.y = <f32>y;
    this.z = <f32>z;
    this.yaw = <f32>yaw;
    this.xx = <f32>(cy * cp);
    this.xy = <f32>(cy * sp * sr - sy * cr);
    this.xz = <f32>(cy * sp * cr + sy * sr);
    this.yx = <f32>(sy * cp);
    this.yy = <f32>(sy * sp * sr + cy * cr);
    this.yz = <f32>(sy * sp * cr - cy * sr);
    this.zx = <f32>-sp;
    this.zy = <f32>(cp * sr);
    this.zz = <f32>(cp * cr);
  }

  /** Takes `mount.…` from a sensor's metadata; what is missing there comes from the arguments. */
  read(metadata: Map<string, string>, x: f64, y: f64, z: f64): void {
    this.set(
      numberIn(metadata, "mount.x", x),
      numberIn(metadata, "mount.y", y),
      numberIn(metadata, "mount.z", z),
      numberIn(metadata, "mount.roll", 0),
      numberIn(metadata, "mount.pitch", 0),
      numberIn(metadata, "mount.yaw", 0),
    );
  }
}
