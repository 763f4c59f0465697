import type { ChannelDeclaration } from "@playhead/recording";
import { type FoxgloveSchema, foxgloveDefinition } from "./foxglove-schemas.ts";

/** A channel whose messages are of one of Foxglove's schemas. */
export function foxgloveChannel(
  channel: Pick<ChannelDeclaration, "topic" | "metadata">,
  schema: FoxgloveSchema,
): ChannelDeclaration {
  const definition = {
    ...{ name: `foxglove.${schema}`, encoding: "protobuf" },
    data: foxgloveDefinition(schema),
  };
  return { ...channel, messageEncoding: "protobuf", schema: definition };
}
