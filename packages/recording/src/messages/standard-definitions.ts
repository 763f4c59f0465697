import { shortTypeName } from "../sensor-kind.ts";

const SEPARATOR = `\n${"=".repeat(80)}\nMSG: `;

const HEADER = "std_msgs/Header\nbuiltin_interfaces/Time stamp\nstring frame_id";
const VECTOR = "geometry_msgs/Vector3\nfloat64 x\nfloat64 y\nfloat64 z";
const QUATERNION = "geometry_msgs/Quaternion\nfloat64 x\nfloat64 y\nfloat64 z\nfloat64 w";
const NAV_SAT_STATUS = "sensor_msgs/NavSatStatus\nint8 status\nuint16 service";
const POINT_FIELD = "sensor_msgs/PointField\nstring name\nuint32 offset\nuint8 datatype\nuint32 count";

/** The fields of the ROS 2 types that become canonical payloads (common_interfaces, ros_canopen, ros2_socketcan). */
const DEFINITIONS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    "sensor_msgs/CompressedImage": ["std_msgs/Header header\nstring format\nuint8[] data", HEADER],
    "sensor_msgs/Image": [
      "std_msgs/Header header\nuint32 height\nuint32 width\nstring encoding\nuint8 is_bigendian\nuint32 step\nuint8[] data",
      HEADER,
    ],
    "sensor_msgs/PointCloud2": [
      "std_msgs/Header header\nuint32 height\nuint32 width\nsensor_msgs/PointField[] fields\nbool is_bigendian\nuint32 point_step\nuint32 row_step\nuint8[] data\nbool is_dense",
      POINT_FIELD,
      HEADER,
    ],
    "sensor_msgs/LaserScan": [
      "std_msgs/Header header\nfloat32 angle_min\nfloat32 angle_max\nfloat32 angle_increment\nfloat32 time_increment\nfloat32 scan_time\nfloat32 range_min\nfloat32 range_max\nfloat32[] ranges\nfloat32[] intensities",
      HEADER,
    ],
    "sensor_msgs/Imu": [
      "std_msgs/Header header\ngeometry_msgs/Quaternion orientation\nfloat64[9] orientation_covariance\ngeometry_msgs/Vector3 angular_velocity\nfloat64[9] angular_velocity_covariance\ngeometry_msgs/Vector3 linear_acceleration\nfloat64[9] linear_acceleration_covariance",
      VECTOR,
      QUATERNION,
      HEADER,
    ],
    "sensor_msgs/NavSatFix": [
      "std_msgs/Header header\nsensor_msgs/NavSatStatus status\nfloat64 latitude\nfloat64 longitude\nfloat64 altitude\nfloat64[9] position_covariance\nuint8 position_covariance_type",
      NAV_SAT_STATUS,
      HEADER,
    ],
    "sensor_msgs/Range": [
      "std_msgs/Header header\nuint8 radiation_type\nfloat32 field_of_view\nfloat32 min_range\nfloat32 max_range\nfloat32 range",
      HEADER,
    ],
    "can_msgs/Frame": [
      "std_msgs/Header header\nuint32 id\nbool is_rtr\nbool is_extended\nbool is_error\nuint8 dlc\nuint8[8] data",
      HEADER,
    ],
    "ros2_socketcan_msgs/FdFrame": [
      "std_msgs/Header header\nuint32 id\nbool is_extended\nbool is_error\nuint8 len\nuint8[<=64] data",
      HEADER,
    ],
  }),
);

/** The definition of a type whose schema a recording leaves out or has in another language; undefined for types that we don't read. */
export function standardDefinition(typeName: string): string | undefined {
  return DEFINITIONS.get(shortTypeName(typeName))?.join(SEPARATOR);
}
