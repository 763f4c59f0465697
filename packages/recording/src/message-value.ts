import { MessageReader } from "@foxglove/rosmsg2-serialization";
import type { MessageChannel } from "./message-converter.ts";
import { parseDefinition, type SchemaText } from "./messages/definition.ts";
import { foxgloveReader } from "./messages/foxglove/foxglove-forms.ts";
import { ros1Reader } from "./messages/ros1-values.ts";

/**
 * How to read the messages of a channel as values with names: JSON as it is, messages of ROS and in Protocol Buffers by their definition, text as a string. Undefined where
 * nothing is known of them. The function throws where a message is not what its channel says.
 */
export function messageValues(channel: MessageChannel): ((message: Uint8Array) => unknown) | undefined {
  const { messageEncoding, schema } = channel;
  if (messageEncoding === "json") return (message) => JSON.parse(text(message));
  if (messageEncoding === "text" || messageEncoding === "utf-8") return text;
  if (schema === undefined) return undefined;
  try {
    return binaryReader(messageEncoding, schema);
  } catch {
    return undefined;
  }
}

/** Undefined for an encoding that is not known. Throws where the definition cannot be used. */
function binaryReader(
  messageEncoding: string,
  schema: SchemaText,
): ((message: Uint8Array) => unknown) | undefined {
  if (messageEncoding === "protobuf") return foxgloveReader(schema, messageEncoding);
  if (messageEncoding === "ros1") return ros1Reader(parseDefinition({ ...schema, wire: messageEncoding }));
  if (messageEncoding !== "cdr") return undefined;
  const reader = new MessageReader([...parseDefinition({ ...schema, wire: messageEncoding })]);
  return (message) => reader.readMessage(alone(message));
}

/** Of a list that claims to be longer than its message, the reader takes what lies behind in the buffer: here nothing does. */
function alone(message: Uint8Array): Uint8Array {
  const isLast = message.byteOffset + message.length === message.buffer.byteLength;
  return isLast ? message : new Uint8Array(message);
}

function text(message: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(message);
}
