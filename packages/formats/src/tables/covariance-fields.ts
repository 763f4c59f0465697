import type { MessageFields } from "@playhead/recording";
import type { Decoded } from "../decoded-message.ts";

const UNKNOWN = 0;

/** What a position says of its covariance (m², east, north, up; of nine, row by row) beside the deviations of the canonical payload. Without a known one it is empty. */
export function covarianceFields({
  position_covariance: covariance,
  position_covariance_type: type = UNKNOWN,
}: Decoded): MessageFields {
  return {
    position_covariance_type: type,
    position_covariance: type === UNKNOWN ? undefined : covariance,
  };
}
