import {
  CANONICAL_FIELDS,
  type ChannelDeclaration,
  createMessageConverter,
  type MessageConverter,
  type MessageFields,
  messageValues,
  pointRows,
} from "@playhead/recording";

/** How the messages of a channel become rows: by the canonical payload where there is one, else by what the channel says of its messages. */
export class ChannelRows {
  readonly #channel: ChannelDeclaration;
  readonly #hasPoints: boolean;
  #converter: MessageConverter | undefined;
  readonly #values: ReturnType<typeof messageValues>;

  /** `hasPoints`: a row for each point of a cloud, rather than one for the cloud. */
  constructor(channel: ChannelDeclaration, hasPoints: boolean) {
    this.#channel = channel;
    this.#hasPoints = hasPoints;
    this.#values = messageValues(channel);
  }

  /** Throws an Error for a message that is not what its channel says. */
  rowsOf(message: Uint8Array): readonly MessageFields[] {
    this.#converter ??= createMessageConverter(this.#channel, message);
    const { kind } = this.#converter;
    if (kind === "other") return [this.#decoded(message)];
    const payload = this.#converter.convert(message);
    if (!(payload instanceof Uint8Array)) throw new Error(payload.reason);
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    const header = this.#header(message);
    const points = this.#hasPoints ? pointRows(kind, view) : undefined;
    return (points ?? [CANONICAL_FIELDS[kind](view)]).map((fields) => ({ ...header, ...fields }));
  }

  #header(message: Uint8Array): MessageFields {
    const text = this.#converter?.metadata(message);
    return text === undefined ? {} : (JSON.parse(text) as MessageFields);
  }

  #decoded(message: Uint8Array): MessageFields {
    if (this.#values === undefined) return { bytes: message.byteLength };
    const value = this.#values(message);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as MessageFields) : { value };
  }
}
