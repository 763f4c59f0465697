import {
  CANONICAL_FIELDS,
  type ChannelDeclaration,
  createMessageConverter,
  type IsInteger,
  integerFields,
  isPointCloud,
  type MessageConverter,
  type MessageFields,
  messageValues,
  protobufZeros,
  type SensorKind,
  sensorKindOf,
} from "@playhead/recording";
import { type Decoded, decoderOf, isDecoded } from "../decoded-message.ts";
import { foxgloveCloud, type RecordedCloud, rosCloud } from "../point-clouds/recorded-cloud.ts";
import { recordedHeader } from "../recorded-header.ts";
import { cameraFields } from "./camera-fields.ts";
import { cloudRows, integerNames } from "./cloud-rows.ts";
import { covarianceFields } from "./covariance-fields.ts";
import { beamRows, scanRow } from "./scan-rows.ts";
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
  /** By the first message. */
  #kind: SensorKind = "other";
  #isCloud = false;

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
    return this.#kind === "other" ? this.#isInteger(name) : this.#integers.has(name);
  }

  /** A row is valid until the next is asked for. Throws an Error for a message that is not what its channel says. */
  rowsOf(message: Uint8Array): Iterable<MessageFields> {
    this.#converter ??= this.#converterFor(message);
    const kind = this.#kind;
    if (kind === "other") return [this.#others(message)];
    const decoded = this.#decoded(message, this.#converter);
    const header = headerFields(decoded);
    if (kind === "camera") return [{ ...header, ...cameraFields(decoded) }];
    const payload = this.#converter.convert(message);
    if (this.#isCloud)
      return this.#cloud(decoded, header, payload instanceof Uint8Array ? payload : undefined);
    if (!(payload instanceof Uint8Array)) throw new Error(payload.reason);
    if (kind === "lidar" || kind === "radar") return this.#scan(decoded, header, payload);
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    const more = kind === "gps" ? covarianceFields(decoded) : {};
    // Spreading several objects into one takes many times as long.
    return [Object.assign({}, header, CANONICAL_FIELDS[kind](view), more)];
  }

  #converterFor(message: Uint8Array): MessageConverter {
    const { schema, messageEncoding, topic } = this.#channel;
    const converter = createMessageConverter(this.#channel, message);
    const name = schema?.name ?? "";
    const isCamera = sensorKindOf(name, messageEncoding, topic) === "camera" && this.#decode !== undefined;
    this.#kind = isCamera ? "camera" : converter.kind;
    this.#isCloud = isPointCloud(name, messageEncoding);
    for (const integer of INTEGERS[this.#kind] ?? []) this.#integers.add(integer);
    return converter;
  }

  #scan(decoded: Decoded, header: MessageFields, payload: Uint8Array): Iterable<MessageFields> {
    const whole = this.#zeros(decoded) as Decoded;
    return this.#hasPoints ? beamRows(header, whole, payload) : [{ ...header, ...scanRow(whole, payload) }];
  }

  #cloud(decoded: Decoded, header: MessageFields, payload: Uint8Array | undefined): Iterable<MessageFields> {
    const cloud = cloudOf(decoded);
    const kind = this.#kind;
    if (!this.#hasPoints) return [{ ...header, points: cloud.rows * cloud.rowPoints }];
    for (const name of integerNames(cloud, kind)) this.#integers.add(name);
    return cloudRows(header, cloud, kind, payload);
  }

  #decoded(message: Uint8Array, converter: MessageConverter): Decoded {
    if (this.#decode === undefined)
      throw new Error("expected a definition of its messages, found none that can be used");
    try {
      return this.#decode(message);
    } catch (cause) {
      const converted = converter.convert(message);
      throw converted instanceof Uint8Array ? cause : new Error(converted.reason);
    }
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
