import type { Decoded } from "../decoded-message.ts";
import type { RecordedHeader } from "../recorded-header.ts";
import type { FoxgloveSchema } from "./foxglove-schemas.ts";

/** A message of a channel: decoded, and as it was recorded. */
export interface ChannelMessage {
  readonly decoded: Decoded;
  readonly data: Uint8Array;
}

/** How the messages of a channel become those of one of Foxglove's schemas. */
export interface ChannelEncoder {
  readonly schema: FoxgloveSchema;
  /** Throws an Error for a message that cannot become one of the schema. */
  encode(message: ChannelMessage, header: RecordedHeader): Uint8Array;
  /** What readers of the schema will not know in a message, which is written all the same; undefined where there is nothing of the kind. */
  doubt?(message: ChannelMessage): string | undefined;
}

/** Why no schema fits what a channel has. */
export interface NoSchema {
  readonly reason: string;
}
