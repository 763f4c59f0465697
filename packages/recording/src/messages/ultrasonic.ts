import type { MessageType } from "./definition.ts";
import { HEADER_FIELDS } from "./header-text.ts";
import { MessageFields } from "./message-fields.ts";
import { type MessageForm, rosForm } from "./message-form.ts";

/** In the order of the payload. */
const WANTED = ["range", "min_range", "max_range", "field_of_view"];

/** `sensor_msgs/Range`. */
export function ultrasonic(type: MessageType): MessageForm {
  const fields = new MessageFields(type, [...HEADER_FIELDS, ...WANTED]);
  const values = WANTED.map((name) => fields.number(name));
  return rosForm(fields, (payload) => {
    payload.start(4 * values.length);
    for (const [index, value] of values.entries()) payload.f32(4 * index, value());
  });
}
