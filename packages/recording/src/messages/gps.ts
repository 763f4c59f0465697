import type { MessageType } from "./definition.ts";
import { HEADER_FIELDS } from "./header-text.ts";
import { MessageFields } from "./message-fields.ts";
import { type MessageForm, rosForm } from "./message-form.ts";
import type { PayloadArena } from "./payload-arena.ts";

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
export function gps(type: MessageType): MessageForm {
  const fields = new MessageFields(type, [...HEADER_FIELDS, ...WANTED]);
  const status = fields.number("status.status");
  const position = [fields.number("latitude"), fields.number("longitude"), fields.number("altitude")];
  const covariance = fields.list("position_covariance", "float64");
  const covarianceType = fields.number("position_covariance_type");
  return rosForm(fields, (payload) => {
    const [latitude, longitude, altitude] = position.map((value) => value()) as [number, number, number];
    const known = covarianceType() !== COVARIANCE_UNKNOWN;
    const variances = known ? VARIANCES.map((index) => fields.float64At(covariance, index)) : [];
    writeFix(payload, { latitude, longitude, altitude, variances, status: status() });
  });
}

/** Where east's, north's and up's lie in a covariance of three by three. */
export const VARIANCES: readonly number[] = [0, 4, 8];

/** A position, as messages describe it. */
export interface Fix {
  readonly latitude: number;
  readonly longitude: number;
  readonly altitude: number;
  /** East's, north's, up's, m²; empty where they are not known. */
  readonly variances: readonly number[];
  readonly status: number;
}

export function writeFix(payload: PayloadArena, fix: Fix): void {
  const [east = Number.NaN, north = Number.NaN, up = Number.NaN] = fix.variances;
  payload.start(PAYLOAD_BYTES);
  payload.f64(0, fix.latitude);
  payload.f64(8, fix.longitude);
  payload.f64(16, fix.altitude);
  payload.f64(24, Math.sqrt((east + north) / 2));
  payload.f64(32, Math.sqrt(up));
  payload.i32(40, Math.min(Math.max(fix.status, -1), 2));
  payload.u32(44, 0);
}
