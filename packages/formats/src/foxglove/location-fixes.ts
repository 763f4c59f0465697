import { type Decoded, isDecoded, numberIn } from "../decoded-message.ts";
import type { ChannelEncoder } from "./channel-encoder.ts";
import { timestamp } from "./common-fields.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

const COVARIANCES = 9;

/** `sensor_msgs/NavSatFix` as `foxglove.LocationFix`: types of covariances have the same numbers; what it has no field for, the status, is in its metadata. */
export const locationFixes: ChannelEncoder = {
  schema: "LocationFix",
  encode({ decoded }, header) {
    const fix = new ProtobufWriter()
      .message(6, timestamp(header))
      .text(7, header.frameId)
      .double(1, numberIn(decoded, "latitude"))
      .double(2, numberIn(decoded, "longitude"))
      .double(3, numberIn(decoded, "altitude"))
      .doubles(4, covarianceOf(decoded))
      .integer(5, numberIn(decoded, "position_covariance_type"));
    const { status } = decoded;
    for (const name of isDecoded(status) ? ["status", "service"] : [])
      fix.message(9, new ProtobufWriter().text(1, name).text(2, String(numberIn(status as Decoded, name))));
    return fix.finish();
  },
};

function covarianceOf({ position_covariance: given }: Decoded): number[] {
  const list = given as ArrayLike<unknown> | undefined;
  return Array.from({ length: COVARIANCES }, (_, index) => Number(list?.[index] ?? 0));
}
