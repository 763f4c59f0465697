import type { SchemaText } from "./definition.ts";
import { HEADER_FIELDS } from "./header-text.ts";
import { MessageFields } from "./message-fields.ts";
import type { MessageForm } from "./message-form.ts";

const PAYLOAD_BYTES = 48;
const COVARIANCE_UNKNOWN = 0;

const WANTED = [
  "status.status",
  "latitude",
  "longitude",
  "altitude",
  "position_covariance",
  "position_covariance_type",
];

/**
 * `sensor_msgs/NavSatFix`. Its covariance is east, north, up (m²): the horizontal standard deviation is that of one axis, the root of
 * the mean of east's and north's variance.
 */
export function gps(schema: SchemaText): MessageForm {
  const fields = new MessageFields(schema, [...HEADER_FIELDS, ...WANTED]);
  const status = fields.number("status.status");
  const position = [fields.number("latitude"), fields.number("longitude"), fields.number("altitude")];
  const covariance = fields.list("position_covariance", "float64");
  const covarianceType = fields.number("position_covariance_type");
  return {
    fields,
    write(payload) {
      payload.start(PAYLOAD_BYTES);
      for (const [index, value] of position.entries()) payload.f64(8 * index, value());
      const known = covarianceType() !== COVARIANCE_UNKNOWN;
      const [east, north, up] = [0, 4, 8].map((index) => fields.float64At(covariance, index)) as [
        number,
        number,
        number,
      ];
      payload.f64(24, known ? Math.sqrt((east + north) / 2) : Number.NaN);
      payload.f64(32, known ? Math.sqrt(up) : Number.NaN);
      payload.i32(40, Math.min(Math.max(status(), -1), 2));
      payload.u32(44, 0);
    },
  };
}
