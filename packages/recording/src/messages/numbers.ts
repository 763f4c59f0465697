/** How to read a number of a type, from anywhere in a view. 64-bit integers are rounded to the nearest double. */
export interface NumberType {
  readonly sizeBytes: number;
  readonly read: (view: DataView, offset: number, littleEndian: boolean) => number;
}

const INT8: NumberType = { sizeBytes: 1, read: (view, offset) => view.getInt8(offset) };
const UINT8: NumberType = { sizeBytes: 1, read: (view, offset) => view.getUint8(offset) };
const INT16: NumberType = { sizeBytes: 2, read: (view, offset, little) => view.getInt16(offset, little) };
const UINT16: NumberType = { sizeBytes: 2, read: (view, offset, little) => view.getUint16(offset, little) };
const INT32: NumberType = { sizeBytes: 4, read: (view, offset, little) => view.getInt32(offset, little) };
const UINT32: NumberType = { sizeBytes: 4, read: (view, offset, little) => view.getUint32(offset, little) };
const INT64: NumberType = {
  sizeBytes: 8,
  read: (view, offset, little) => Number(view.getBigInt64(offset, little)),
};
const UINT64: NumberType = {
  sizeBytes: 8,
  read: (view, offset, little) => Number(view.getBigUint64(offset, little)),
};
const FLOAT32: NumberType = {
  sizeBytes: 4,
  read: (view, offset, little) => view.getFloat32(offset, little),
};
const FLOAT64: NumberType = {
  sizeBytes: 8,
  read: (view, offset, little) => view.getFloat64(offset, little),
};

/** By the names of ROS. */
export const NUMBER_TYPES: ReadonlyMap<string, NumberType> = new Map(
  Object.entries({
    bool: UINT8,
    byte: UINT8,
    char: UINT8,
    int8: INT8,
    uint8: UINT8,
    int16: INT16,
    uint16: UINT16,
    int32: INT32,
    uint32: UINT32,
    int64: INT64,
    uint64: UINT64,
    float32: FLOAT32,
    float64: FLOAT64,
  }),
);

/** By `sensor_msgs/PointField.datatype`: 1 int8 … 8 float64. */
export const POINT_FIELD_TYPES: readonly (NumberType | undefined)[] = [
  undefined,
  INT8,
  UINT8,
  INT16,
  UINT16,
  INT32,
  UINT32,
  FLOAT32,
  FLOAT64,
];

export const POINT_FIELD_FLOAT32 = 7;
