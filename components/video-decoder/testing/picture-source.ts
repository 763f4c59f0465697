/** Pictures for tests, as quantised DCT coefficients, and the exact samples that they stand for. */

/** Coefficients of a component: 64 per block in zigzag order, blocks row by row. */
export interface Plane {
  /** Sampling factors. */
  readonly across: number;
  readonly down: number;
  /** Samples of the picture. */
  readonly width: number;
  readonly height: number;
  /** Blocks with those that only fill up MCUs. */
  readonly blocksAcross: number;
  readonly blocksDown: number;
  readonly blocks: readonly Int16Array[];
}

export interface Coded {
  readonly width: number;
  readonly height: number;
  readonly planes: readonly Plane[];
  /** Quantisation steps in zigzag order. */
  readonly steps: Uint16Array;
}

/** Row and column of each zigzag position. */
const ZIGZAG: readonly (readonly [row: number, column: number])[] = Array.from({ length: 64 }, (_, i) => i)
  .map((i) => [Math.floor(i / 8), i % 8] as const)
  .sort(([row, column], [otherRow, otherColumn]) => {
    const diagonal = row + column;
    const otherDiagonal = otherRow + otherColumn;
    if (diagonal !== otherDiagonal) return diagonal - otherDiagonal;
    return diagonal % 2 === 0 ? otherRow - row : row - otherRow;
  });

/** A sequence of numbers in [0, 1) from a seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A picture with some smooth blocks, some rough ones, and coefficients of every size. */
export function randomPicture(
  seed: number,
  width: number,
  height: number,
  sampling: readonly (readonly [across: number, down: number])[],
): Coded {
  const next = randomNumbers(seed);
  const mostAcross = Math.max(...sampling.map(([across]) => across));
  const mostDown = Math.max(...sampling.map(([, down]) => down));
  const steps = Uint16Array.from({ length: 64 }, (_, k) => 1 + Math.floor(next() * (k / 2 + 2)));
  const planes = sampling.map(([across, down]): Plane => {
    const blocksAcross = Math.ceil(width / (8 * mostAcross)) * across;
    const blocksDown = Math.ceil(height / (8 * mostDown)) * down;
    return {
      across,
      down,
      width: Math.ceil((width * across) / mostAcross),
      height: Math.ceil((height * down) / mostDown),
      blocksAcross,
      blocksDown,
      blocks: Array.from({ length: blocksAcross * blocksDown }, () => randomBlock(next, steps)),
    };
  });
  return { width, height, planes, steps };
}

function randomBlock(next: () => number, steps: Uint16Array): Int16Array {
  const block = new Int16Array(64);
  block[0] = Math.round((next() - 0.5) * (1600 / (steps[0] ?? 1)));
  const count = next() < 0.3 ? 0 : Math.floor(next() ** 3 * 64);
  for (let i = 0; i < count; i++) {
    const k = 1 + Math.floor(next() * 63);
    const largest = 400 / (k * (steps[k] ?? 1)) + 1;
    block[k] = Math.round((next() * 2 - 1) * largest);
  }
  return block;
}

const COSINES = Array.from({ length: 8 }, (_, x) =>
  Array.from({ length: 8 }, (_, u) => Math.cos(((2 * x + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1)),
);

/** The samples of a plane by the definition of the inverse transform (ITU-T T.81, A.3.3), rounded and limited. */
export function samplesOf(plane: Plane, steps: Uint16Array): Uint8Array {
  const samples = new Uint8Array(plane.width * plane.height);
  plane.blocks.forEach((block, index) => {
    const left = (index % plane.blocksAcross) * 8;
    const upper = Math.floor(index / plane.blocksAcross) * 8;
    const frequencies = [...block]
      .map((value, k) => ({ value: value * (steps[k] ?? 0), row: ZIGZAG[k]?.[0] ?? 0, column: ZIGZAG[k]?.[1] ?? 0 }))
      .filter((each) => each.value !== 0);
    for (let y = 0; y < 8 && upper + y < plane.height; y++) {
      for (let x = 0; x < 8 && left + x < plane.width; x++) {
        let sum = 0;
        for (const { value, row, column } of frequencies) {
          sum += value * (COSINES[y]?.[row] ?? 0) * (COSINES[x]?.[column] ?? 0);
        }
        samples[(upper + y) * plane.width + left + x] = Math.max(0, Math.min(255, Math.round(sum / 4 + 128)));
      }
    }
  });
  return samples;
}

/** The mean of the samples that lie in each sample of a plane with so many times fewer. */
export function shrink(plane: Plane, samples: Uint8Array, timesAcross: number, timesDown: number): Uint8Array {
  const width = Math.ceil(plane.width / timesAcross);
  const height = Math.ceil(plane.height / timesDown);
  const means = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      let count = 0;
      for (let v = y * timesDown; v < Math.min((y + 1) * timesDown, plane.height); v++) {
        for (let u = x * timesAcross; u < Math.min((x + 1) * timesAcross, plane.width); u++) {
          sum += samples[v * plane.width + u] ?? 0;
          count++;
        }
      }
      means[y * width + x] = Math.round(sum / count);
    }
  }
  return means;
}
