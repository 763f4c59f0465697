/** Types of the numbers that points have, by the names of ROS. */
export type PointNumberName =
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "float32"
  | "float64";

/** How to read a number of a type. */
export interface PointNumber {
  readonly sizeBytes: number;
  readonly isInteger: boolean;
  readonly read: (view: DataView, offset: number, littleEndian: boolean) => number;
}

export const POINT_NUMBERS: Readonly<Record<PointNumberName, PointNumber>> = {
  int8: { sizeBytes: 1, isInteger: true, read: (view, offset) => view.getInt8(offset) },
  uint8: { sizeBytes: 1, isInteger: true, read: (view, offset) => view.getUint8(offset) },
  int16: { sizeBytes: 2, isInteger: true, read: (view, offset, little) => view.getInt16(offset, little) },
  uint16: { sizeBytes: 2, isInteger: true, read: (view, offset, little) => view.getUint16(offset, little) },
  int32: { sizeBytes: 4, isInteger: true, read: (view, offset, little) => view.getInt32(offset, little) },
  uint32: { sizeBytes: 4, isInteger: true, read: (view, offset, little) => view.getUint32(offset, little) },
  float32: {
    sizeBytes: 4,
    isInteger: false,
    read: (view, offset, little) => view.getFloat32(offset, little),
  },
  float64: {
    sizeBytes: 8,
    isInteger: false,
    read: (view, offset, little) => view.getFloat64(offset, little),
  },
};

/** By `sensor_msgs/PointField.datatype`. */
export const ROS_POINT_NUMBERS: readonly (PointNumberName | undefined)[] = [
  undefined,
  ...(["int8", "uint8", "int16", "uint16", "int32", "uint32", "float32", "float64"] as const),
];

/** By `foxglove.PackedElementField.NumericType`. */
export const FOXGLOVE_POINT_NUMBERS: readonly (PointNumberName | undefined)[] = [
  undefined,
  ...(["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"] as const),
];
