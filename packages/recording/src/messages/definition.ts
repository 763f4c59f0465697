import rosmsg from "@foxglove/rosmsg";
import type { Wire } from "./message-cursor.ts";
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

/** A type of ROS messages, and how they lie in their bytes. */
export interface MessageType extends SchemaText {
  readonly wire: Wire;
}

/**
 * The fields of a ROS message: as the recording defines them (encoding `ros2msg` or `ros1msg`); where it does not, and the type is one of ROS 2 that we
 * know, as ROS defines them. The first definition is the message's own. Throws an error with the reason when there is none.
 */
export function parseDefinition({ name, encoding, data, wire }: MessageType): readonly MessageDefinition[] {
  const language = wire === "cdr" ? "ros2msg" : "ros1msg";
  const own = encoding === language && data.byteLength > 0;
  const known = wire === "cdr" ? standardDefinition(name) : undefined;
  const text = own ? decodeText(data) : known;
  if (text === undefined)
    throw new Error(`expected a definition of ${name} as ${language}, found encoding "${encoding}"`);
  return rosmsg.parse(text, { ros2: wire === "cdr" });
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
