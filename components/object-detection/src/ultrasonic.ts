/** The nearest echo of an ultrasonic sensor, as one object straight ahead of it. */
import { ULTRASONIC_BYTES, ultrasonicGreatest, ultrasonicLeast, ultrasonicRange } from "../../lib/payloads";
import { Mount } from "../../lib/mount";
import { Column, Rows } from "./rows";

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
  rows.set(row, Column.Score, 0.6);
  rows.set(row, Column.X, mount.x + mount.xx * range);
  rows.set(row, Column.Y, mount.y + mount.yx * range);
  rows.set(row, Column.SigmaX, SIGMA + SIDE_PER_METRE * range * abs<f32>(mount.yx));
  rows.set(row, Column.SigmaY, SIGMA + SIDE_PER_METRE * range * abs<f32>(mount.xx));
}
