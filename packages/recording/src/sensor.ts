/** What a sensor measures; decides the canonical payload of its readings (wit/PAYLOADS.md). */
export type SensorKind = "camera" | "radar" | "lidar" | "ultrasonic" | "imu" | "gps" | "can" | "other";

/** `input` is given to components; `reference` is ground truth: recorded and shown, never given to components. */
export type SensorRole = "input" | "reference";

/** A sensor of a recording: one channel of its messages. */
export interface Sensor {
  /** Its place in the recording's list of sensors, from 0. Lists are sorted by the bytes of the name, then of the schema name. */
  readonly handle: number;
  /** Usually the topic: `/camera/front/compressed`. */
  readonly name: string;
  readonly kind: SensorKind;
  readonly role: SensorRole;
  /** Encoding of `Reading.payload`: `playhead/<kind>`, or the recording's own message encoding for kind `other`. */
  readonly encoding: string;
  /** Schema name in the recording, such as `sensor_msgs/msg/Imu`; empty where there is none. */
  readonly schema: string;
  /** How many readings there are. */
  readonly count: number;
  /** Time of the first and the last reading, µs since the Unix epoch; undefined where there is none. */
  readonly firstUs: number | undefined;
  readonly lastUs: number | undefined;
  /** Readings per second from the first to the last; 0 where there are fewer than two. */
  readonly rateHz: number;
  /** What the recording says about the sensor: see wit/PAYLOADS.md. */
  readonly metadata: Readonly<Record<string, string>>;
}
