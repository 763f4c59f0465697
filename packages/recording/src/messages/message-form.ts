import { HeaderText } from "./header-text.ts";
import type { MessageFields } from "./message-fields.ts";
import type { PayloadArena } from "./payload-arena.ts";

/** How the messages of one channel become canonical payloads: `load` a message, then ask. */
export interface MessageForm {
  /** Throws a MalformedMessageError. */
  load(message: Uint8Array): void;
  /** Writes the payload of the message that is loaded. Throws a MalformedMessageError. */
  write(payload: PayloadArena): void;
  /** The frame and the stamp of the message that is loaded, as JSON: see `HeaderText`. */
  header(): string | undefined;
}

/** The form of a ROS message. */
export function rosForm(fields: MessageFields, write: MessageForm["write"]): MessageForm {
  const header = new HeaderText(fields);
  return { load: (message) => fields.load(message), write, header: () => header.read() };
}
