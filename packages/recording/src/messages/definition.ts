import rosmsg from "@foxglove/rosmsg";
import { standardDefinition } from "./standard-definitions.ts";

/** The fields of one type, in order; constants among them. */
export type MessageDefinition = ReturnType<typeof rosmsg.parse>[number];
export type MessageDefinitionField = MessageDefinition["definitions"][number];

// Definitions come from files: what is longer than any real one is refused before it costs time.
const MAX_TEXT_BYTES = 128 * 1024;
const MAX_LINE_LENGTH = 1024;

/** A schema as a recording carries it. */
export interface SchemaText {
  /** Type name, such as `sensor_msgs/msg/Imu`. */
  readonly name: string;
  /** `ros2msg`, `ros2idl`, or something else. */
  readonly encoding: string;
  readonly data: Uint8Array;
}

/**
 * The fields of a ROS 2 message: as the recording defines them (encoding `ros2msg`); where it does not, and the type is one that we know, as
 * ROS defines them. The first definition is the message's own. Throws an error with the reason when there is none.
 */
export function parseDefinition(schema: SchemaText): readonly MessageDefinition[] {
  const own = schema.encoding === "ros2msg" && schema.data.byteLength > 0;
  const text = own ? decodeText(schema.data) : standardDefinition(schema.name);
  if (text === undefined) {
    throw new Error(
      `expected a definition of ${schema.name} as ros2msg, found encoding "${schema.encoding}"`,
    );
  }
  return rosmsg.parse(text, { ros2: true });
}

function decodeText(data: Uint8Array): string {
  if (data.byteLength > MAX_TEXT_BYTES) {
    throw new Error(`expected a definition of at most ${MAX_TEXT_BYTES} bytes, found ${data.byteLength}`);
  }
  const text = new TextDecoder().decode(data);
  const longest = text.split("\n").reduce((greatest, line) => Math.max(greatest, line.length), 0);
  if (longest > MAX_LINE_LENGTH) {
    throw new Error(`expected lines of at most ${MAX_LINE_LENGTH} characters, found one of ${longest}`);
  }
  return text;
}
