import type { MessageFields } from "./message-fields.ts";
import type { PayloadArena } from "./payload-arena.ts";

/** How the messages of one channel become canonical payloads. */
export interface MessageForm {
  readonly fields: MessageFields;
  /** Writes the payload of the message that is loaded. Throws a MalformedMessageError. */
  write(payload: PayloadArena): void;
}
