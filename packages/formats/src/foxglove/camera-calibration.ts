import { type ChannelDeclaration, sensorKindOf } from "@playhead/recording";
import { bytesIn, type Decoded, numberIn } from "../decoded-message.ts";
import { type PictureSize, pictureSize } from "../images/picture-size.ts";
import type { RecordedHeader } from "../recorded-header.ts";
import { CALIBRATIONS } from "../with-intrinsics.ts";
import type { AddedChannel } from "./added-channel.ts";
import { timestamp } from "./common-fields.ts";
import { foxgloveChannel } from "./foxglove-channel.ts";
import { freeTopic } from "./free-topic.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/**
 * A channel with the calibration of each camera whose intrinsics are in its metadata, where the recording has no calibrations as messages beside it. Viewers take the latest
 * before where they stand, so one message at the camera's first picture is there wherever they seek to.
 */
export function calibrationChannels(channels: readonly ChannelDeclaration[]): AddedChannel[] {
  const used = new Set(channels.map(({ topic }) => topic));
  return channels.flatMap((channel, index) => {
    const intrinsics = intrinsicsOf(channel);
    if (intrinsics === undefined || isCalibrated(channel, channels)) return [];
    const topic = freeTopic(calibrationTopics(channel, channels), used);
    return {
      declaration: foxgloveChannel({ topic }, "CameraCalibration"),
      sensors: new Set([index]),
      begin:
        () =>
        ({ decoded, header }) =>
          cameraCalibration(intrinsics, sizeOf(decoded), header),
    };
  });
}

/** Pinhole intrinsics without distortion, px. */
interface Intrinsics {
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
}

export function isCamera({ schema, messageEncoding, topic }: ChannelDeclaration): boolean {
  return schema !== undefined && sensorKindOf(schema.name, messageEncoding, topic) === "camera";
}

/** What a camera's channel says of it (wit/PAYLOADS.md); undefined for what is no camera, or says nothing. */
function intrinsicsOf(channel: ChannelDeclaration): Intrinsics | undefined {
  if (!isCamera(channel)) return undefined;
  const [fx, fy, cx, cy] = ["fx", "fy", "cx", "cy"].map((key) =>
    Number(channel.metadata?.[`camera.${key}`] ?? Number.NaN),
  ) as [number, number, number, number];
  return fx > 0 && fy > 0 && Number.isFinite(fx + fy + cx + cy) ? { fx, fy, cx, cy } : undefined;
}

/** Whether a recording has calibrations as messages beside a camera's own, such as `/front/camera_info` for `/front/image_raw`. */
function isCalibrated({ topic }: ChannelDeclaration, channels: readonly ChannelDeclaration[]): boolean {
  return channels.some((other) => {
    const folder = folderOf(other.topic);
    return CALIBRATIONS.test(other.schema?.name ?? "") && folder !== "/" && `${topic}/`.startsWith(folder);
  });
}

/**
 * Where viewers look for a camera's calibration, the best place first: in the camera's folder of topics where it is alone there, such as `/front/calibration` for
 * `/front/compressed`.
 */
function calibrationTopics({ topic }: ChannelDeclaration, channels: readonly ChannelDeclaration[]): string[] {
  const folder = folderOf(topic);
  const isAlone =
    channels.filter((other) => isCamera(other) && folderOf(other.topic) === folder).length === 1;
  return [...(isAlone && folder !== "/" ? [`${folder}calibration`] : []), `${topic}/calibration`];
}

/** With the slash at its end. */
function folderOf(topic: string): string {
  return topic.slice(0, topic.lastIndexOf("/") + 1) || "/";
}

/** The size of a camera's picture, in ROS's or in Foxglove's schemas: viewers refuse a calibration without. Throws an Error where it cannot be told. */
function sizeOf(message: Decoded): PictureSize {
  const [width, height] = [numberIn(message, "width"), numberIn(message, "height")];
  if (width > 0 && height > 0) return { width, height };
  const size = pictureSize(bytesIn(message, "data"));
  if (size !== undefined) return size;
  throw new Error("intrinsics: expected a picture that tells its size (raw, JPEG or PNG), found another");
}

/** A `foxglove.CameraCalibration`: no distortion, and nothing to rectify. */
function cameraCalibration(
  { fx, fy, cx, cy }: Intrinsics,
  { width, height }: PictureSize,
  header: RecordedHeader,
): Uint8Array {
  return new ProtobufWriter()
    .message(1, timestamp(header))
    .text(9, header.frameId)
    .fixed32(2, width)
    .fixed32(3, height)
    .doubles(6, [fx, 0, cx, 0, fy, cy, 0, 0, 1])
    .doubles(7, [1, 0, 0, 0, 1, 0, 0, 0, 1])
    .doubles(8, [fx, 0, cx, 0, 0, fy, cy, 0, 0, 0, 1, 0])
    .finish();
}
