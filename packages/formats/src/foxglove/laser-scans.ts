import { type Decoded, numberIn } from "../decoded-message.ts";
import type { ChannelEncoder } from "./channel-encoder.ts";
import { identityPose, timestamp } from "./common-fields.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/**
 * `sensor_msgs/LaserScan` as `foxglove.LaserScan`, in the scanner's frame. It says the angle of the last beam rather than the step, and no limits of distances:
 * one outside of them, which is no measurement, becomes NaN.
 */
export const laserScans: ChannelEncoder = {
  schema: "LaserScan",
  encode({ decoded }, header) {
    const first = numberIn(decoded, "angle_min");
    const ranges = numbersIn(decoded, "ranges");
    const [least, greatest] = [numberIn(decoded, "range_min"), numberIn(decoded, "range_max")];
    return new ProtobufWriter()
      .message(1, timestamp(header))
      .text(2, header.frameId)
      .message(3, identityPose())
      .double(4, first)
      .double(5, first + numberIn(decoded, "angle_increment") * Math.max(0, ranges.length - 1))
      .doubles(
        6,
        ranges.map((range) => (range >= least && range <= greatest ? range : Number.NaN)),
      )
      .doubles(7, numbersIn(decoded, "intensities"))
      .finish();
  },
};

function numbersIn(message: Decoded, name: string): number[] {
  return Array.from((message[name] ?? []) as ArrayLike<unknown>, Number);
}
