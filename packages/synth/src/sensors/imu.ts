import { cos, type Random, sin } from "@playhead/exact-math";
import { RosWriter, rosChannel, stampOf } from "../ros/message-writer.ts";
import { imu } from "../ros/schemas.ts";
import { type Instrument, mountMetadata, steadily } from "./instrument.ts";

const topic = "/imu/data";
const mount = { x: -2.2, y: 0, z: 0.5 };
const gravity = 9.80665;
/** Standard deviations of the noise and of the constant biases: accelerations (m/s²) and rates (rad/s). */
const noise = { acceleration: 0.06, rate: 0.0025 };
const bias = { acceleration: 0.04, rate: 0.0015 };
/** Shaking of the body on the road, m/s² at 15 m/s. */
const shaking = 0.12;
const unknown = Float64Array.of(-1, 0, 0, 0, 0, 0, 0, 0, 0);

/** The inertial unit, 100 Hz, axes forward-left-up. The lever arm to the vehicle frame's origin is left out. */
export function inertialUnit(random: Random): Instrument {
  const writer = new RosWriter(imu);
  const offsets = random.fork("bias");
  const drawn = (deviation: number) => [0, 1, 2].map(() => offsets.normal(0, deviation));
  const [biasX = 0, biasY = 0, biasZ = 0] = drawn(bias.acceleration);
  const [biasRoll = 0, biasPitch = 0, biasYaw = 0] = drawn(bias.rate);
  const stream = random.fork("noise");
  const diagonal = (deviation: number) => {
    const square = deviation * deviation;
    return Float64Array.of(square, 0, 0, 0, square, 0, 0, 0, square);
  };
  return {
    channel: rosChannel(topic, imu, { ...mountMetadata(mount), "imu.axes": "flu" }),
    series: [
      {
        dueUs: steadily(100, 1_000),
        measure(moment) {
          const ego = moment.ego();
          const spread = noise.acceleration + (shaking * ego.speed) / 15;
          const rate = () => stream.normal(0, noise.rate);
          return writer.write({
            header: stampOf(moment.timeUs, "imu"),
            orientation: { x: 0, y: 0, z: 0, w: 1 },
            orientation_covariance: unknown,
            angular_velocity: {
              x: biasRoll + rate(),
              y: ego.pitchRate + biasPitch + rate(),
              z: ego.yawRate + biasYaw + rate(),
            },
            angular_velocity_covariance: diagonal(noise.rate),
            linear_acceleration: {
              x:
                ego.acceleration * cos(ego.pitch) -
                gravity * sin(ego.pitch) +
                biasX +
                stream.normal(0, spread),
              y: ego.speed * ego.yawRate + biasY + stream.normal(0, spread),
              z:
                gravity * cos(ego.pitch) +
                ego.acceleration * sin(ego.pitch) +
                biasZ +
                stream.normal(0, spread),
            },
            linear_acceleration_covariance: diagonal(noise.acceleration),
          });
        },
      },
    ],
  };
}
