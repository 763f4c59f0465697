import type { ChannelDeclaration } from "@playhead/recording";
import { imageChannel, imageMessage } from "../images/compressed-image.ts";
import { POINT_CLOUD, pointCloudMessage } from "../ros2/point-cloud.ts";
import type { Calibration } from "./calibration.ts";
import { FIX, fixMessage, IMU, imuMessage, oxtsChannel, oxtsMessage, readOxts } from "./oxts.ts";

/** A channel that the files of a folder become, and how. */
interface FolderChannel {
  readonly channel: ChannelDeclaration;
  /** Throws an Error that says what is wrong with the file. */
  message(bytes: Uint8Array, timeNs: bigint, path: string): Uint8Array;
}

/** By a sensor's folder: `image_02`, `velodyne_points`, `oxts`. */
export function sensorFolders(name: string, calibration: Calibration): readonly FolderChannel[] {
  if (name === "oxts") return oxtsChannels(calibration);
  if (name === "velodyne_points")
    return [
      { channel: POINT_CLOUD.channel("/lidar/velodyne/points", calibration.lidar), message: cloudMessage },
    ];
  const metadata = calibration.camera(name.slice("image_".length));
  return [
    {
      channel: imageChannel(`/camera/${name}/compressed`, metadata),
      message: (bytes, timeNs) => imageMessage(bytes, timeNs, name),
    },
  ];
}

function oxtsChannels({ imu }: Calibration): readonly FolderChannel[] {
  const figures = (bytes: Uint8Array) => readOxts(Buffer.from(bytes.subarray(0, 4096)).toString("latin1"));
  return [
    {
      channel: IMU.channel("/oxts/imu", imu),
      message: (bytes, timeNs) => imuMessage(figures(bytes), timeNs),
    },
    {
      channel: FIX.channel("/oxts/fix", imu),
      message: (bytes, timeNs) => fixMessage(figures(bytes), timeNs),
    },
    { channel: oxtsChannel("/oxts/data"), message: (bytes) => oxtsMessage(figures(bytes)) },
  ];
}

const POINT_BYTES = 16;
const FLOAT32 = 7;

/** x, y, z (m) and reflectance of each point: floats in `.bin`, lines of text in `.txt`. */
function cloudMessage(bytes: Uint8Array, timeNs: bigint, path: string): Uint8Array {
  const data = path.endsWith(".txt") ? floatsOf(bytes) : bytes;
  if (data.length % POINT_BYTES !== 0)
    throw new Error(`expected ${POINT_BYTES} bytes for each point, found ${data.length} bytes`);
  const fields = ["x", "y", "z", "intensity"].map((name, index) => ({
    name,
    offset: 4 * index,
    datatype: FLOAT32,
    count: 1,
  }));
  const width = data.length / POINT_BYTES;
  return pointCloudMessage(timeNs, "velodyne", { width, height: 1, fields, pointBytes: POINT_BYTES, data });
}

function floatsOf(bytes: Uint8Array): Uint8Array {
  const lines = Buffer.from(bytes)
    .toString("latin1")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const view = new DataView(new ArrayBuffer(lines.length * POINT_BYTES));
  for (const [row, line] of lines.entries()) {
    const values = line.trim().split(/\s+/).map(Number);
    if (values.length !== 4 || values.some((value) => Number.isNaN(value)))
      throw new Error(`expected four numbers in line ${row + 1}, found ${JSON.stringify(line.slice(0, 80))}`);
    for (const [index, value] of values.entries())
      view.setFloat32(row * POINT_BYTES + 4 * index, value, true);
  }
  return new Uint8Array(view.buffer);
}
