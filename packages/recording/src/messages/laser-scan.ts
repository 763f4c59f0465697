import { cos, sin } from "@playhead/exact-math";
import type { MessageType } from "./definition.ts";
import { HEADER_FIELDS } from "./header-text.ts";
import { MalformedMessageError } from "./malformed.ts";
import { MessageFields } from "./message-fields.ts";
import { type MessageForm, rosForm } from "./message-form.ts";
import type { PayloadArena } from "./payload-arena.ts";
import { checkPointCount } from "./point-cloud.ts";

const POINT_BYTES = 16;

/** One turn of a scanner in a plane: distances at angles that are equally far apart. */
export interface LaserScan {
  /** Counter-clockwise about z from the x axis, rad. */
  readonly firstAngle: number;
  readonly angleStep: number;
  /** Distances outside are no measurements, m, both inclusive. */
  readonly leastRange: number;
  readonly greatestRange: number;
  readonly count: number;
  /** Of a beam, m. */
  range(index: number): number;
  /** As recorded; NaN without. */
  intensity(index: number): number;
}

/** A `sensor_msgs/LaserScan`. */
export function laserScan(type: MessageType): MessageForm {
  const numbers = ["angle_min", "angle_increment", "range_min", "range_max"];
  const fields = new MessageFields(type, [...HEADER_FIELDS, ...numbers, "ranges", "intensities"]);
  const firstAngle = fields.number("angle_min");
  const angleStep = fields.number("angle_increment");
  const leastRange = fields.number("range_min");
  const greatestRange = fields.number("range_max");
  const ranges = fields.list("ranges", "float32");
  const intensities = fields.list("intensities", "float32");
  const writer = new LaserScanWriter();
  return rosForm(fields, (payload) =>
    writer.write(payload, {
      firstAngle: firstAngle(),
      angleStep: angleStep(),
      leastRange: leastRange(),
      greatestRange: greatestRange(),
      count: ranges.count,
      range: (index) => fields.float32At(ranges, index),
      intensity: (index) => fields.float32At(intensities, index),
    }),
  );
}

/** Writes the scans of one sensor as points of a lidar: z is 0. Beams without a measurement are left out. */
export class LaserScanWriter {
  readonly #directions = new BeamDirections();

  /** Throws a MalformedMessageError. */
  write(payload: PayloadArena, scan: LaserScan): void {
    const { firstAngle, angleStep, count } = scan;
    checkPointCount(count);
    if (!Number.isFinite(firstAngle) || !Number.isFinite(firstAngle + angleStep * count))
      throw new MalformedMessageError(
        "angles that are numbers",
        `${firstAngle}, step ${angleStep}`,
        "the scan",
      );
    const { cosines, sines } = this.#directions.of(firstAngle, angleStep, count);
    let measured = 0;
    for (let index = 0; index < count; index++) if (isMeasured(scan, scan.range(index))) measured++;
    payload.start(POINT_BYTES * measured);
    let place = 0;
    for (let index = 0; index < count; index++) {
      const range = scan.range(index);
      if (!isMeasured(scan, range)) continue;
      payload.f32(place, range * (cosines[index] as number));
      payload.f32(place + 4, range * (sines[index] as number));
      payload.f32(place + 8, 0);
      payload.f32(place + 12, scan.intensity(index));
      place += POINT_BYTES;
    }
  }
}

function isMeasured({ leastRange, greatestRange }: LaserScan, range: number): boolean {
  return Number.isFinite(range) && range >= leastRange && range <= greatestRange;
}

/** The directions of a scanner's beams: the same in nearly every scan, so they are kept. */
class BeamDirections {
  #firstAngle = Number.NaN;
  #angleStep = Number.NaN;
  cosines = new Float64Array(0);
  sines = new Float64Array(0);

  of(firstAngle: number, angleStep: number, count: number): this {
    const isSame = firstAngle === this.#firstAngle && angleStep === this.#angleStep;
    if (isSame && count <= this.cosines.length) return this;
    this.#firstAngle = firstAngle;
    this.#angleStep = angleStep;
    this.cosines = new Float64Array(count);
    this.sines = new Float64Array(count);
    for (let index = 0; index < count; index++) {
      this.cosines[index] = cos(firstAngle + index * angleStep);
      this.sines[index] = sin(firstAngle + index * angleStep);
    }
    return this;
  }
}
