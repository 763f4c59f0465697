import type { Random } from "@playhead/exact-math";
import { RosWriter, rosChannel, stampOf } from "../ros/message-writer.ts";
import { range as rangeSchema } from "../ros/schemas.ts";
import { closestPoint } from "../world/footprint.ts";
import type { Scene } from "../world/scene.ts";
import { type Instrument, mountMetadata, steadily } from "./instrument.ts";

const topic = "/ultrasonic/front";
const mount = { x: 0, y: 0, z: 0.5 };
const least = 0.2;
const greatest = 5;
/** Opening angle of the cone, rad, and the tangent of its half. */
const fieldOfView = 0.8;
const halfTangent = 0.4227932187;
const deviation = 0.015;

/** The ultrasonic sensor in the bumper, 20 Hz: the distance to what is nearest in its cone. */
export function frontUltrasonic(random: Random): Instrument {
  const writer = new RosWriter(rangeSchema);
  const noise = random.fork("noise");
  return {
    channel: rosChannel(topic, rangeSchema, mountMetadata(mount)),
    series: [
      {
        dueUs: steadily(20, 31_000),
        measure(moment) {
          const range = nearest(moment.scene()) + noise.normal(0, deviation);
          return writer.write({
            header: stampOf(moment.timeUs, "ultrasonic_front"),
            radiation_type: 0,
            field_of_view: fieldOfView,
            min_range: least,
            max_range: greatest,
            range: range <= greatest ? Math.max(least, range) : Number.POSITIVE_INFINITY,
            variance: deviation * deviation,
          });
        },
      },
    ],
  };
}

function nearest(scene: Scene): number {
  let found = Number.POSITIVE_INFINITY;
  for (const thing of scene.things) {
    const { x, y } = closestPoint(thing, mount.x, mount.y);
    if (x <= 0 || Math.abs(y) > halfTangent * x) continue;
    found = Math.min(found, Math.sqrt(x * x + y * y));
  }
  return found;
}
