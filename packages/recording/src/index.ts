/** Sensors, readings, the interfaces of recordings, and how messages become canonical payloads. Runs in browsers too. */
export { RecordingError, type RecordingErrorCode, type RecordingErrorDetails } from "./errors.ts";
export { CANONICAL_FIELDS, type MessageFields, pointRows } from "./fields/canonical-fields.ts";
export { type Cell, flatten, TooDeepError } from "./fields/flatten.ts";
export { type IsInteger, integerFields } from "./fields/integer-fields.ts";
export { MessageSignals } from "./fields/message-signals.ts";
export { protobufZeros } from "./fields/protobuf-zeros.ts";
export { decompressLz4 } from "./lz4.ts";
export {
  createMessageConverter,
  MalformedMessage,
  type MessageChannel,
  type MessageConverter,
} from "./message-converter.ts";
export { messageValues } from "./message-value.ts";
export type { SchemaText } from "./messages/definition.ts";
export type { Problem, Reading } from "./reading.ts";
export type { ChannelDeclaration, ReadOptions, Recording, RecordingWriter } from "./recording.ts";
export type { Sensor, SensorKind, SensorRole } from "./sensor.ts";
export { isPointCloud, kindNeedsMessage, sensorKindOf, sensorRoleOf } from "./sensor-kind.ts";
export { GREATEST_TIME_US, microsecondsOf, nanosecondsOf } from "./time.ts";
