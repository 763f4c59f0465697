/**
 * The surface of the ground as a lidar sees it: z = a + b·x + c·y + d·x², fitted robustly to the lowest points of a coarse grid.
 * The vehicle frame's origin lies on the ground, so the surface is expected near z = 0 and nearly level.
 */

/** Size of a cell, m. */
const CELL: f32 = 2.0;
/** Where the grid starts, m, and how many cells it has. */
const X0: f32 = -6.0;
const Y0: f32 = -24.0;
const COLUMNS: i32 = 60;
const ROWS: i32 = 24;
const CELLS: i32 = COLUMNS * ROWS;
const EMPTY: f32 = 1000;
/** What is expected without data: standard deviations of a (m), b, c (m/m), d (m/m²). */
const PRIOR_A: f64 = 0.15;
const PRIOR_B: f64 = 0.03;
const PRIOR_C: f64 = 0.03;
const PRIOR_D: f64 = 0.0003;
/** Standard deviation of a lowest point, m. */
const SIGMA: f64 = 0.08;
const ITERATIONS: i32 = 5;

export class Ground {
  a: f32 = 0;
  b: f32 = 0;
  c: f32 = 0;
  d: f32 = 0;
  /** Cells that agree with the surface. */
  support: i32 = 0;
  private lowest: StaticArray<f32> = new StaticArray<f32>(CELLS);
  private atX: StaticArray<f32> = new StaticArray<f32>(CELLS);
  private atY: StaticArray<f32> = new StaticArray<f32>(CELLS);
  /** Normal equations: 4 rows of 4 and the right side. */
  private system: StaticArray<f64> = new StaticArray<f64>(20);

  /** Forgets the points of the scan before. */
  reset(): void {
    for (let i = 0; i < CELLS; i++) unchecked((this.lowest[i] = EMPTY));
  }

  /** Takes a point in the vehicle frame, m. */
  // @ts-ignore: decorator
  @inline
  add(x: f32, y: f32, z: f32): void {
    const column = <i32>((x - X0) * (1 / CELL));
    const row = <i32>((y - Y0) * (1 / CELL));
    if (<u32>column >= <u32>COLUMNS || <u32>row >= <u32>ROWS) return;
    const cell = column * ROWS + row;
    if (z < unchecked(this.lowest[cell])) {
      unchecked((this.lowest[cell] = z));
      unchecked((this.atX[cell] = x));
      unchecked((this.atY[cell] = y));
    }
  }

  /** Fits the surface to what was added. */
  fit(): void {
    this.a = this.b = this.c = this.d = 0;
    for (let i = 0; i < ITERATIONS; i++) {
      // The gate narrows, and opens with the distance while the slope is still unknown.
      const gate: f32 = i == 0 ? 0.35 : i == 1 ? 0.3 : 0.2;
      const perMetre: f32 = i == 0 ? 0.025 : i == 1 ? 0.01 : 0.003;
      this.accumulate(gate, perMetre);
      this.solve();
    }
  }

  /** Height of the ground, m. */
  // @ts-ignore: decorator
  @inline
  heightAt(x: f32, y: f32): f32 {
    return this.a + this.b * x + this.c * y + this.d * x * x;
  }

  private accumulate(gate: f32, perMetre: f32): void {
    const s = this.system;
    for (let i = 0; i < 20; i++) s[i] = 0;
    s[0] = 1 / (PRIOR_A * PRIOR_A);
    s[5] = 1 / (PRIOR_B * PRIOR_B);
    s[10] = 1 / (PRIOR_C * PRIOR_C);
    s[15] = 1 / (PRIOR_D * PRIOR_D);
    this.support = 0;
    for (let i = 0; i < CELLS; i++) {
      const z = this.lowest[i];
      if (z == EMPTY) continue;
      const x = this.atX[i];
      const y = this.atY[i];
      const off = z - this.heightAt(x, y);
      const limit = gate + perMetre * (abs<f32>(x) + abs<f32>(y));
      // What stands above the surface is likelier an object than what lies below it.
      if (off > limit || off < -1.5 * limit) continue;
      this.support++;
      this.observe(<f64>x, <f64>y, <f64>z, 1 / (SIGMA * SIGMA));
    }
  }

  private observe(x: f64, y: f64, z: f64, weight: f64): void {
    const s = this.system;
    const q = x * x;
    s[0] += weight;
    s[1] += weight * x;
    s[2] += weight * y;
    s[3] += weight * q;
    s[5] += weight * q;
    s[6] += weight * x * y;
    s[7] += weight * x * q;
    s[10] += weight * y * y;
    s[11] += weight * y * q;
    s[15] += weight * q * q;
    s[16] += weight * z;
    s[17] += weight * x * z;
    s[18] += weight * y * z;
    s[19] += weight * q * z;
  }

  /** Solves the symmetric, positive definite system (the prior makes it so) by Cholesky's decomposition. */
  private solve(): void {
    const s = this.system;
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < i; j++) s[i * 4 + j] = s[j * 4 + i];
    }
    for (let j = 0; j < 4; j++) {
      for (let i = j; i < 4; i++) {
        let sum = s[i * 4 + j];
        for (let k = 0; k < j; k++) sum -= s[i * 4 + k] * s[j * 4 + k];
        s[i * 4 + j] = i == j ? Math.sqrt(Math.max(sum, 1e-9)) : sum / s[j * 5];
      }
    }
    for (let i = 0; i < 4; i++) {
      let sum = s[16 + i];
      for (let k = 0; k < i; k++) sum -= s[i * 4 + k] * s[16 + k];
      s[16 + i] = sum / s[i * 5];
    }
    for (let i = 3; i >= 0; i--) {
      let sum = s[16 + i];
      for (let k = i + 1; k < 4; k++) sum -= s[k * 4 + i] * s[16 + k];
      s[16 + i] = sum / s[i * 5];
    }
    this.a = <f32>s[16];
    this.b = <f32>s[17];
    this.c = <f32>s[18];
    this.d = <f32>s[19];
  }
}
