import type { ChannelDeclaration } from "@playhead/recording";

/** A channel of JSON objects. `properties` describes their fields as JSON Schema does. */
export function jsonChannel(
  topic: string,
  name: string,
  properties: Readonly<Record<string, object>>,
  metadata: Readonly<Record<string, string>> = {},
): ChannelDeclaration {
  const text = JSON.stringify({ title: name, type: "object", properties });
  return {
    topic,
    messageEncoding: "json",
    schema: { name, encoding: "jsonschema", data: new TextEncoder().encode(text) },
    metadata,
  };
}

/** A number in JSON Schema, with its unit. */
export function numberProperty(description: string): object {
  return { type: "number", description };
}

/** An object as the bytes of JSON; numbers that JSON lacks become null. */
export function jsonBytes(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
