import { asin, atan2, cos, exp, log, type Random, sin } from "@playhead/exact-math";
import { cloudMessage, floatFields, RosWriter, rosChannel, stampOf } from "../ros/message-writer.ts";
import { pointCloud } from "../ros/schemas.ts";
import type { BodyKind } from "../world/body.ts";
import { closestPoint, nearSide } from "../world/footprint.ts";
import type { Scene, Thing } from "../world/scene.ts";
import { Visibility } from "../world/visibility.ts";
import { type Instrument, mountMetadata, steadily } from "./instrument.ts";

const topic = "/radar/front";
const mount = { x: -0.05, y: 0, z: 0.5 };
const degree = Math.PI / 180;
/** Half the field of view, rad, and the greatest range, m. */
const halfView = 50 * degree;
const greatestRange = 140;
/** Standard deviations: range (m), angles (rad), range rate (m/s), cross-section (dB). */
const deviation = { range: 0.2, angle: 0.5 * degree, rate: 0.1, crossSection: 2.5 };
/** False targets per scan, on average. */
const clutterRate = 0.5;

/** Radar cross-sections, dBsm: typical figures at 77 GHz. */
const crossSections: Readonly<Record<BodyKind, number>> = {
  car: 11,
  van: 14,
  truck: 20,
  pedestrian: -4,
  tree: -6,
  lamp: 0,
  sign: 4,
  bollard: -3,
  building: 16,
};

/** The long-range radar in the bumper, 20 Hz. */
export function frontRadar(random: Random): Instrument {
  const writer = new RosWriter(pointCloud);
  const fields = floatFields("x", "y", "z", "range", "azimuth", "elevation", "range_rate", "rcs");
  const noise = random.fork("scans");
  return {
    channel: rosChannel(topic, pointCloud, mountMetadata(mount)),
    series: [
      {
        dueUs: steadily(20, 17_000),
        measure(moment) {
          const values = Float32Array.from(scan(moment.scene(), noise));
          return writer.write(cloudMessage(stampOf(moment.timeUs, "radar_front"), fields, values));
        },
      },
    ],
  };
}

function scan(scene: Scene, random: Random): number[] {
  const out: number[] = [];
  const visibility = new Visibility(scene, mount);
  scene.things.forEach((thing, index) => {
    if (thing.x < -thing.body.length) return;
    let visible: number | undefined;
    for (const reflection of reflections(thing, random)) {
      const x = reflection.x - mount.x;
      const y = reflection.y - mount.y;
      const range = Math.sqrt(x * x + y * y);
      if (x < 0.3 || range > greatestRange || Math.abs(atan2(y, x)) > halfView) continue;
      const section =
        crossSections[thing.body.kind] + random.normal(0, deviation.crossSection) - reflection.loss;
      visible ??= visibility.share(index);
      if (random.uniform() > detectionChance(section, range, visible)) continue;
      // The target's own motion relative to the vehicle; the turning of the vehicle hardly moves a sensor at the bumper.
      const rate = (x * thing.vx + y * thing.vy) / range;
      push(out, x, y, 0.55 - mount.z, rate + micro(thing, random), section, random);
    }
  });
  addClutter(out, scene, random);
  return out;
}

interface Reflection {
  readonly x: number;
  readonly y: number;
  /** dB below the body's cross-section. */
  readonly loss: number;
}

/** Where a body reflects: vehicles near their closest corner or side, now and then at a second place. */
function reflections(thing: Thing, random: Random): Reflection[] {
  const { body } = thing;
  const near = closestPoint(thing, mount.x, mount.y);
  if (body.kind === "building") return random.uniform() < 0.5 ? [{ ...near, loss: 0 }] : [];
  if (body.length < 1) return [{ x: thing.x, y: thing.y, loss: 0 }];
  const distance = Math.sqrt(near.x * near.x + near.y * near.y);
  const inwards = Math.abs(random.normal(0, 0.12));
  const jitter = random.normal(0, 0.18 * body.width);
  const side = nearSide(thing, mount.x, mount.y);
  const x = near.x + 0.8 * (side.x - near.x) + inwards;
  const y = near.y + 0.8 * (side.y - near.y) + jitter;
  const found: Reflection[] = [{ x, y, loss: 0 }];
  if (distance < 35 && random.uniform() < 0.35) {
    const share = random.uniform(-0.4, 0.4) * body.length;
    found.push({ x: thing.x + share * thing.cosYaw, y: thing.y + share * thing.sinYaw, loss: 5 });
  }
  return found;
}

/** The likelier a target is seen, the larger it is, the nearer, and the freer the view. */
function detectionChance(section: number, range: number, visible: number): number {
  const signal = section + 76 - (40 * log(Math.max(1, range))) / Math.LN10;
  return (0.97 * Math.min(1, visible * 2)) / (1 + exp(-signal / 3));
}

/** Legs and wheels move on their own. */
function micro(thing: Thing, random: Random): number {
  return thing.body.kind === "pedestrian" && thing.speed > 0 ? random.normal(0, 0.25) : 0;
}

function push(
  out: number[],
  x: number,
  y: number,
  z: number,
  rate: number,
  section: number,
  random: Random,
): void {
  const trueRange = Math.sqrt(x * x + y * y + z * z);
  const range = Math.max(0.2, trueRange + random.normal(0, deviation.range));
  const azimuth = atan2(y, x) + random.normal(0, deviation.angle);
  const elevation = asin(z / trueRange) + random.normal(0, deviation.angle);
  const flat = range * cos(elevation);
  out.push(flat * cos(azimuth), flat * sin(azimuth), range * sin(elevation));
  out.push(range, azimuth, elevation, rate + random.normal(0, deviation.rate), section);
}

/** False targets: some from nowhere, some from the road, which stands still. */
function addClutter(out: number[], scene: Scene, random: Random): void {
  for (let chance = clutterRate; random.uniform() < chance; chance *= 0.5) {
    const range = random.uniform(4, 100);
    const azimuth = random.uniform(-halfView, halfView);
    const still = random.uniform() < 0.6;
    const rate = still ? -scene.ego.speed * cos(azimuth) : random.uniform(-30, 15);
    push(out, range * cos(azimuth), range * sin(azimuth), 0, rate, random.uniform(-12, 0), random);
  }
}
