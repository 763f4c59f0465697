import { atan, type Random } from "@playhead/exact-math";
import { RosWriter, rosChannel, stampOf } from "../ros/message-writer.ts";
import { canFrame } from "../ros/schemas.ts";
import type { EgoState } from "../world/scene.ts";
import type { World } from "../world/world.ts";
import { brake, filler, kinematics, steering, vehicleSpeed, wheelSpeeds } from "./can-frames.ts";
import { type Instrument, type Moment, type Series, steadily } from "./instrument.ts";

const topic = "/can/0";
const rateHz = 50;
/** µs from one frame of a round to the next: about what a frame of 8 bytes takes at 500 kbit/s. */
const spacingUs = 240;
const firstUs = 3_000;
const degreesPerRad = 57.29577951308232;
/** Wheelbase and track width, m; turns of the steering wheel per turn of the wheels. */
const wheelbase = 2.69;
const track = 1.57;
const steeringRatio = 14.8;
/** The speedometer's scale is off by about this share; wheels differ by so much, m/s. */
const scaleDeviation = 0.003;
const wheelDeviation = 0.02;
const fillerId = 0x2e6;

/** The CAN bus of the vehicle, 50 rounds of six frames per second. */
export function canBus(world: World, random: Random): Instrument {
  const writer = new RosWriter(canFrame);
  const noise = random.fork("noise");
  const scale = 1 + random.fork("scale").normal(0, scaleDeviation);
  const frames: readonly (readonly [number, (moment: Moment, k: number) => Uint8Array])[] = [
    [0x24, (moment) => motion(moment.ego(), noise)],
    [0x25, (moment) => turning(world, moment, noise)],
    [0xa6, (moment) => brake(Math.max(0, -moment.ego().acceleration) * 28)],
    [0xaa, (moment) => wheels(moment.ego(), scale, noise)],
    [0xb4, (moment, k) => vehicleSpeed(moment.ego().speed * scale, k * 3)],
    [fillerId, (_, k) => filler(fillerId, k, noise.nextU32())],
  ];
  const series = frames.map(
    ([id, content], place): Series => ({
      dueUs: steadily(rateHz, firstUs + place * spacingUs),
      measure(moment, k) {
        const data = content(moment, k);
        const header = stampOf(moment.timeUs, "can0");
        return writer.write({
          header,
          id,
          is_rtr: false,
          is_extended: false,
          is_error: false,
          dlc: data.length,
          data,
        });
      },
    }),
  );
  return { channel: rosChannel(topic, canFrame, { "can.bus": "0" }), series };
}

function motion(ego: EgoState, noise: Random): Uint8Array {
  const yawRate = ego.yawRate * degreesPerRad + noise.normal(0, 0.1);
  return kinematics(
    yawRate,
    ego.acceleration + noise.normal(0, 0.04),
    ego.speed * ego.yawRate + noise.normal(0, 0.04),
  );
}

/** A vehicle whose front wheels roll without slip: tan(steer) = wheelbase · curvature. */
function turning(world: World, moment: Moment, noise: Random): Uint8Array {
  const angleAt = (timeS: number) =>
    atan(wheelbase * world.ego(timeS).curvature) * steeringRatio * degreesPerRad;
  const angle = angleAt(moment.timeS);
  const before = angleAt(Math.max(0, moment.timeS - 0.05));
  return steering(angle + noise.normal(0, 0.05), (angle - before) / 0.05);
}

/** Wheels on the outside of a curve are faster. */
function wheels(ego: EgoState, scale: number, noise: Random): Uint8Array {
  const difference = (ego.yawRate * track) / 2;
  const wheel = (side: number) => {
    const speed = (ego.speed + side * difference) * scale;
    return speed < 0.05 ? 0 : Math.max(0, speed + noise.normal(0, wheelDeviation));
  };
  return wheelSpeeds(wheel(1), wheel(-1), wheel(1), wheel(-1));
}
