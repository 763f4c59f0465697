import { headerOf, Ros2Type } from "./ros2-type.ts";

export const POINT_CLOUD = Ros2Type.standard("sensor_msgs/msg/PointCloud2");

/** A cloud: rows of points, little-endian. */
interface Cloud {
  readonly width: number;
  readonly height: number;
  /** As sensor_msgs/PointField has them. */
  readonly fields: readonly {
    readonly name: string;
    readonly offset: number;
    readonly datatype: number;
    readonly count: number;
  }[];
  readonly pointBytes: number;
  readonly data: Uint8Array;
}

export function pointCloudMessage(timeNs: bigint, frameId: string, cloud: Cloud): Uint8Array {
  const { width, height, fields, pointBytes, data } = cloud;
  return POINT_CLOUD.write({
    header: headerOf(timeNs, frameId),
    ...{ height, width, fields, data },
    is_bigendian: false,
    point_step: pointBytes,
    row_step: pointBytes * width,
    is_dense: false,
  });
}
