import { createMessageConverter, type MessageChannel, type MessageConverter } from "../message-converter.ts";
import { messageValues } from "../message-value.ts";
import { CANONICAL_FIELDS } from "./canonical-fields.ts";
import { type FlattenVisitor, flatten } from "./flatten.ts";
import { protobufZeros } from "./protobuf-zeros.ts";

/** Kinds whose canonical payload is a few figures, and not a picture, a cloud or a frame. */
const MEASURED_KINDS = ["imu", "gps", "ultrasonic"] as const;
type MeasuredKind = (typeof MEASURED_KINDS)[number];

/** Longer lists are no figures. */
const MOST_ELEMENTS = 16;
const MOST_SIGNALS = 256;
const MOST_NAME_LENGTH = 256;

/**
 * The signals of a channel: the numbers in its messages, by names such as `acceleration.x` and `ranges[3]`. Of sensors' messages they are those of the canonical
 * payload (wit/PAYLOADS.md), of others those of their definition. What says when and where a message is from (`header`, `timestamp`) is none. At
 * most 256 of a channel count, those that come first; a truth value is 0 or 1.
 */
export class MessageSignals {
  readonly #channel: MessageChannel;
  readonly #values: ReturnType<typeof messageValues>;
  readonly #zeros: ReturnType<typeof protobufZeros>;
  readonly #places = new Map<string, number>();
  #converter: MessageConverter | undefined;

  /** `names` are those that were found before, by their places. */
  constructor(channel: MessageChannel, names: readonly string[] = []) {
    this.#channel = channel;
    this.#values = messageValues(channel);
    this.#zeros = protobufZeros(channel);
    for (const name of names) this.#places.set(name, this.#places.size);
  }

  /** Names of the signals found so far, in the order of their first values. */
  get names(): readonly string[] {
    return [...this.#places.keys()];
  }

  /** Gives each finite value in a message with the place of its signal among the names. A message that is not what its channel says has none. */
  read(message: Uint8Array, take: (place: number, value: number) => void): void {
    const fields = this.#fieldsOf(message);
    const visitor: FlattenVisitor = {
      isSplit: (_, length) => length <= MOST_ELEMENTS,
      hasTexts: false,
      cell: (name, cell) => {
        const value = typeof cell === "string" ? Number.NaN : Number(cell);
        const place = Number.isFinite(value) ? this.#placeOf(name) : undefined;
        if (place !== undefined) take(place, value);
      },
    };
    flatten(fields, "", visitor);
  }

  #fieldsOf(message: Uint8Array): unknown {
    try {
      this.#converter ??= createMessageConverter(this.#channel, message);
      const { kind } = this.#converter;
      if (kind === "other") return withoutHeader(this.#zeros(this.#values?.(message)));
      if (!isMeasured(kind)) return undefined;
      const payload = this.#converter.convert(message);
      if (!(payload instanceof Uint8Array)) return undefined;
      return CANONICAL_FIELDS[kind](new DataView(payload.buffer, payload.byteOffset, payload.byteLength));
    } catch {
      return undefined; // a malformed message is told where it becomes a reading
    }
  }

  #placeOf(name: string): number | undefined {
    const found = this.#places.get(name);
    if (found !== undefined) return found;
    const place = this.#places.size;
    // Databases hold no character 0.
    if (place >= MOST_SIGNALS || name.length > MOST_NAME_LENGTH || name.includes("\0")) return undefined;
    this.#places.set(name, place);
    return place;
  }
}

function isMeasured(kind: string): kind is MeasuredKind {
  return (MEASURED_KINDS as readonly string[]).includes(kind);
}

/** A message that is one value by itself has it under the name `value`. */
function withoutHeader(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return typeof value === "string" ? undefined : { value };
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return { value };
  const { header: _, ...fields } = value as Record<string, unknown>;
  if (typeof fields.timestamp === "object") delete fields.timestamp;
  return fields;
}
