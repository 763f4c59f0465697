import { noiseSource } from "./detectors.ts";

/** A block in the vehicle frame: centre on the ground, size, turn to the left; `from` is the height where it begins. */
export interface Block {
  readonly x: number;
  readonly y: number;
  readonly length: number;
  readonly width: number;
  readonly height: number;
  readonly yaw?: number;
  readonly from?: number;
}

export interface LidarScene {
  readonly blocks: readonly Block[];
  /** Slope of the ground, m per m. */
  readonly slope?: number;
  /** Where the lidar is, m, and how it is turned, rad. */
  readonly sensor?: { readonly x: number; readonly z: number; readonly yaw: number };
  /** Standard deviation of the range, m. */
  readonly noise?: number;
}

/** Casts 40 layers of rays, 0.25° apart, onto blocks and the ground; the points in the sensor's frame. */
export function castLidar(scene: LidarScene): Float32Array {
  const { blocks, slope = 0, sensor = { x: -1.5, z: 1.8, yaw: 0 }, noise = 0.02 } = scene;
  const random = noiseSource(7);
  const points: number[] = [];
  for (let layer = 0; layer < 40; layer++) {
    const elevation = ((-18 + layer * 0.6) * Math.PI) / 180;
    for (let step = -240; step <= 240; step++) {
      const azimuth = (step * 0.25 * Math.PI) / 180;
      const direction = [
        Math.cos(elevation) * Math.cos(azimuth + sensor.yaw),
        Math.cos(elevation) * Math.sin(azimuth + sensor.yaw),
        Math.sin(elevation),
      ] as const;
      let range = Number.POSITIVE_INFINITY;
      const fall = direction[2] - slope * direction[0];
      if (fall < 0) range = (slope * sensor.x - sensor.z) / fall;
      for (const block of blocks) range = Math.min(range, hit(block, sensor, direction, slope));
      if (!(range < 120)) continue;
      const measured = range + (random() + random() + random() - 1.5) * 2 * noise;
      const level = measured * Math.cos(elevation);
      points.push(level * Math.cos(azimuth), level * Math.sin(azimuth), measured * Math.sin(elevation), 0.5);
    }
  }
  return Float32Array.from(points);
}

/** Distance along the ray to a block, or infinity (slab method). */
function hit(
  block: Block,
  sensor: { readonly x: number; readonly z: number },
  direction: readonly [number, number, number],
  slope: number,
): number {
  const cos = Math.cos(block.yaw ?? 0);
  const sin = Math.sin(block.yaw ?? 0);
  const ground = slope * block.x;
  const origin = [sensor.x - block.x, -block.y, sensor.z - ground];
  const turned = (v: readonly number[]) => [cos * (v[0] ?? 0) + sin * (v[1] ?? 0), cos * (v[1] ?? 0) - sin * (v[0] ?? 0), v[2] ?? 0];
  const start = turned(origin);
  const along = turned(direction);
  const low = [-block.length / 2, -block.width / 2, block.from ?? 0.2];
  const high = [block.length / 2, block.width / 2, block.height];
  let near = 0;
  let far = Number.POSITIVE_INFINITY;
  for (let axis = 0; axis < 3; axis++) {
    const d = along[axis] || 1e-12;
    const a = ((low[axis] ?? 0) - (start[axis] ?? 0)) / d;
    const b = ((high[axis] ?? 0) - (start[axis] ?? 0)) / d;
    near = Math.max(near, Math.min(a, b));
    far = Math.min(far, Math.max(a, b));
  }
  return near <= far && near > 0 ? near : Number.POSITIVE_INFINITY;
}
