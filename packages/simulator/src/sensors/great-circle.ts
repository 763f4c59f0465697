import * as exact from "@playhead/exact-math";

const RADIANS = Math.PI / 180;

/** Latitude and longitude, degrees; the longitude in −180 … 180. */
export type Place = readonly [latitude: number, longitude: number];

/**
 * A place between two places on the sphere, along the great circle: the shortest way, also across the antimeridian and past a pole. Unit vectors
 * are turned into each other as in `slerp` (Shoemake 1985). What is unknown (NaN) stays so.
 *
 * @param share 0 at a, 1 at b
 */
export function greatCircle(a: Place, b: Place, share: number): Place {
  const [from, to] = [vectorOf(a), vectorOf(b)];
  const cross = Math.sqrt(
    square(from.y * to.z - from.z * to.y) +
      square(from.z * to.x - from.x * to.z) +
      square(from.x * to.y - from.y * to.x),
  );
  const angle = exact.atan2(cross, from.x * to.x + from.y * to.y + from.z * to.z);
  // Vectors of places within about 6 m of each other would lose digits.
  if (!(cross > 1e-6)) return byDegrees(a, b, share);
  const [wa, wb] = [exact.sin((1 - share) * angle) / cross, exact.sin(share * angle) / cross];
  const [x, y, z] = [wa * from.x + wb * to.x, wa * from.y + wb * to.y, wa * from.z + wb * to.z];
  return [exact.atan2(z, Math.sqrt(x * x + y * y)) / RADIANS, exact.atan2(y, x) / RADIANS];
}

/** A place between two places, straight in latitude and longitude, the shorter way round. */
export function byDegrees(
  [latitude, longitude]: Place,
  [nextLatitude, nextLongitude]: Place,
  share: number,
): Place {
  return [
    latitude + (nextLatitude - latitude) * share,
    wrapped(longitude + wrapped(nextLongitude - longitude) * share),
  ];
}

/** An angle in degrees in −180 … 180. */
function wrapped(degrees: number): number {
  if (degrees > 180) return degrees - 360;
  return degrees < -180 ? degrees + 360 : degrees;
}

function vectorOf([latitude, longitude]: Place): { x: number; y: number; z: number } {
  const [phi, lambda] = [latitude * RADIANS, longitude * RADIANS];
  const level = exact.cos(phi);
  return { x: level * exact.cos(lambda), y: level * exact.sin(lambda), z: exact.sin(phi) };
}

function square(value: number): number {
  return value * value;
}
