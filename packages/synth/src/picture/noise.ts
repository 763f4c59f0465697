import type { Random } from "@playhead/exact-math";

/** Side of the tables: 256 × 256 values that repeat without a seam. */
const noiseSide = 256;
const mask = noiseSide - 1;

/** Independent values from −1 to 1. */
export function whiteNoise(random: Random): Float32Array {
  return Float32Array.from({ length: noiseSide * noiseSide }, () => random.uniform(-1, 1));
}

/** Independent values, normally distributed with standard deviation 1. */
export function gaussianNoise(random: Random, count: number): Float32Array {
  return Float32Array.from({ length: count }, () => random.normal());
}

/** Smooth hills of several sizes (value noise), about −1 to 1; the largest hills are 256 / `cells` wide. */
export function smoothNoise(random: Random, cells: number, octaves: number): Float32Array {
  const out = new Float32Array(noiseSide * noiseSide);
  let amplitude = 0.55;
  for (let octave = 0, side = cells; octave < octaves; octave++, side *= 2, amplitude *= 0.55) {
    const lattice = Float32Array.from({ length: side * side }, () => random.uniform(-1, 1));
    addOctave(out, lattice, side, amplitude);
  }
  return out;
}

function addOctave(out: Float32Array, lattice: Float32Array, side: number, amplitude: number): void {
  const step = side / noiseSide;
  for (let y = 0; y < noiseSide; y++) {
    const row = Math.floor(y * step);
    const ty = ease(y * step - row);
    const below = ((row + 1) % side) * side;
    for (let x = 0; x < noiseSide; x++) {
      const column = Math.floor(x * step);
      const tx = ease(x * step - column);
      const next = (column + 1) % side;
      const top = mix(lattice[row * side + column] as number, lattice[row * side + next] as number, tx);
      const bottom = mix(lattice[below + column] as number, lattice[below + next] as number, tx);
      out[y * noiseSide + x] = (out[y * noiseSide + x] as number) + amplitude * mix(top, bottom, ty);
    }
  }
}

/** A value of a table at whole coordinates, which wrap around. */
export function noiseAt(table: Float32Array, x: number, y: number): number {
  return table[((y & mask) << 8) | (x & mask)] as number;
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}

function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}
