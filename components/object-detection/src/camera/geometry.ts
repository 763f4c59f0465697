/** How rows and columns of the smaller picture relate to the flat ground, vehicle frame. */
export class Geometry {
  /** Row of the horizon and column of straight ahead, pixels of the smaller picture. */
  horizon: f32 = 0;
  ahead: f32 = 0;
  /** Focal length, pixels of the smaller picture. */
  focal: f32 = 1;
  /** Height of the camera above the ground, m. */
  height: f32 = 1.3;
  /** Where the camera sits, m. */
  mountX: f32 = 0;
  mountY: f32 = 0;
  /** Standard deviation of the horizon's row, pixels. */
  sigma: f32 = 1;

  /** Pixels that a metre across the road measures, for something that touches the ground in this row. */
  // @ts-ignore: decorator
  @inline
  pixelsPerMetre(row: f32): f32 {
    return (row - this.horizon) / this.height;
  }

  /** The row in which the ground lies this far from the camera, m. */
  rowAt(depth: f32): f32 {
    return this.horizon + (this.focal * this.height) / depth;
  }

  /** Distance of the ground in this row from the front bumper, m. */
  xAt(row: f32): f32 {
    return (this.focal * this.height) / (row - this.horizon) + this.mountX;
  }

  /** Lateral place of a column on the ground in this row, m. */
  yAt(column: f32, row: f32): f32 {
    return this.mountY - (column - this.ahead) / this.pixelsPerMetre(row);
  }

  /** Standard deviation of `xAt` where the row is known to `rowSigma` pixels. */
  sigmaX(row: f32, rowSigma: f32): f32 {
    const below = row - this.horizon;
    const off = Mathf.sqrt(rowSigma * rowSigma + this.sigma * this.sigma);
    return (this.focal * this.height * off) / (below * below);
  }
}
