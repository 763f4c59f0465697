/** The nearest echo of an ultrasonic sensor, as one object straight ahead of it. */
import { DetectionAt } from "../../lib/perception-rows";
import { ULTRASONIC_BYTES, ultrasonicGreatest, ultrasonicLeast, ultrasonicRange } from "../../lib/payloads";
import { Mount } from "../../lib/mount";
import { Rows } from "./rows";

/** Standard deviation of the range, m, and how far to the side the echo may come from, per metre. */
const SIGMA: f32 = 0.05;
const SIDE_PER_METRE: f32 = 0.25;
/** An echo this close to the greatest range is none, as a share of it. */
const NEARLY_GREATEST: f32 = 0.98;

/** Adds one row where there is an echo within the sensor's range. */
export function detectEcho(payload: usize, length: i32, mount: Mount, rows: Rows): void {
  if (length < ULTRASONIC_BYTES) return;
  const range = ultrasonicRange(payload);
  const greatest = ultrasonicGreatest(payload);
  if (!isFinite(range) || range <= 0 || range < ultrasonicLeast(payload)) return;
  if (range >= NEARLY_GREATEST * greatest) return;
  const row = rows.add();
  if (row < 0) return;
  rows.set(row, DetectionAt.SCORE, 0.6);
  rows.set(row, DetectionAt.X, mount.x + mount.xx * range);
  rows.set(row, DetectionAt.Y, mount.y + mount.yx * range);
  rows.set(row, DetectionAt.X_DEVIATION, SIGMA + SIDE_PER_METRE * range * abs<f32>(mount.yx));
  rows.set(row, DetectionAt.Y_DEVIATION, SIGMA + SIDE_PER_METRE * range * abs<f32>(mount.xx));
}
