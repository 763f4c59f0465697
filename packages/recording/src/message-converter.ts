import { compressedImage, image } from "./messages/camera.ts";
import { can } from "./messages/can.ts";
import type { MessageType, SchemaText } from "./messages/definition.ts";
import {
  type FoxgloveKind,
  foxgloveForm,
  foxglovePointFieldNames,
  foxgloveReader,
} from "./messages/foxglove/foxglove-forms.ts";
import { gps } from "./messages/gps.ts";
import { imu } from "./messages/imu.ts";
import { laserScan } from "./messages/laser-scan.ts";
import { lidar } from "./messages/lidar.ts";
import { MalformedMessageError, NoCanonicalFormError } from "./messages/malformed.ts";
import type { MessageForm } from "./messages/message-form.ts";
import { PayloadArena } from "./messages/payload-arena.ts";
import { PointCloud } from "./messages/point-cloud.ts";
import { radar } from "./messages/radar.ts";
import { ultrasonic } from "./messages/ultrasonic.ts";
import type { SensorKind } from "./sensor.ts";
import { isPointCloud, isRosEncoding, sensorKindOf, shortTypeName } from "./sensor-kind.ts";

/** A channel of a recording, as far as it says what its messages mean. */
export interface MessageChannel {
  readonly topic: string;
  /** Such as `cdr`. */
  readonly messageEncoding: string;
  readonly schema: SchemaText | undefined;
}

/** A message whose bytes do not fit its definition. */
export class MalformedMessage {
  /** What was expected, what was found, where in the message. */
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Turns the messages of one channel into canonical payloads (wit/PAYLOADS.md). */
export interface MessageConverter {
  readonly kind: SensorKind;
  /** `playhead/<kind>`, or the channel's own message encoding for kind `other`. */
  readonly encoding: string;
  /** Why a channel of a known type is passed on as it is, if it is. */
  readonly problem: string | undefined;
  /** Stable: `bad-schema` where its definition does not serve, `no-canonical-form` where the payload of its kind has no room for what its messages say. */
  readonly problemCode: "bad-schema" | "no-canonical-form" | undefined;
  /** The payload: the message itself for kind `other`. Valid as long as it is kept. Never throws for what the bytes are. */
  convert(message: Uint8Array): Uint8Array | MalformedMessage;
  /** The header as a JSON object, where a message that can be converted has one: `{"frame_id":"front","stamp_us":1533226488225651}`. */
  metadata(message: Uint8Array): string | undefined;
}

const ROS_FORMS: Readonly<
  Record<Exclude<SensorKind, "other" | "camera">, (type: MessageType) => MessageForm>
> = {
  lidar,
  radar,
  imu,
  gps,
  ultrasonic,
  can,
};

/** `firstMessage` is needed where `kindNeedsMessage` says so. */
export function createMessageConverter(channel: MessageChannel, firstMessage?: Uint8Array): MessageConverter {
  const { schema, messageEncoding, topic } = channel;
  if (schema === undefined) return passOn(messageEncoding);
  try {
    const names = firstMessage === undefined ? [] : pointFieldNames(schema, messageEncoding, firstMessage);
    const kind = sensorKindOf(schema.name, messageEncoding, topic, names);
    if (kind === "other") return passOn(messageEncoding);
    const converter = new FormConverter(kind, formOf(kind, schema, messageEncoding));
    if (kind === "camera" && firstMessage !== undefined) converter.tryForm(firstMessage);
    return converter;
  } catch (cause) {
    const code = cause instanceof NoCanonicalFormError ? "no-canonical-form" : "bad-schema";
    return passOn(messageEncoding, `${topic}: ${(cause as Error).message}`, code);
  }
}

function formOf(
  kind: Exclude<SensorKind, "other">,
  schema: SchemaText,
  messageEncoding: string,
): MessageForm {
  if (!isRosEncoding(messageEncoding)) return foxgloveForm(kind as FoxgloveKind, schema, messageEncoding);
  const type = { ...schema, wire: messageEncoding };
  const name = shortTypeName(schema.name);
  if (name === "sensor_msgs/LaserScan") return laserScan(type);
  if (kind !== "camera") return ROS_FORMS[kind](type);
  return name === "sensor_msgs/Image" ? image(type) : compressedImage(type);
}

function pointFieldNames(schema: SchemaText, messageEncoding: string, message: Uint8Array): string[] {
  if (!isPointCloud(schema.name, messageEncoding)) return [];
  try {
    if (!isRosEncoding(messageEncoding))
      return foxglovePointFieldNames(foxgloveReader(schema, messageEncoding)(message));
    const cloud = new PointCloud({ ...schema, wire: messageEncoding });
    cloud.fields.load(message);
    cloud.open();
    return cloud.pointFields().map((field) => field.name);
  } catch (cause) {
    if (isMalformed(cause)) return [];
    throw cause;
  }
}

function passOn(
  encoding: string,
  problem?: string,
  problemCode?: MessageConverter["problemCode"],
): MessageConverter {
  const convert = (message: Uint8Array): Uint8Array => message;
  return { kind: "other", encoding, problem, problemCode, convert, metadata: () => undefined };
}

class FormConverter implements MessageConverter {
  readonly kind: SensorKind;
  readonly encoding: string;
  readonly problem = undefined;
  readonly problemCode = undefined;
  readonly #form: MessageForm;
  readonly #arena = new PayloadArena();

  constructor(kind: SensorKind, form: MessageForm) {
    this.kind = kind;
    this.encoding = `playhead/${kind}`;
    this.#form = form;
  }

  /** Throws a NoCanonicalFormError where the kind's payload has no room for what the message says. */
  tryForm(message: Uint8Array): void {
    try {
      this.#form.load(message);
      this.#form.write(new PayloadArena());
    } catch (cause) {
      if (cause instanceof NoCanonicalFormError || !isMalformed(cause)) throw cause;
    }
  }

  convert(message: Uint8Array): Uint8Array | MalformedMessage {
    try {
      this.#form.load(message);
      this.#form.write(this.#arena);
      return this.#arena.finish();
    } catch (cause) {
      if (isMalformed(cause)) return new MalformedMessage((cause as Error).message);
      throw cause;
    }
  }

  metadata(message: Uint8Array): string | undefined {
    this.#form.load(message);
    return this.#form.header();
  }
}

function isMalformed(cause: unknown): boolean {
  return cause instanceof MalformedMessageError;
}
