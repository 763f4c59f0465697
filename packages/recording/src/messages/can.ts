import type { MessageType } from "./definition.ts";
import { HEADER_FIELDS } from "./header-text.ts";
import { MalformedMessageError } from "./malformed.ts";
import { MessageFields, type NumberField } from "./message-fields.ts";
import { type MessageForm, rosForm } from "./message-form.ts";

const HEADER_BYTES = 8;
const MAX_CLASSIC_BYTES = 8;
const MAX_FD_BYTES = 64;
const ID_MASK = 0x1fffffff;

const EXTENDED = 1;
const REMOTE = 2;
const ERROR = 4;
const FD = 8;
const BIT_RATE_SWITCH = 16;
const ERROR_STATE = 32;

/** Names that frame types in use have for the same thing. */
const LENGTH = ["dlc", "len", "length"];
const SWITCH = ["is_brs", "brs", "bitrate_switch"];
const STATE = ["is_esi", "esi", "error_state_indicator"];

/** `can_msgs/Frame` and the CAN FD frames beside it, which have the length in bytes and up to 64 of them. */
export function can(type: MessageType): MessageForm {
  const flagNames = ["is_extended", "is_rtr", "is_error", ...SWITCH, ...STATE];
  const fields = new MessageFields(type, [...HEADER_FIELDS, "id", "data", ...LENGTH, ...flagNames]);
  const id = fields.number("id");
  const length = fields.number(...LENGTH);
  const data = fields.list("data", "uint8");
  const isFd = /fd/i.test(type.name);
  const mostBytes = isFd ? MAX_FD_BYTES : MAX_CLASSIC_BYTES;
  const flags: readonly (readonly [number, NumberField])[] = [
    [EXTENDED, fields.optionalNumber("is_extended")],
    [REMOTE, fields.optionalNumber("is_rtr")],
    [ERROR, fields.optionalNumber("is_error")],
    [BIT_RATE_SWITCH, fields.optionalNumber(...SWITCH)],
    [ERROR_STATE, fields.optionalNumber(...STATE)],
  ];
  return rosForm(fields, (payload) => {
    const bytes = length();
    if (bytes > mostBytes || bytes > data.count) {
      throw new MalformedMessageError(
        `at most ${Math.min(mostBytes, data.count)} bytes of data`,
        `${bytes}`,
        "length",
      );
    }
    let bits = isFd ? FD : 0;
    for (const [bit, flag] of flags) if (flag() > 0) bits |= bit;
    payload.start(HEADER_BYTES + bytes);
    payload.u32(0, id() & ID_MASK);
    payload.u32(4, bits | (bytes << 8));
    payload.copy(HEADER_BYTES, fields.view, data.offset, bytes);
  });
}
