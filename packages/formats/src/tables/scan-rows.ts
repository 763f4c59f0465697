import type { MessageFields } from "@playhead/recording";
import { type Decoded, numberIn } from "../decoded-message.ts";

const POINT_BYTES = 16;

/** How the beams of a scan in a plane lie, and which of their distances are measurements. */
interface Beams {
  readonly ranges: ArrayLike<unknown>;
  readonly firstAngle: number;
  readonly angleStep: number;
  readonly leastRange: number;
  readonly greatestRange: number;
}

/** A row for a scan: how many points it has, then what was recorded. `payload` has a point for each beam that measured something. */
export function scanRow(scan: Decoded, payload: Uint8Array): MessageFields {
  const { header: _header, timestamp: _timestamp, frame_id: _frame, ...recorded } = scan;
  return { points: payload.byteLength / POINT_BYTES, ...recorded };
}

/** A row for each beam that measured something: `header`, its canonical point, then its distance and its angle. The row is the same object every time. */
export function* beamRows(
  header: MessageFields,
  scan: Decoded,
  payload: Uint8Array,
): Generator<MessageFields> {
  const points = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const row: Record<string, unknown> = { ...header };
  const { ranges, firstAngle, angleStep, leastRange, greatestRange } = beamsOf(scan);
  let start = 0;
  for (let beam = 0; beam < ranges.length && start < payload.byteLength; beam++) {
    const range = ranges[beam];
    if (typeof range !== "number" || !Number.isFinite(range)) continue;
    if (range < leastRange || range > greatestRange) continue;
    for (const [place, name] of ["x", "y", "z", "intensity"].entries())
      row[name] = points.getFloat32(start + 4 * place, true);
    row.range = range;
    row.angle = firstAngle + beam * angleStep;
    start += POINT_BYTES;
    yield row;
  }
}

/** Of ROS's scans, and of Foxglove's, which say the last beam's angle and no limits. */
function beamsOf(scan: Decoded): Beams {
  const ranges = (scan.ranges ?? []) as ArrayLike<unknown>;
  if (scan.angle_increment === undefined) {
    const firstAngle = numberIn(scan, "start_angle");
    const angleStep = (numberIn(scan, "end_angle") - firstAngle) / Math.max(1, ranges.length - 1);
    return { ranges, firstAngle, angleStep, leastRange: 0, greatestRange: Number.POSITIVE_INFINITY };
  }
  return {
    ranges,
    firstAngle: numberIn(scan, "angle_min"),
    angleStep: numberIn(scan, "angle_increment"),
    leastRange: numberIn(scan, "range_min"),
    greatestRange: numberIn(scan, "range_max"),
  };
}
