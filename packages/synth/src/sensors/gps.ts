import { cos, type Random, sin } from "@playhead/exact-math";
import { RosWriter, rosChannel, stampOf } from "../ros/message-writer.ts";
import { navSatFix } from "../ros/schemas.ts";
import { type Instrument, mountMetadata, steadily } from "./instrument.ts";

const topic = "/gps/fix";
const mount = { x: -2.6, y: 0, z: 1.5 };
/** Where the world's origin lies: WGS84 degrees and metres. */
const origin = { latitude: 48.7391, longitude: 9.1207, altitude: 428 };
const degree = Math.PI / 180;
/** The ellipsoid of WGS84: semi-major axis, m, and square of the eccentricity. */
const semiMajor = 6_378_137;
const eccentricitySquare = 0.006_694_379_990_14;
const rateHz = 10;
/** Errors: a slow one that wanders (standard deviation, m, and time over which it forgets, s) and a white one (m). */
const slow = { horizontal: 1, vertical: 2, timeS: 40 };
const white = { horizontal: 0.25, vertical: 0.5 };

/** The satellite receiver, 10 Hz. */
export function satelliteReceiver(random: Random): Instrument {
  const writer = new RosWriter(navSatFix);
  const noise = random.fork("noise");
  const east = new Wander(slow.horizontal, random.fork("east"));
  const north = new Wander(slow.horizontal, random.fork("north"));
  const up = new Wander(slow.vertical, random.fork("up"));
  const horizontal = slow.horizontal * slow.horizontal + white.horizontal * white.horizontal;
  const vertical = slow.vertical * slow.vertical + white.vertical * white.vertical;
  const covariance = Float64Array.of(horizontal, 0, 0, 0, horizontal, 0, 0, 0, vertical);
  return {
    channel: rosChannel(topic, navSatFix, mountMetadata(mount)),
    series: [
      {
        dueUs: steadily(rateHz, 23_000),
        measure(moment) {
          const ego = moment.ego();
          const x = ego.x + mount.x * cos(ego.heading) + east.next() + noise.normal(0, white.horizontal);
          const y = ego.y + mount.x * sin(ego.heading) + north.next() + noise.normal(0, white.horizontal);
          const { latitude, longitude } = geodetic(x, y);
          return writer.write({
            header: stampOf(moment.timeUs, "gps"),
            status: { status: 0, service: 9 },
            latitude,
            longitude,
            altitude: origin.altitude + up.next() + noise.normal(0, white.vertical),
            position_covariance: covariance,
            position_covariance_type: 2,
          });
        },
      },
    ],
  };
}

/** From metres east and north of the origin to degrees, by the ellipsoid's radii of curvature there; good for some kilometres. */
export function geodetic(
  east: number,
  north: number,
): { readonly latitude: number; readonly longitude: number } {
  const s = sin(origin.latitude * degree);
  const w = 1 - eccentricitySquare * s * s;
  const root = Math.sqrt(w);
  const meridian = (semiMajor * (1 - eccentricitySquare)) / (w * root);
  const normal = semiMajor / root;
  return {
    latitude: origin.latitude + north / meridian / degree,
    longitude: origin.longitude + east / (normal * cos(origin.latitude * degree)) / degree,
  };
}

/** An error that wanders around zero: a first-order Gauss-Markov process, stepped at the receiver's rate. */
class Wander {
  readonly #deviation: number;
  readonly #random: Random;
  #value: number;

  constructor(deviation: number, random: Random) {
    this.#deviation = deviation;
    this.#random = random;
    this.#value = random.normal(0, deviation);
  }

  next(): number {
    const value = this.#value;
    const keep = 1 - 1 / (rateHz * slow.timeS);
    this.#value = keep * value + this.#random.normal(0, this.#deviation * Math.sqrt(1 - keep * keep));
    return value;
  }
}
