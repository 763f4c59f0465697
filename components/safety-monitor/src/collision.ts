/**
 * When two things on one path touch, and how hard one must brake so that they do not. Distances in m, speeds in m/s, accelerations in m/s².
 */

/**
 * Seconds until the gap is gone if both keep their accelerations (the "enhanced time to collision" of ISO 22839); infinity where
 * it never is. A lead that brakes to a halt stays there.
 */
export function timeToCollision(gap: f64, speed: f64, acceleration: f64, leadSpeed: f64, leadAcceleration: f64): f64 {
  if (gap <= 0) return 0;
  const time = timeToCover(gap, speed - leadSpeed, acceleration - leadAcceleration);
  if (!(leadSpeed > 0 && leadAcceleration < 0)) return time;
  const halt = -leadSpeed / leadAcceleration;
  if (time <= halt) return time;
  return timeToCover(gap - (0.5 * leadSpeed * leadSpeed) / leadAcceleration, speed, acceleration);
}

/** Seconds until a way is covered, starting with a speed under constant acceleration; infinity where it never is. */
export function timeToCover(way: f64, speed: f64, acceleration: f64): f64 {
  const discriminant = speed * speed + 2 * acceleration * way;
  if (discriminant < 0) return Infinity;
  const divisor = speed + Math.sqrt(discriminant);
  return divisor > 1e-6 ? (2 * way) / divisor : Infinity;
}

/** The constant deceleration, m/s², that just avoids touching a lead that goes on as it does; 0 where none is needed. */
export function requiredDeceleration(gap: f64, speed: f64, leadSpeed: f64, leadAcceleration: f64): f64 {
  const way = max<f64>(gap, 0.1);
  if (leadSpeed > 0.5 && leadAcceleration < 0) {
    const leadWay = (-0.5 * leadSpeed * leadSpeed) / leadAcceleration;
    return speed > 0 ? (speed * speed) / (2 * (way + leadWay)) : 0;
  }
  const closing = speed - leadSpeed;
  return closing > 0 ? (closing * closing) / (2 * way) : 0;
}
