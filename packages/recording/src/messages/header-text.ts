import type { MessageFields } from "./message-fields.ts";

/** What every conversion also asks for. */
export const HEADER_FIELDS = ["header.stamp", "header.frame_id"] as const;

/**
 * The header of a message as a reading's metadata: `{"frame_id":"imu","stamp_us":1533226488225651}`, the stamp rounded down. The frame is
 * the same in nearly every message, so its text is kept.
 */
export class HeaderText {
  readonly #fields: MessageFields;
  readonly #stamp: ReturnType<MessageFields["optional"]>;
  readonly #frame: ReturnType<MessageFields["optional"]>;
  #frameBytes = new Uint8Array(0);
  #prefix = frameText("");

  constructor(fields: MessageFields) {
    this.#fields = fields;
    const stamp = fields.optional("header.stamp");
    const frame = fields.optional("header.frame_id");
    this.#stamp = stamp?.type === "time" && !stamp.isArray ? stamp : undefined;
    this.#frame = frame?.type === "string" && !frame.isArray ? frame : undefined;
  }

  /** Of the message that is loaded; undefined for a type without a header. */
  read(): string | undefined {
    if (this.#stamp === undefined || this.#frame === undefined) return undefined;
    const { view, littleEndian } = this.#fields;
    const { offset } = this.#stamp;
    const isSigned = this.#fields.wire === "cdr";
    const seconds = isSigned ? view.getInt32(offset, littleEndian) : view.getUint32(offset, littleEndian);
    const nanoseconds = view.getUint32(offset + 4, littleEndian);
    this.#followFrame(view, this.#frame.offset, this.#frame.count);
    return `${this.#prefix}${seconds * 1_000_000 + Math.floor(nanoseconds / 1000)}}`;
  }

  #followFrame(view: DataView, offset: number, length: number): void {
    const kept = this.#frameBytes;
    let same = kept.length === length;
    for (let index = 0; same && index < length; index++) same = kept[index] === view.getUint8(offset + index);
    if (same) return;
    this.#frameBytes = new Uint8Array(view.buffer, offset, length).slice();
    this.#prefix = frameText(new TextDecoder().decode(this.#frameBytes));
  }
}

function frameText(frame: string): string {
  return `{"frame_id":${JSON.stringify(frame)},"stamp_us":`;
}
