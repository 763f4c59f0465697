import { cos, sin } from "@playhead/exact-math";

/** Size and intrinsics of the camera, px; no distortion. Pixel (i, j) is centred at (i + ½, j + ½). */
export const intrinsics = { width: 640, height: 360, fx: 560, fy: 560, cx: 320, cy: 180 } as const;

/** Where the camera sits in the vehicle frame, m, and how it is turned, rad (nose down positive). */
export const cameraMount = { x: -1.55, y: 0, z: 1.36, pitch: 0.032 } as const;

/** Nothing nearer than this is drawn, m. */
const nearPlane = 0.4;

/** A pinhole camera at one instant: from the vehicle frame into the picture. */
export class Lens {
  /** Row of the horizon, px. */
  readonly horizon: number;
  /** Where the camera is, vehicle frame, m. */
  readonly eyeX = cameraMount.x;
  readonly eyeY = cameraMount.y;
  readonly eyeZ = cameraMount.z;
  readonly #cos: number;
  readonly #sin: number;
  readonly #clipped = new Float64Array(3 * 24);
  /** Corners of the polygon that was projected last: x, y, px. */
  readonly projected = new Float64Array(2 * 24);

  /** `bodyPitch` comes on top of the mounting's. */
  constructor(bodyPitch: number) {
    const pitch = cameraMount.pitch + bodyPitch;
    this.#cos = cos(pitch);
    this.#sin = sin(pitch);
    this.horizon = intrinsics.cy - (intrinsics.fy * this.#sin) / this.#cos;
  }

  /** Depth (m along the optical axis) of a point of the vehicle frame. */
  depth(x: number, z: number): number {
    return (x - cameraMount.x) * this.#cos - (z - cameraMount.z) * this.#sin;
  }

  /** Pixels per metre at a depth. */
  scale(depth: number): number {
    return intrinsics.fx / Math.max(nearPlane, depth);
  }

  /**
   * Projects a point into `projected[0…1]` and returns its depth; behind the near plane the result is not usable and the depth
   * less than or equal to 0.
   */
  point(x: number, y: number, z: number): number {
    const dx = x - cameraMount.x;
    const dz = z - cameraMount.z;
    const depth = dx * this.#cos - dz * this.#sin;
    if (depth < nearPlane) return 0;
    this.projected[0] = intrinsics.cx - (intrinsics.fx * (y - cameraMount.y)) / depth;
    this.projected[1] = intrinsics.cy - (intrinsics.fy * (dx * this.#sin + dz * this.#cos)) / depth;
    return depth;
  }

  /**
   * Projects a polygon of the vehicle frame (x, y, z per corner; at most 20), cut at the near plane, into `projected`; returns the
   * number of corners, 0 when nothing is in front of the camera.
   */
  polygon(points: Float64Array, count: number): number {
    const kept = this.#clip(points, count);
    for (let i = 0; i < kept; i++) {
      const depth = this.#clipped[3 * i] as number;
      this.projected[2 * i] = intrinsics.cx - (intrinsics.fx * (this.#clipped[3 * i + 1] as number)) / depth;
      this.projected[2 * i + 1] =
        intrinsics.cy - (intrinsics.fy * (this.#clipped[3 * i + 2] as number)) / depth;
    }
    return kept;
  }

  /** Into the camera's axes (depth, left, up), without what is behind the near plane. */
  #clip(points: Float64Array, count: number): number {
    const out = this.#clipped;
    let kept = 0;
    let beforeX = 0;
    let beforeY = 0;
    let beforeZ = 0;
    for (let step = -1; step < count; step++) {
      const i = step < 0 ? count - 1 : step;
      const dx = (points[3 * i] as number) - cameraMount.x;
      const dz = (points[3 * i + 2] as number) - cameraMount.z;
      const x = dx * this.#cos - dz * this.#sin;
      const y = (points[3 * i + 1] as number) - cameraMount.y;
      const z = dx * this.#sin + dz * this.#cos;
      if (step >= 0) {
        if (beforeX < nearPlane !== x < nearPlane) {
          const t = (nearPlane - beforeX) / (x - beforeX);
          out[3 * kept] = nearPlane;
          out[3 * kept + 1] = beforeY + (y - beforeY) * t;
          out[3 * kept + 2] = beforeZ + (z - beforeZ) * t;
          kept++;
        }
        if (x >= nearPlane) {
          out[3 * kept] = x;
          out[3 * kept + 1] = y;
          out[3 * kept + 2] = z;
          kept++;
        }
      }
      beforeX = x;
      beforeY = y;
      beforeZ = z;
    }
    return kept;
  }

  /**
   * Where the row's rays meet the ground: distance ahead in the vehicle frame (m) in `ahead`, and metres to the left per pixel to
   * the left of the middle in `perPixel`. Only for rows below the horizon.
   */
  groundRow(row: number, out: { ahead: number; perPixel: number }): void {
    const slope = (intrinsics.cy - row) / intrinsics.fy;
    const reach = cameraMount.z / (this.#sin - slope * this.#cos);
    out.ahead = cameraMount.x + reach * (this.#cos + slope * this.#sin);
    out.perPixel = reach / intrinsics.fx;
  }
}
