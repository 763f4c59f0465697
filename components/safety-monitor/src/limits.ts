/** From which values on a threat has which level: 1 caution, 2 warning, 3 critical. */

/** Where a threat that is already announced still counts: looser, so that it does not flicker. */
const LOOSE_TIME: f64 = 1.35;
const LOOSE_DECELERATION: f64 = 0.6;
const LOOSE_DISTANCE: f64 = 1.4;

/** Level of a collision course: both little time and hard braking are needed, so that slow creeping alarms nobody. */
export function collisionLevel(time: f64, deceleration: f64, loose: bool): i32 {
  const t = loose ? time / LOOSE_TIME : time;
  const a = loose ? deceleration / LOOSE_DECELERATION : deceleration;
  if (t < 1.5 && a > 3.5) return 3;
  if (t < 2.4 && a > 2.2) return 2;
  if (t < 3.2 && a > 1.4) return 1;
  return 0;
}

/** Level of a person in the way: earlier than for vehicles. */
export function vulnerableLevel(time: f64, deceleration: f64, loose: bool): i32 {
  const t = loose ? time / LOOSE_TIME : time;
  const a = loose ? deceleration / LOOSE_DECELERATION : deceleration;
  if (t < 1.6 && a > 2.5) return 3;
  if (t < 2.6 && a > 1.5) return 2;
  if (t < 4.0 && a > 0.8) return 1;
  return 0;
}

/** Level of something near while manoeuvring. */
export function proximityLevel(distance: f64, loose: bool): i32 {
  const d = loose ? distance / LOOSE_DISTANCE : distance;
  if (d < 0.3) return 3;
  if (d < 0.6) return 2;
  if (d < 1.0) return 1;
  return 0;
}
