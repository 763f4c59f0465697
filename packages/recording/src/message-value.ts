import { MessageReader } from "@foxglove/rosmsg2-serialization";
import type { MessageChannel } from "./message-converter.ts";
import { parseDefinition } from "./messages/definition.ts";

/**
 * How to read the messages of a channel as values with names: JSON as it is, ROS 2 messages by their definition, text as a string. Undefined where
 * nothing is known of them. The function throws where a message is not what its channel says.
 */
export function messageValues(channel: MessageChannel): ((message: Uint8Array) => unknown) | undefined {
  const { messageEncoding, schema } = channel;
  if (messageEncoding === "json") return (message) => JSON.parse(text(message));
  if (messageEncoding === "text" || messageEncoding === "utf-8") return text;
  if (messageEncoding !== "cdr" || schema === undefined) return undefined;
  try {
    const reader = new MessageReader([...parseDefinition({ ...schema, wire: "cdr" })]);
    return (message) => reader.readMessage(message);
  } catch {
    return undefined;
  }
}

function text(message: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(message);
}
