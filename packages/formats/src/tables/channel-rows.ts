import {
  CANONICAL_FIELDS,
  type ChannelDeclaration,
  createMessageConverter,
  type IsInteger,
  integerFields,
  type MessageConverter,
  type MessageFields,
  messageValues,
  protobufZeros,
  type SensorKind,
} from "@playhead/recording";
import { type Decoded, decoderOf, isDecoded } from "../decoded-message.ts";
import { foxgloveCloud, type RecordedCloud, rosCloud } from "../point-clouds/recorded-cloud.ts";
import { recordedHeader } from "../recorded-header.ts";
import { cameraFields } from "./camera-fields.ts";
import { cloudRows, integerNames } from "./cloud-rows.ts";
import { covarianceFields } from "./covariance-fields.ts";
import { timesOf } from "./times.ts";

/** Fields of rows that hold integers, of sensors. */
const INTEGERS: Readonly<Partial<Record<SensorKind, readonly string[]>>> = {
  can: ["id", "length"],
  camera: ["width", "height", "bytes"],
  gps: ["status", "position_covariance_type"],
  lidar: ["points"],
  radar: ["points"],
};

/**
 * How the messages of a channel become rows: by the canonical payload where there is one, with what was recorded beside it, else by what the channel says of its
 * messages.
 */
export class ChannelRows {
  readonly #channel: ChannelDeclaration;
  readonly #hasPoints: boolean;
  readonly #values: ReturnType<typeof messageValues>;
  readonly #decode: ReturnType<typeof decoderOf>;
  readonly #zeros: ReturnType<typeof protobufZeros>;
  readonly #times: ReturnType<typeof timesOf>;
  readonly #isInteger: IsInteger;
  readonly #integers = new Set<string>();
  #converter: MessageConverter | undefined;

  /** `hasPoints`: a row for each point of a cloud, rather than one for the cloud. */
  constructor(channel: ChannelDeclaration, hasPoints: boolean) {
    this.#channel = channel;
    this.#hasPoints = hasPoints;
    this.#values = messageValues(channel);
    this.#decode = decoderOf(channel);
    this.#zeros = protobufZeros(channel);
    this.#times = timesOf(channel.messageEncoding);
    this.#isInteger = integerFields(channel);
  }

  /** Whether a field of the rows so far holds integers alone. */
  isInteger(name: string): boolean {
    const kind = this.#converter?.kind ?? "other";
    return kind === "other" ? this.#isInteger(name) : this.#integers.has(name);
  }

  /** A row is valid until the next is asked for. Throws an Error for a message that is not what its channel says. */
  rowsOf(message: Uint8Array): Iterable<MessageFields> {
    if (this.#converter === undefined) {
      this.#converter = createMessageConverter(this.#channel, message);
      for (const name of INTEGERS[this.#converter.kind] ?? []) this.#integers.add(name);
    }
    const { kind } = this.#converter;
    if (kind === "other") return [this.#others(message)];
    const converted = this.#converter.convert(message);
    const payload = converted instanceof Uint8Array ? converted : undefined;
    const reason = converted instanceof Uint8Array ? undefined : converted.reason;
    const decoded = this.#decoded(message, reason);
    const header = headerFields(decoded);
    if (kind === "camera") return [{ ...header, ...cameraFields(decoded, payload) }];
    if (kind === "lidar" || kind === "radar") return this.#cloud(decoded, header, payload);
    if (payload === undefined) throw new Error(reason);
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    const more = kind === "gps" ? covarianceFields(decoded) : {};
    return [{ ...header, ...CANONICAL_FIELDS[kind](view), ...more }];
  }

  #cloud(decoded: Decoded, header: MessageFields, payload: Uint8Array | undefined): Iterable<MessageFields> {
    const cloud = cloudOf(decoded);
    const kind = this.#converter?.kind ?? "other";
    if (!this.#hasPoints) return [{ ...header, points: cloud.rows * cloud.rowPoints }];
    for (const name of integerNames(cloud, kind)) this.#integers.add(name);
    return cloudRows(header, cloud, kind, payload);
  }

  #decoded(message: Uint8Array, reason: string | undefined): Decoded {
    try {
      if (this.#decode !== undefined) return this.#decode(message);
    } catch (cause) {
      if (reason === undefined) throw cause;
    }
    throw new Error(reason ?? "expected a definition of its messages, found none that can be used");
  }

  #others(message: Uint8Array): MessageFields {
    if (this.#values === undefined) return { bytes: BigInt(message.byteLength) };
    // Of a copy, for the reason that `decoderOf` gives.
    const value = this.#times(this.#zeros(this.#values(new Uint8Array(message))));
    return isDecoded(value) && !ArrayBuffer.isView(value) ? value : { value };
  }
}

function headerFields(message: Decoded): MessageFields {
  const header = recordedHeader(message);
  return header === undefined ? {} : { frame_id: header.frameId, stamp_ns: header.stampNs };
}

/** Of ROS or of Foxglove's schemas. */
function cloudOf(message: Decoded): RecordedCloud {
  return message.point_step === undefined ? foxgloveCloud(message) : rosCloud(message);
}
