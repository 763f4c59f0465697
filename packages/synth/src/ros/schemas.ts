/** ROS 2 message definitions as a recording carries them: a type, then each type that it uses behind a line and its name. */

const header = `# Time of the measurement and the frame that it is given in.
builtin_interfaces/Time stamp
string frame_id`;

const time = `int32 sec
uint32 nanosec`;

const headerParts: readonly Part[] = [
  ["std_msgs/Header", header],
  ["builtin_interfaces/Time", time],
];

type Part = readonly [name: string, definition: string];

function schema(definition: string, parts: readonly Part[]): string {
  const line = "=".repeat(80);
  return [definition, ...parts.map(([name, text]) => `${line}\nMSG: ${name}\n${text}`)].join("\n");
}

const vector = `float64 x
float64 y
float64 z`;

const quaternion = `float64 x 0
float64 y 0
float64 z 0
float64 w 1`;

/** A message type: its name and its definition. */
export interface RosSchema {
  readonly name: string;
  readonly text: string;
}

export const compressedImage: RosSchema = {
  name: "sensor_msgs/msg/CompressedImage",
  text: schema("std_msgs/Header header\nstring format\nuint8[] data", headerParts),
};

export const pointCloud: RosSchema = {
  name: "sensor_msgs/msg/PointCloud2",
  text: schema(
    `std_msgs/Header header
uint32 height
uint32 width
sensor_msgs/PointField[] fields
bool is_bigendian
uint32 point_step
uint32 row_step
uint8[] data
bool is_dense`,
    [
      ...headerParts,
      [
        "sensor_msgs/PointField",
        `uint8 INT8=1
uint8 UINT8=2
uint8 INT16=3
uint8 UINT16=4
uint8 INT32=5
uint8 UINT32=6
uint8 FLOAT32=7
uint8 FLOAT64=8
string name
uint32 offset
uint8 datatype
uint32 count`,
      ],
    ],
  ),
};

export const imu: RosSchema = {
  name: "sensor_msgs/msg/Imu",
  text: schema(
    `std_msgs/Header header
geometry_msgs/Quaternion orientation
float64[9] orientation_covariance
geometry_msgs/Vector3 angular_velocity
float64[9] angular_velocity_covariance
geometry_msgs/Vector3 linear_acceleration
float64[9] linear_acceleration_covariance`,
    [...headerParts, ["geometry_msgs/Quaternion", quaternion], ["geometry_msgs/Vector3", vector]],
  ),
};

export const navSatFix: RosSchema = {
  name: "sensor_msgs/msg/NavSatFix",
  text: schema(
    `std_msgs/Header header
sensor_msgs/NavSatStatus status
float64 latitude
float64 longitude
float64 altitude
float64[9] position_covariance
uint8 COVARIANCE_TYPE_UNKNOWN=0
uint8 COVARIANCE_TYPE_APPROXIMATED=1
uint8 COVARIANCE_TYPE_DIAGONAL_KNOWN=2
uint8 COVARIANCE_TYPE_KNOWN=3
uint8 position_covariance_type`,
    [
      ...headerParts,
      [
        "sensor_msgs/NavSatStatus",
        `int8 STATUS_NO_FIX=-1
int8 STATUS_FIX=0
int8 STATUS_SBAS_FIX=1
int8 STATUS_GBAS_FIX=2
int8 status
uint16 SERVICE_GPS=1
uint16 SERVICE_GLONASS=2
uint16 SERVICE_COMPASS=4
uint16 SERVICE_GALILEO=8
uint16 service`,
      ],
    ],
  ),
};

export const range: RosSchema = {
  name: "sensor_msgs/msg/Range",
  text: schema(
    `std_msgs/Header header
uint8 ULTRASOUND=0
uint8 INFRARED=1
uint8 radiation_type
float32 field_of_view
float32 min_range
float32 max_range
float32 range
float32 variance`,
    headerParts,
  ),
};

export const canFrame: RosSchema = {
  name: "can_msgs/msg/Frame",
  text: schema(
    `std_msgs/Header header
uint32 id
bool is_rtr
bool is_extended
bool is_error
uint8 dlc
uint8[8] data`,
    headerParts,
  ),
};
