import type { MessageType } from "./definition.ts";
import { HEADER_FIELDS } from "./header-text.ts";
import { MessageFields, type NumberField } from "./message-fields.ts";
import { type MessageForm, rosForm } from "./message-form.ts";

const PAYLOAD_BYTES = 80;

/**
 * `sensor_msgs/Imu`. A covariance that begins with −1 says that the measurement is absent (REP 145), and so does an orientation of all
 * zeros, which is no rotation.
 */
export function imu(type: MessageType): MessageForm {
  const fields = new MessageFields(type, [...HEADER_FIELDS, ...WANTED]);
  const vector = (name: string) => ["x", "y", "z"].map((axis) => fields.number(`${name}.${axis}`));
  const orientation = [...vector("orientation"), fields.number("orientation.w")];
  const groups = [
    {
      values: vector("linear_acceleration"),
      covariance: fields.list("linear_acceleration_covariance", "float64"),
    },
    { values: vector("angular_velocity"), covariance: fields.list("angular_velocity_covariance", "float64") },
    { values: orientation, covariance: fields.list("orientation_covariance", "float64") },
  ];
  return rosForm(fields, (payload) => {
    payload.start(PAYLOAD_BYTES);
    let offset = 0;
    for (const { values, covariance } of groups) {
      const absent = fields.float64At(covariance, 0) === -1 || (values === orientation && isZero(values));
      for (const value of values) {
        payload.f64(offset, absent ? Number.NaN : value());
        offset += 8;
      }
    }
  });
}

const WANTED = [
  ...["x", "y", "z", "w"].map((axis) => `orientation.${axis}`),
  ...["x", "y", "z"].flatMap((axis) => [`angular_velocity.${axis}`, `linear_acceleration.${axis}`]),
  ...["orientation", "angular_velocity", "linear_acceleration"].map((name) => `${name}_covariance`),
];

function isZero(values: readonly NumberField[]): boolean {
  return values.every((value) => value() === 0);
}
